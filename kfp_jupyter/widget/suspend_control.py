"""Holding a run up and letting it go on, where the engine can: what is offered, and what is being done."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable

from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.engines.capabilities import supports_suspend
from kfp_jupyter.runs import RunState

CONFIRMATION_TIMEOUT = 5.0
"""Seconds in which a state that shows what was done should have come."""


class SuspendAction(enum.Enum):
    """What a button offers, or what is under way."""

    ABSENT = ""
    SUSPEND = "Suspend"
    SUSPENDING = "Suspending…"
    RESUME = "Resume"
    RESUMING = "Resuming…"

    @property
    def resumes(self) -> bool:
        """Whether it is about going on."""
        return self in (SuspendAction.RESUME, SuspendAction.RESUMING)

    @property
    def enabled(self) -> bool:
        """Whether it is an offer."""
        return self in (SuspendAction.SUSPEND, SuspendAction.RESUME)


class SuspendControl:
    """Holds one run up.

    Args:
        engine: Where it is.
        ref: The run.
    """

    def __init__(self, engine: Engine, ref: RunRef) -> None:
        self._engine, self._ref = engine, ref
        self._pending = SuspendAction.ABSENT
        self._asked_at = 0.0

    def current(self, state: RunState | None) -> SuspendAction:
        """Return what is offered or under way, given the newest state."""
        if not supports_suspend(self._engine) or state is None or state.phase.finished:
            return SuspendAction.ABSENT
        done = self._pending.resumes is not state.resumable or self._timed_out
        if self._pending is not SuspendAction.ABSENT and not done:
            return self._pending
        return SuspendAction.RESUME if state.resumable else SuspendAction.SUSPEND

    def begin(self, state: RunState | None) -> Callable[[RunRef], None] | None:
        """Return what asks the engine for what is offered; None where nothing is."""
        offered = self.current(state)
        if not offered.enabled or not supports_suspend(self._engine):
            return None
        self._pending, self._asked_at = (
            (SuspendAction.RESUMING if offered.resumes else SuspendAction.SUSPENDING),
            time.monotonic(),
        )
        return self._engine.resume if offered.resumes else self._engine.suspend

    def cancel(self) -> None:
        """Offer it again: the engine didn't do it."""
        self._pending = SuspendAction.ABSENT

    @property
    def _timed_out(self) -> bool:
        # What was resumed may wait again at once, in the next such step: no state tells then.
        return time.monotonic() > self._asked_at + CONFIRMATION_TIMEOUT
