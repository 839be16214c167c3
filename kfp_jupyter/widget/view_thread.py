"""The thread of a view that follows a run: takes the run's states, ticks its clock, and calls what is due."""

from __future__ import annotations

import contextvars
import dataclasses
import heapq
import itertools
import threading
import time
from collections.abc import Callable

from kfp_jupyter.pacing import CLOCK_SECONDS, LONG_RUN_CLOCK_SECONDS, MINUTES_RUN_CLOCK_SECONDS, STATE_PAUSE_SECONDS
from kfp_jupyter.runs import RunState
from kfp_jupyter.streams import Channel, EndOfStreamError, Stream, merge, start_thread

Job = Callable[[], None]


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class _Call:
    at: float
    number: int
    job: Job = dataclasses.field(compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class StateListener:
    """Whom the states of a run are handed to.

    Attributes:
        on_state: Gets each state.
        on_end: Called when there will be no more, with what they have ended with.
    """

    on_state: Callable[[RunState], None]
    on_end: Callable[[Exception | None], None]


class ViewThread:
    """A daemon thread that is there while there is something to wait for, and runs in the context of the view.

    Args:
        on_tick: Called each time the clock ticks.
        on_problem: Gets a sentence where something that was called has failed.
    """

    def __init__(self, on_tick: Job, on_problem: Callable[[str], None]) -> None:
        self.context = contextvars.copy_context()
        self._on_tick, self._on_problem = on_tick, on_problem
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._calls: Channel[_Call] = Channel(size=None)
        self._items: Stream[RunState | _Call] = self._calls
        self._waiting: list[_Call] = []
        self._states: Stream[RunState] | None = None
        self._listener: StateListener | None = None
        self._running = self._ticking = False
        self.tick = CLOCK_SECONDS
        """Seconds between two ticks."""

    def start_clock(self) -> None:
        """Tick until `stop_clock`."""
        self._ticking = True
        self.call(lambda: None)

    def stop_clock(self) -> None:
        """Tick no more."""
        self._ticking = False
        self.call(lambda: None)

    def follow(self, states: Stream[RunState], listener: StateListener) -> None:
        """Hand on a run's states, until it has finished.

        Args:
            states: The states.
            listener: Whom they are handed to.
        """

        def begin() -> None:
            self._states, self._listener = states, listener
            self._items = merge(states, self._calls)

        self.call(begin)

    def call(self, job: Job, after: float = 0.0) -> None:
        """Call something in the thread.

        Args:
            job: What to call.
            after: In how many seconds.
        """
        with self._lock:
            self._calls.put(_Call(time.monotonic() + after, next(self._numbers), job))
            if not self._running:
                self._running = True
                start_thread(self._work, "view", self.context)

    def _work(self) -> None:
        tick_at = time.monotonic() + self.tick
        while True:
            limits = [self._waiting[0].at] if self._waiting else []
            if self._ticking:
                limits.append(tick_at)
            if not limits and self._states is None:
                if self._rests():
                    return
                limits.append(self._waiting[0].at)
            item = self._take(max(0.0, min(limits) - time.monotonic()) if limits else None)
            if isinstance(item, _Call):
                heapq.heappush(self._waiting, item)
            elif item is not None:
                self._hand_on(item)
            while self._waiting and self._waiting[0].at <= time.monotonic():
                self._run(heapq.heappop(self._waiting).job)
            if self._ticking and time.monotonic() >= tick_at:
                self._run(self._on_tick)
                tick_at = time.monotonic() + self.tick

    def _rests(self) -> bool:
        """Return whether the thread can end, which is then noted."""
        with self._lock:
            item = self._calls.poll()
            if item is not None:
                heapq.heappush(self._waiting, item)
            self._running = item is not None
            return item is None

    def _take(self, seconds: float | None) -> RunState | _Call | None:
        try:
            return self._items.take(seconds)
        except EndOfStreamError:
            self._end(None)
        except Exception as error:  # noqa: BLE001  what ends the states is told in the view
            self._end(error)
        return None

    def _hand_on(self, state: RunState) -> None:
        listener = self._listener
        if listener is None:
            return
        try:
            listener.on_state(state)
        except Exception as error:  # noqa: BLE001  nobody else would hear of it
            self._end(error)
            return
        if state.phase.finished:
            self._end(None)
        elif self._states is not None:
            # What comes in between is skipped; calls that are due can wait so long.
            time.sleep(STATE_PAUSE_SECONDS)

    def _end(self, error: Exception | None) -> None:
        """Take no more states."""
        states, listener = self._states, self._listener
        self._states = self._listener = None
        self._items = self._calls
        if states is not None:
            states.close()
        if listener is not None:
            self._run(lambda: listener.on_end(error))

    def _run(self, job: Job) -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001  told in the view: this is the top of a thread
            self._on_problem(problem_of(error))


def problem_of(error: Exception) -> str:
    """Return the sentence for something that has failed while a run was shown."""
    return f"The view can't show something of the run: {type(error).__name__}: {error}"


def tick_after(seconds: float) -> float:
    """Return the seconds between two ticks of the clock of a run that has taken so long.

    A notebook may follow many runs, and each tick redraws a view; who waits for an hour doesn't count seconds.
    """
    if seconds < 60:
        return CLOCK_SECONDS
    return MINUTES_RUN_CLOCK_SECONDS if seconds < 600 else LONG_RUN_CLOCK_SECONDS
