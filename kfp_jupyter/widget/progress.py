"""The progress of a run, in numbers and as a bar."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime

from kfp_jupyter.printable import count
from kfp_jupyter.runs import Phase, RunState
from kfp_jupyter.widget.labels import iterations_text, status_appearance
from kfp_jupyter.widget.step_status import Statuses, StepStatus
from kfp_jupyter.widget.style import STOPPED, SUSPENDED, run_appearance
from kfp_jupyter.widget.text import duration, escape


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """Steps counted by status.

    Attributes:
        total: All steps.
        done: Ended well, skipped ones among them.
        running: At work now.
        failed: Ended badly by themselves.
        stopped: Ended because the run was stopped.
        suspended: Waiting until the run is resumed.
    """

    total: int
    done: int = 0
    running: int = 0
    failed: int = 0
    stopped: int = 0
    suspended: int = 0


def progress_of(steps: Statuses) -> Progress:
    """Return the progress of steps given by path."""
    known = [own.node for own in steps.values() if own.node is not None]
    phases = [node.phase for node in known]
    stopped = sum(node.stopped for node in known)
    suspended = sum(node.suspended for node in known)
    return Progress(
        total=len(steps),
        done=sum(phase in (Phase.SUCCEEDED, Phase.SKIPPED) for phase in phases),
        running=phases.count(Phase.RUNNING) - suspended,
        failed=sum(phase.bad for phase in phases) - stopped,
        stopped=stopped,
        suspended=suspended,
    )


def progress_text(progress: Progress) -> str:
    """Return the progress in words."""
    parts = [f"{progress.done} of {count(progress.total, 'step')} done"]
    if progress.running:
        parts.append(f"{progress.running} running")
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    if progress.stopped:
        parts.append(f"{progress.stopped} stopped")
    if progress.suspended:
        parts.append(f"{progress.suspended} suspended")
    return " · ".join(parts)


def progress_html(steps: Statuses, state: RunState | None, now: datetime) -> str:
    """Return the progress line: phase of the run, a bar, numbers, elapsed time.

    Args:
        steps: Status of each step, by path.
        state: State of the run; None before there is one.
        now: The current time.
    """
    progress = progress_of(steps)
    if state is None:
        return f'<div class="kfp-jupyter-progress-line">{count(progress.total, "step")} · not started</div>'
    appearance = run_appearance(state)
    bar = "".join(
        f'<i class="kfp-jupyter-phase-{key}" style="flex:{number}"></i>'
        for key, number in (
            ("succeeded", progress.done),
            ("failed", progress.failed),
            (STOPPED.key, progress.stopped),
            ("running", progress.running),
            (SUSPENDED.key, progress.suspended),
        )
        if number
    )
    begun = progress.done + progress.failed + progress.stopped + progress.running + progress.suspended
    rest = progress.total - begun
    took = duration(state.seconds(now)) if state.started_at else ""
    return (
        f'<div class="kfp-jupyter-progress-line" data-phase="{escape(state.phase.value)}">'
        f'<span class="kfp-jupyter-phase kfp-jupyter-phase-{appearance.key}">{appearance.word}</span>'
        f'<span class="kfp-jupyter-bar">{bar}<i style="flex:{rest}"></i></span>'
        f'<span class="kfp-jupyter-numbers">{progress_text(progress)}</span>'
        f'<span class="kfp-jupyter-elapsed">{took}</span></div>'
    )


def step_list_html(labels: Mapping[str, str], steps: Statuses, *, ended: bool) -> str:
    """Return the steps and their phases as a list for screen readers; the graph isn't accessible to them.

    Args:
        labels: Name to display of each step, by path.
        steps: Status of each step, by path.
        ended: Whether the run has ended.
    """
    items = "".join(
        f'<li data-step="{escape(path)}" data-phase="{escape(own.node.phase.value if own.node else "")}">'
        f"{escape(labels[path])}: {status_appearance(own, ended=ended).word}{_iterations(own)}</li>"
        for path, own in steps.items()
    )
    return f'<ul class="kfp-jupyter-hidden" role="status">{items}</ul>'


def _iterations(own: StepStatus) -> str:
    return f", {iterations_text(own)}" if own.repeated else ""
