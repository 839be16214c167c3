"""States → states with reasons, side by side with the watch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.diagnosis.cluster_queries import ClusterQueries
from kfp_jupyter.engines.argo.diagnosis.diagnoser import Diagnoser
from kfp_jupyter.job_pool import JobPool
from kfp_jupyter.pacing import LAST_REASON_SECONDS
from kfp_jupyter.runs import RunState
from kfp_jupyter.streams import Channel, EndOfStreamError, Stream, iterate_in_thread, merge

_LOOKS = JobPool(4, "argo-looks")
"""The threads that ask clusters for reasons, for all runs that are followed."""


def with_reasons(
    states: Callable[[CancelToken], Iterator[RunState]], asking: ClusterQueries, run: str, stop: CancelToken
) -> Stream[RunState]:
    """Return a run's states with why its steps wait or failed, and once more when more of that is known.

    No state waits for a reason, but the last one of a failed run: up to `LAST_REASON_SECONDS` seconds.

    Args:
        states: Makes the states, in a thread of its own; ends when its token is set.
        asking: The way to the cluster.
        run: The run.
        stop: Ends it all.
    """
    made = iterate_in_thread(states, stop, newest_only=True, name="argo-watch")
    return _AnnotatedWatch(made, Diagnoser(asking, run), stop)


class _AnnotatedWatch(Stream[RunState]):
    """The states of a run merged with what looks at the cluster have brought."""

    def __init__(self, states: Stream[RunState], diagnoser: Diagnoser, stop: CancelToken) -> None:
        super().__init__()
        self._diagnoser = diagnoser
        self._looks: Channel[bool] = Channel(stop)
        """For each look, whether it has brought more."""
        self._merged = merge(states, self._looks)
        self.subscribe(self._news.set)
        self._state: RunState | None = None
        self._looking = self._ended = False
        self._held_until: float | None = None
        """Until when the last state waits for its reasons."""

    def poll(self) -> RunState | None:
        """Return the newest state, with its reasons, if anything of that is new."""
        if self._ended:
            raise EndOfStreamError
        item = self._merged.poll() if self._held_until is None else self._looks.poll()
        if isinstance(item, RunState):
            self._state = item
            self._diagnoser.take(item)
            if item.phase.finished:
                self._held_until = time.monotonic() + LAST_REASON_SECONDS
        elif item is not None:
            self._looking = False
        if self._state is None:
            return None
        wait = self._diagnoser.due(self._state)
        if wait == 0.0 and not self._looking:
            self._start_look(self._state)
        if self._held_until is not None:
            if wait is not None and time.monotonic() < self._held_until:
                return None
            self._ended = True
        return self._diagnoser.attached(self._state) if item or self._ended else None

    def due(self) -> float | None:
        """Return when the next look is due, or the last state."""
        limits = [None if self._state is None or self._looking else self._diagnoser.due(self._state)]
        if self._held_until is not None:
            limits.append(max(0.0, self._held_until - time.monotonic()))
        return min((limit for limit in limits if limit is not None), default=None)

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Have something called at each state and after each look."""
        self._merged.subscribe(listener)

    def close(self) -> None:
        """Want no more states."""
        self._merged.close()

    def _start_look(self, state: RunState) -> None:
        """Look at the cluster in a thread."""
        self._looking = True
        diagnoser, looks = self._diagnoser, self._looks

        def look() -> None:
            learned = False
            try:
                learned = diagnoser.look(state)
            finally:
                looks.put(learned)

        _LOOKS.put(look)
