"""What went wrong, shown above the graph."""

from __future__ import annotations

import dataclasses
import re

from kfp_jupyter.printable import count, one_line
from kfp_jupyter.redaction import redact
from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.widget.exception_line import exception_line
from kfp_jupyter.widget.reason_text import message_html, reason_text
from kfp_jupyter.widget.style import node_appearance
from kfp_jupyter.widget.text import escape

MAX_STEPS = 3
"""How many failed steps are described in full."""

LOG_LINES = 12
"""How many of a failed step's last lines are shown."""


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """A step that failed.

    Attributes:
        label: Name of the step to display.
        node: Its node.
        log: The end of its log.
    """

    label: str
    node: NodeState
    log: str = ""


def problem_html(text: str) -> str:
    """Return the HTML of a problem, such as a pipeline that can't be compiled or an engine that can't be reached."""
    return f'<div class="kfp-jupyter-banner-box" role="alert">{escape(redact(text))}</div>' if text else ""


def notice_html(text: str) -> str:
    """Return the HTML of a notice that is not an error."""
    return f'<div class="kfp-jupyter-banner-box kfp-jupyter-banner-calm" role="status">{escape(text)}</div>'


def trouble_html(state: RunState | None) -> str:
    """Return why there may be a newer state than the one shown, or why the whole run waits; empty for neither."""
    if state is None or state.trouble is None:
        return _waiting_html(state)
    # The user's clock, not the cluster's.
    since = state.trouble.since.astimezone().strftime("%H:%M")
    words = f"This view may be out of date: no updates since {since}; reconnecting."
    return (
        '<div class="kfp-jupyter-banner-box kfp-jupyter-banner-calm" role="status">'
        f"<p>{words}</p><p>{escape(redact(state.trouble.text))}</p></div>"
    )


def _waiting_html(state: RunState | None) -> str:
    """Return why a whole run waits; empty if it doesn't wait or the reason is unknown."""
    if state is None or state.phase.finished:
        return ""
    told = state.reason or (state.message if state.phase is Phase.PENDING else "")
    if not told:
        return ""
    words = f"<p>{escape(one_line(told, 600))}</p>"
    return f'<div class="kfp-jupyter-banner-box kfp-jupyter-banner-calm" role="status">{words}</div>'


def failure_html(state: RunState | None, failures: list[Failure]) -> str:
    """Return why a run failed: each failed step with its reason and last lines, or the run's own message.

    Empty where it didn't.

    Args:
        state: State of the run; None before there is one.
        failures: Its failed steps.
    """
    if state is None or not state.phase.bad:
        return ""
    failed = [failure for failure in failures if not failure.node.stopped]
    stopped = [failure for failure in failures if failure.node.stopped]
    calm = not failed and (bool(stopped) or state.stopped)
    parts = [_failure(failure) for failure in failed[:MAX_STEPS]]
    if len(failed) > MAX_STEPS:
        parts.append(f"<p>and {count(len(failed) - MAX_STEPS, 'more failed step')}</p>")
    if stopped or calm:
        parts.append(_stop(stopped))
    if not parts:
        message = state.message or f"The run ended as {state.phase.value}; the engine gave no reason."
        parts.append(f"<p>{escape(one_line(message, 600))}</p>")
    mood = " kfp-jupyter-banner-calm" if calm else ""
    return f'<div class="kfp-jupyter-banner-box{mood}" role="alert">{"".join(parts)}</div>'


def failure_reason(failure: Failure) -> str:
    """Return why a step failed in one line: the engine's reason, the exception that ended it, the engine's message."""
    node = failure.node
    code, message = _code(node), one_line(node.message, 600)
    # Python exits with 1 after an uncaught exception; other codes are the program's own choice.
    if not node.reason and node.exit_code in (None, 1) and (not message or _PLAIN.fullmatch(message)):
        exception = one_line(exception_line(failure.log, LOG_LINES), 600)
        if exception:
            return f"{exception} ({code})" if code else exception
    return node_reason(node)


def node_reason(node: NodeState) -> str:
    """Return why a step failed as the engine says it."""
    return reason_text(node) or _code(node)


def _code(node: NodeState) -> str:
    return "" if node.exit_code is None else f"exit code {node.exit_code}"


_PLAIN = re.compile(r"(\w+: )?Error \(exit code 1\)|The program ended with exit code 1")
"""A message that says no more than the exit code, in Argo's words, with the container's name before, or in ours."""


def _failure(failure: Failure) -> str:
    verb = "failed" if node_appearance(failure.node).key == "failed" else "ended with an error"
    reason, log = escape(failure_reason(failure)), "\n".join(failure.log.strip("\n").split("\n")[-LOG_LINES:])
    shown = f'<div class="kfp-jupyter-banner-log"><pre>{escape(log)}</pre></div>' if log else ""
    told = f"<p><b>{escape(failure.label)}</b> {verb}{f': {reason}' if reason else ''}</p>"
    return told + message_html(failure.node) + shown


def _stop(stopped: list[Failure]) -> str:
    stopped = [failure for failure in stopped if failure.node.begun]
    if not stopped:
        return "<p>The run was stopped.</p>"
    names = [f"<b>{escape(failure.label)}</b>" for failure in stopped[:MAX_STEPS]]
    if len(stopped) > MAX_STEPS:
        names.append(count(len(stopped) - MAX_STEPS, "more step"))
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"<p>The run was stopped; {listed} {'was' if len(stopped) == 1 else 'were'} running.</p>"
