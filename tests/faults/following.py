"""Runs that are followed in threads, and what must be true of all that was seen at the end."""

from __future__ import annotations

import dataclasses
import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.watch.watcher import watch_run
from kfp_jupyter.runs import Phase, RunState, parse_workflow
from kfp_jupyter.streams import iterate_in_thread

SECONDS = 120
"""Before a test gives up."""

ORDER = (Phase.PENDING, Phase.RUNNING)


class Following:
    """A run that is followed as a view does it.

    Args:
        objects: The way it is followed.
        run: The run.
    """

    def __init__(self, objects: Objects, run: str) -> None:
        self.run = run
        self.states: list[RunState] = []
        self.error: BaseException | None = None
        self.stop = CancelToken()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._follow, args=(objects,), daemon=True)
        self._thread.start()

    def until(self, condition: Callable[[RunState], Any]) -> RunState:
        """Return the first state of which something is true, also one that has passed."""
        deadline = time.monotonic() + SECONDS
        with self._changed:
            while True:
                for state in self.states:
                    if condition(state):
                        return state
                assert self._thread.is_alive(), f"it ended without: {self.states[-1:]} {self.error}"
                assert self._changed.wait(deadline - time.monotonic()), f"it didn't happen: {self.states[-1:]}"

    def until_running(self) -> RunState:
        """Wait until a step is at work."""
        return self.until(lambda state: any(node.phase is Phase.RUNNING for node in leaves(state)))

    def ended(self, truth: Objects) -> RunState:
        """Wait for the end; return the last state after it was found true.

        Args:
            truth: An undisturbed way to the cluster.
        """
        self._thread.join(SECONDS)
        assert not self._thread.is_alive(), f"it didn't end: {self.states[-1:]}"
        assert self.error is None, self.error
        check_states(self.states)
        assert self.states[-1] == parse_workflow(truth.workflow(self.run))
        return self.states[-1]

    @property
    def troubles(self) -> list[str]:
        """What kept it from being followed."""
        return [state.trouble.text for state in self.states if state.trouble]

    def _follow(self, objects: Objects) -> None:
        try:
            # The engine reads in a thread that nobody has to wait for: a connection may hang while it is made.
            states = iterate_in_thread(lambda token: watch_run(objects, self.run, token), self.stop)
            for state in states:
                with self._changed:
                    self.states.append(state)
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001  `ended` shows it
            self.error = error
        with self._changed:
            self._changed.notify_all()


def check_states(states: list[RunState]) -> None:
    """Check that a run was seen as it went: nothing twice, nothing backwards, one end, and that last."""
    assert [state.phase.finished for state in states] == [False] * (len(states) - 1) + [True]
    assert all(before != after for before, after in itertools.pairwise(states)), "a state came twice"
    seen = [dataclasses.replace(state, trouble=None) for state in states]
    distinct = [after for before, after in zip([None, *seen], seen, strict=False) if before != after]
    assert len(distinct) == len({repr(state) for state in distinct}), "an old state came back"
    for before, after in itertools.pairwise(seen):
        for key, node in before.nodes.items():
            assert key in after.nodes, f"{key} is gone"
            assert _rank(node.phase) <= _rank(after.nodes[key].phase), f"{key} went backwards"


def leaves(state: RunState) -> list[Any]:
    """Return the nodes that do something."""
    return [node for node in state.nodes.values() if node.type in ("Pod", "Suspend")]


def _rank(phase: Phase) -> int:
    return ORDER.index(phase) if phase in ORDER else len(ORDER)
