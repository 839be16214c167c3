"""Steps with a retry strategy: the attempts merged into one node."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence
from datetime import datetime

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import NodeState, Phase
from kfp_jupyter.widget.text import duration

_SOON = "the next one is about to start"
_EXITED = re.compile(r"(?:[-\w]+: )?Error \(exit code \d+\)")
"""Argo's message for a program that failed; it adds nothing to the exit code."""


def merge_attempts(whole: NodeState, attempts: Sequence[tuple[int, NodeState]]) -> NodeState:
    """Return a retried step as one node: its last attempt, with the phase of the ``Retry`` node.

    Args:
        whole: Argo's node of the type ``Retry``.
        attempts: The numbers of its attempts, from 0, and their nodes.
    """
    if not attempts:
        return whole
    number, last = max(attempts, key=lambda pair: pair[0])
    if not whole.phase.finished and last.phase.bad:
        return _between(whole, number, last)
    message = last.message or whole.message
    if number and message:
        message = f"{message} (attempt {number + 1})"
    # Argo calls the whole Running as soon as its first attempt waits for its pod.
    waits = last.phase is Phase.PENDING and not whole.phase.finished
    phase = last.phase if waits else whole.phase
    return dataclasses.replace(_in_place_of(whole, last), phase=phase, message=message)


def _between(whole: NodeState, number: int, last: NodeState) -> NodeState:
    """Return a step between two attempts: Pending since its last attempt failed."""
    told = one_line(last.message, 200).rstrip(".") or last.phase.value
    if last.exit_code is not None and (not last.message or _EXITED.fullmatch(last.message)):
        told = f"exit code {last.exit_code}"
    failed = f"attempt {number + 1} failed ({told})"
    return dataclasses.replace(
        _in_place_of(whole, last),
        phase=Phase.PENDING,
        message="",
        reason=failed if whole.next_attempt_at else f"{failed}; {_SOON}",
        started_at=last.finished_at or last.started_at,
        finished_at=None,
        exit_code=None,
        next_attempt_at=whole.next_attempt_at,
    )


def _in_place_of(whole: NodeState, last: NodeState) -> NodeState:
    return dataclasses.replace(last, name=whole.name, boundary_id=whole.boundary_id, children=whole.children)


def next_attempt_text(node: NodeState, now: datetime) -> str:
    """Return when a step's next attempt starts, in words; empty if there is none or the time is unknown.

    Args:
        node: Node of the step.
        now: The current time.
    """
    if node.next_attempt_at is None:
        return ""
    # In steps of five seconds: finer changes aren't useful, and a hundred steps may wait.
    left = 5 * math.ceil((node.next_attempt_at - now).total_seconds() / 5)
    return f"the next one starts in {duration(left) if left >= 10 else f'{left} s'}" if left > 0 else _SOON
