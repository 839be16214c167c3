"""What went wrong, said where people look: above the graph, without a click."""

from __future__ import annotations

import dataclasses

from kfp_jupyter.runs import NodeState, RunState
from kfp_jupyter.widget.style import look_of
from kfp_jupyter.widget.text import count, escape, one_line

MAX_STEPS = 3
"""How many failed steps are told in full."""

LOG_LINES = 12
"""How many of a failed step's last lines are shown."""

STOPPED = "workflow shutdown with strategy"
"""What Argo, and every engine here, writes to a step that was at work when people stopped the run."""


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """A step that failed.

    Attributes:
        label: What people call the step.
        node: Its node.
        log: Its last lines.
    """

    label: str
    node: NodeState
    log: str = ""


def problem_html(text: str) -> str:
    """Return a problem in words: a pipeline that can't be compiled, an engine that can't be reached."""
    return f'<div class="kfp-jupyter-banner-box" role="alert">{escape(text)}</div>' if text else ""


def failure_html(state: RunState, failures: list[Failure]) -> str:
    """Return why a run failed: each failed step with its reason and last lines, or the run's own message."""
    parts = [_failure(failure) for failure in failures[:MAX_STEPS]]
    if len(failures) > MAX_STEPS:
        parts.append(f"<p>and {count(len(failures) - MAX_STEPS, 'more failed step')}</p>")
    if not failures:
        message = state.message or f"The run ended as {state.phase.value}; the engine gave no reason."
        parts.append(f"<p>{escape(one_line(message, 600))}</p>")
    return f'<div class="kfp-jupyter-banner-box" role="alert">{"".join(parts)}</div>'


def _failure(failure: Failure) -> str:
    node, word = failure.node, look_of(failure.node).word.lower()
    if STOPPED in node.message:
        return f"<p><b>{escape(failure.label)}</b> was stopped.</p>"
    verb = "failed" if word == "failed" else "ended with an error"
    reason = one_line(node.message, 600) or (f"exit code {node.exit_code}" if node.exit_code is not None else "")
    log = failure.log.strip("\n")
    shown = f'<div class="kfp-jupyter-banner-log"><pre>{escape(log)}</pre></div>' if log else ""
    told = f": {escape(reason)}" if reason else ""
    return f"<p><b>{escape(failure.label)}</b> {verb}{told}</p>{shown}"
