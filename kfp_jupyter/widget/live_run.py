"""A run that a view follows: its newest state, what its steps reported, why it failed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from functools import partial

from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.runs import NodeState, RunState
from kfp_jupyter.widget.banner import LOG_LINES, MAX_STEPS, Failure
from kfp_jupyter.widget.elements import StepGraph, step_states
from kfp_jupyter.widget.follow import Background, watch_run
from kfp_jupyter.widget.log import last_lines
from kfp_jupyter.widget.results import Results, has_results, read_results


@dataclasses.dataclass(frozen=True, slots=True)
class Listeners:
    """Whom a live run tells what; all are called from threads of its own.

    Attributes:
        changed: There is a newer state, or something was read.
        ticked: A second has passed.
        ended: The run has finished and all it reported is read.
        troubled: Gets a sentence: something of the run can't be followed, read or done.
    """

    changed: Callable[[], None]
    ticked: Callable[[], None]
    ended: Callable[[], None]
    troubled: Callable[[str], None]


class LiveRun:
    """One run, followed from the first look to its end.

    Args:
        engine: Where it happens.
        ref: The run.
        graph: The steps it runs.
        listeners: Whom to tell.
    """

    def __init__(self, engine: Engine, ref: RunRef, graph: StepGraph, listeners: Listeners) -> None:
        self.engine, self.ref, self.graph = engine, ref, graph
        self.state: RunState | None = None
        self.results: dict[str, Results] = {}
        self.failures: list[Failure] = []
        self.lost = False
        """Whether the engine can't be followed any more."""
        self.stopping = False
        self.done = threading.Event()
        self.background = Background(listeners.ticked, listeners.troubled)
        self._listeners = listeners
        self._stop = threading.Event()
        self._read: set[str] = set()

    @property
    def active(self) -> bool:
        """Whether it may still change."""
        return not self.lost and not (self.state and self.state.phase.finished)

    def start(self) -> None:
        """Follow the run, in threads."""
        self.background.put(lambda: None)  # the clock ticks before the first state comes
        watch = partial(watch_run, self.engine, self.ref, self._stop, self._on_state, self._on_lost)
        self.background.start(watch, "watch")

    def terminate(self) -> None:
        """Ask the engine to end the run, in a thread; its state then tells."""
        self.stopping = True

        def terminate() -> None:
            try:
                self.engine.terminate(self.ref)
            except KfpJupyterError as error:
                self.stopping = False
                self._listeners.troubled(error.format_message())

        self.background.start(terminate, "terminate")

    def close(self) -> None:
        """End the threads; the run goes on."""
        self._stop.set()
        self.background.close()
        self.done.set()

    def _on_state(self, state: RunState) -> None:
        self.state = state
        self._listeners.changed()
        for node in state.nodes.values():
            if node.id not in self._read and has_results(node):
                self._read.add(node.id)
                self.background.put(partial(self._read_results, node))
        if state.phase.finished:
            self.background.put(partial(self._on_end, state))

    def _on_lost(self, problem: str) -> None:
        self.lost = True
        try:
            self._listeners.troubled(problem)
        finally:
            self.close()

    def _read_results(self, node: NodeState) -> None:
        self.results[node.id] = read_results(self.engine, self.ref, node)
        self._listeners.changed()

    def _on_end(self, state: RunState) -> None:
        try:
            self.failures = self._collect_failures(state) if state.phase.bad else []
            self._listeners.ended()
        finally:
            self.close()

    def _collect_failures(self, state: RunState) -> list[Failure]:
        steps = step_states(self.graph, state)
        failed = [(node.label, steps[node.path]) for node in self.graph.nodes]
        bad = [(label, node) for label, node in failed if node is not None and node.phase.bad]
        return [
            Failure(label, node, self._last_lines(node) if index < MAX_STEPS else "")
            for index, (label, node) in enumerate(bad)
        ]

    def _last_lines(self, node: NodeState) -> str:
        return last_lines(self.engine, self.ref, node.id, self._stop, LOG_LINES) if node.started_at else ""
