"""The line beside the buttons: which run is shown and its progress, or that there is none."""

from __future__ import annotations

from datetime import datetime

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import RunState
from kfp_jupyter.widget.live_run import LiveRun
from kfp_jupyter.widget.progress import progress_html
from kfp_jupyter.widget.step_status import Statuses
from kfp_jupyter.widget.text import escape

INTERRUPTED = "The submission was interrupted: a run may have been started. Check with %kfp runs."
INTERRUPTED_BEFORE = "The submission was interrupted before the engine was asked: no run was started."


def status_line_html(steps: Statuses, live: LiveRun | None, now: datetime, *, submitting: bool, failed: bool) -> str:
    """Return the line about the run that is shown, is being started, or couldn't be started.

    Args:
        steps: Status of each step, by path.
        live: The run; None before there is one.
        now: The time.
        submitting: Whether the engine is being asked for another run.
        failed: Whether the last attempt to start one has failed.
    """
    state = live.state if live else None
    shown = identity_html(live.ref.id, state, now) if live else ""
    if not submitting and not failed:
        return progress_html(steps, state, now) + shown
    key, word = ("pending", "Submitting") if submitting else ("failed", "Not started")
    before = f'<div class="kfp-jupyter-before">Previous run, shown below:{shown}</div>' if shown else ""
    mark = f'<span class="kfp-jupyter-phase kfp-jupyter-phase-{key}">{word}</span>'
    return f'<div class="kfp-jupyter-progress-line">{mark}</div>{before}'


def identity_html(run: str, state: RunState | None, now: datetime) -> str:
    """Return which run is shown and when it started, by the user's clock, with the date if it isn't today.

    Args:
        run: Id of the run.
        state: State of the run; None before there is one.
        now: The current time.
    """
    since = ""
    if state is not None and state.started_at is not None:
        started, today = state.started_at.astimezone(), now.astimezone().date()
        words = started.strftime("%H:%M:%S" if started.date() == today else "%Y-%m-%d %H:%M:%S")
        since = f' · started <time datetime="{started.isoformat()}">{words}</time>'
    return f'<div class="kfp-jupyter-identity">run <code>{escape(one_line(run, 253))}</code>{since}</div>'
