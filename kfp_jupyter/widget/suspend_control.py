"""Suspending and resuming a run, where the engine supports it: the offered action and the pending one."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable

from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.engines.capabilities import supports_suspend
from kfp_jupyter.runs import RunState

CONFIRMATION_TIMEOUT = 5.0
"""Seconds within which a state that confirms the action should arrive."""


class SuspendAction(enum.Enum):
    """The offered or the pending action."""

    ABSENT = ""
    SUSPEND = "Suspend"
    SUSPENDING = "Suspending…"
    RESUME = "Resume"
    RESUMING = "Resuming…"

    @property
    def resumes(self) -> bool:
        """Whether it resumes the run."""
        return self in (SuspendAction.RESUME, SuspendAction.RESUMING)

    @property
    def enabled(self) -> bool:
        """Whether the button can be pressed."""
        return self in (SuspendAction.SUSPEND, SuspendAction.RESUME)


class SuspendControl:
    """Suspends and resumes one run.

    Args:
        engine: Where it is.
        ref: The run.
    """

    def __init__(self, engine: Engine, ref: RunRef) -> None:
        self._engine, self._ref = engine, ref
        self._pending = SuspendAction.ABSENT
        self._asked_at = 0.0

    def current(self, state: RunState | None) -> SuspendAction:
        """Return the offered or the pending action, given the newest state."""
        if not supports_suspend(self._engine) or state is None or state.phase.finished:
            return SuspendAction.ABSENT
        done = self._pending.resumes is not state.resumable or self._timed_out
        if self._pending is not SuspendAction.ABSENT and not done:
            return self._pending
        return SuspendAction.RESUME if state.resumable else SuspendAction.SUSPEND

    def begin(self, state: RunState | None) -> Callable[[RunRef], None] | None:
        """Return the function that performs the offered action; None if there is none."""
        offered = self.current(state)
        if not offered.enabled or not supports_suspend(self._engine):
            return None
        self._pending, self._asked_at = (
            (SuspendAction.RESUMING if offered.resumes else SuspendAction.SUSPENDING),
            time.monotonic(),
        )
        return self._engine.resume if offered.resumes else self._engine.suspend

    def cancel(self) -> None:
        """Offer the action again: the engine failed to perform it."""
        self._pending = SuspendAction.ABSENT

    @property
    def _timed_out(self) -> bool:
        # A resumed run may wait at once in the next suspend step: then no state confirms the action.
        return time.monotonic() > self._asked_at + CONFIRMATION_TIMEOUT
