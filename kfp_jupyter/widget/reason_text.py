"""Why a step waits or failed: the engine's diagnosis, and the original message."""

from __future__ import annotations

from datetime import datetime

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import NodeState, Phase
from kfp_jupyter.widget.retry_attempts import next_attempt_text
from kfp_jupyter.widget.text import duration, escape, shorten

MAX_REASON = 1600
"""A remedy may be a command, which is of use only in full."""

MAX_MESSAGE = 4000
LONG = 5.0
"""A step's waiting time is shown from this many seconds on."""


def reason_text(node: NodeState, limit: int = 600) -> str:
    """Return why a step waits or failed: the reason, or else the engine's message; empty if neither is known.

    Args:
        node: Node of the step.
        limit: Maximum length of the message.
    """
    return one_line(node.reason, MAX_REASON) or one_line(node.message, limit)


def message_html(node: NodeState | None) -> str:
    """Return the engine's own message, collapsed; empty unless a reason replaces it."""
    if node is None or not node.reason or not node.message:
        return ""
    return (
        '<details class="kfp-jupyter-engine-message"><summary>The engine\'s own message</summary>'
        f"<pre>{escape(shorten(node.message, MAX_MESSAGE))}</pre></details>"
    )


def current_reason(node: NodeState, now: datetime, limit: int = 600) -> str:
    """Return why a step waits or failed, see `reason_text`; between two attempts also when the next one starts."""
    return "; ".join(filter(None, [reason_text(node, limit), next_attempt_text(node, now)]))


def waiting_text(node: NodeState, now: datetime) -> str:
    """Return how long a step has waited, if it is long, and for what; empty if neither is known.

    Args:
        node: Node of the step.
        now: The current time.
    """
    if node.next_attempt_at is not None:
        return current_reason(node, now)
    seconds = node.seconds(now) or 0.0
    # In steps of five seconds: finer changes aren't useful, and a hundred steps may wait.
    waited = f"{int(seconds // 5 * 5)} s" if seconds < 60 else duration(seconds // 60 * 60)
    waits = f"waiting {waited}" if node.phase is Phase.PENDING and seconds >= LONG else ""
    return " · ".join(filter(None, [waits, reason_text(node)]))
