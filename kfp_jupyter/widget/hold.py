"""Holding a run up and letting it go on, where the engine can: what is offered, and what is being done."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable

from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.engines.capabilities import supports_suspend
from kfp_jupyter.runs import RunState

PATIENCE = 5.0
"""Seconds in which a state that shows what was done should have come."""


class Hold(enum.Enum):
    """What a button offers, or what is under way."""

    ABSENT = ""
    SUSPEND = "Suspend"
    SUSPENDING = "Suspending…"
    RESUME = "Resume"
    RESUMING = "Resuming…"

    @property
    def goes_on(self) -> bool:
        """Whether it is about going on."""
        return self in (Hold.RESUME, Hold.RESUMING)

    @property
    def can_be_pressed(self) -> bool:
        """Whether it is an offer."""
        return self in (Hold.SUSPEND, Hold.RESUME)


class Holding:
    """Holds one run up.

    Args:
        engine: Where it is.
        ref: The run.
    """

    def __init__(self, engine: Engine, ref: RunRef) -> None:
        self._engine, self._ref = engine, ref
        self._under_way = Hold.ABSENT
        self._asked_at = 0.0

    def now(self, state: RunState | None) -> Hold:
        """Return what is offered or under way, given the newest state."""
        if not supports_suspend(self._engine) or state is None or state.phase.finished:
            return Hold.ABSENT
        done = self._under_way.goes_on is not state.resumable or self._late
        if self._under_way is not Hold.ABSENT and not done:
            return self._under_way
        return Hold.RESUME if state.resumable else Hold.SUSPEND

    def begin(self, state: RunState | None) -> Callable[[RunRef], None] | None:
        """Return what asks the engine for what is offered; None where nothing is."""
        offered = self.now(state)
        if not offered.can_be_pressed or not supports_suspend(self._engine):
            return None
        self._under_way, self._asked_at = (Hold.RESUMING if offered.goes_on else Hold.SUSPENDING), time.monotonic()
        return self._engine.resume if offered.goes_on else self._engine.suspend

    def give_up(self) -> None:
        """Offer it again: the engine didn't do it."""
        self._under_way = Hold.ABSENT

    @property
    def _late(self) -> bool:
        # What was resumed may wait again at once, in the next such step: no state tells then.
        return time.monotonic() > self._asked_at + PATIENCE
