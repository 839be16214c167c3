"""States → states with reasons, side by side with the watch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator

from kfp_jupyter.engines.argo.diagnosis.cluster_queries import ClusterQueries
from kfp_jupyter.engines.argo.diagnosis.diagnoser import Diagnoser
from kfp_jupyter.runs import RunState

HELD = 2.0
"""Seconds that the last state of a failed run waits at most for the reasons of its failures."""

_LOOK = 0.1
"""Seconds between two looks at whether to stop, while the last state is held."""

States = Callable[[threading.Event], Iterator[RunState]]


class _Either(threading.Event):
    """Set when it is, or when another one is."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        return super().is_set() or self._other.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        end = None if timeout is None else time.monotonic() + timeout
        while not self.is_set():
            left = _LOOK if end is None else min(_LOOK, end - time.monotonic())
            if left <= 0 or super().wait(left):
                break
        return self.is_set()


class _Newest:
    """The newest state, which a thread takes from the watch, and whether a look at the cluster has brought more."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.looking = self.over = False
        self.error: BaseException | None = None
        self._state: RunState | None = None
        self._fresh = self._learned = False

    def follow(self, states: Iterator[RunState]) -> None:
        """Take the states until they end."""
        error: BaseException | None = None
        try:
            for state in states:
                with self.changed:
                    self._state, self._fresh = state, True
                    self.changed.notify_all()
        except BaseException as raised:  # noqa: BLE001  it is raised again where the states are wanted
            error = raised
        with self.changed:
            self.over, self.error = True, error
            self.changed.notify_all()

    def take(self, looks: Diagnoser) -> tuple[RunState | None, bool, bool]:
        """Wait for news or for the time of a look; return the newest state, and what of it is news."""
        with self.changed:
            if not (self._fresh or self._learned or self.over):
                at_rest = self._state is None or self.looking
                self.changed.wait(None if at_rest or self._state is None else looks.due(self._state))
            found = self._state, self._fresh, self._learned
            self._fresh = self._learned = False
            return found

    def start_look(self, looks: Diagnoser, state: RunState) -> None:
        """Look at the cluster in a thread, unless one does."""
        with self.changed:
            if self.looking:
                return
            self.looking = True
        _thread(lambda: self._look(looks, state), "look")

    def _look(self, looks: Diagnoser, state: RunState) -> None:
        learned = False
        try:
            learned = looks.look(state)
        finally:
            with self.changed:
                self.looking, self._learned = False, self._learned or learned
                self.changed.notify_all()


def with_reasons(
    states: States, asking: ClusterQueries, run: str, stop: threading.Event
) -> Generator[RunState, None, None]:
    """Yield a run's states with why its steps wait or failed, and once more when more of that is known.

    No state waits for a reason, but the last one of a failed run: up to `HELD` seconds.

    Args:
        states: Makes the states; ends when its event is set.
        asking: The way to the cluster.
        run: The run.
        stop: Ends it all.
    """
    ended, newest = _Either(stop), _Newest()
    looks = Diagnoser(asking, run)
    _thread(lambda: newest.follow(states(ended)), "states")
    try:
        yield from _merged(newest, looks, stop)
    finally:
        ended.set()


def _merged(newest: _Newest, looks: Diagnoser, stop: threading.Event) -> Iterator[RunState]:
    while not stop.is_set():
        state, fresh, learned = newest.take(looks)
        if state is not None and fresh:
            looks.take(state)
            if state.phase.finished:
                _hold(newest, looks, state, stop)
        if state is not None and (fresh or learned) and not stop.is_set():
            yield looks.attached(state)
            if state.phase.finished:
                return
        elif newest.over:
            if newest.error is not None:
                raise newest.error
            return
        if state is not None and looks.due(state) == 0.0:
            newest.start_look(looks, state)


def _hold(newest: _Newest, looks: Diagnoser, state: RunState, stop: threading.Event) -> None:
    """Wait for the reasons of the last state, for a bounded time."""
    end = time.monotonic() + HELD
    while looks.due(state) is not None and not stop.is_set() and time.monotonic() < end:
        newest.start_look(looks, state)
        with newest.changed:
            newest.changed.wait_for(lambda: not newest.looking, timeout=_LOOK)


def _thread(work: Callable[[], None], name: str) -> None:
    threading.Thread(target=work, name=f"kfp-jupyter-argo-{name}", daemon=True).start()
