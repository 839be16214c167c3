"""A run that a view follows: its newest state, what its steps reported, why it failed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import Engine, RunRef, Workflow
from kfp_jupyter.engines.capabilities import supports_stop, supports_summary
from kfp_jupyter.errors import KfpJupyterError, RunNotFoundError
from kfp_jupyter.job_pool import JobPool, JobQueue
from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.streams import as_stream, start_thread
from kfp_jupyter.widget.banner import MAX_STEPS, Failure
from kfp_jupyter.widget.ended_run_watcher import EndedRunWatcher
from kfp_jupyter.widget.log import end_of_log
from kfp_jupyter.widget.results import Results, has_results, read_results
from kfp_jupyter.widget.step_status import compute_statuses
from kfp_jupyter.widget.suspend_control import SuspendControl
from kfp_jupyter.widget.view_thread import StateListener, ViewThread, problem_of, tick_after
from kfp_jupyter.workflow.step_graph import StepGraph
from kfp_jupyter.workflow.templates import is_whole

_READERS = JobPool(8, "results")
"""The threads that read what steps have reported, for all runs that are shown."""


@dataclasses.dataclass(frozen=True, slots=True)
class Listeners:
    """Whom a live run tells what; all are called from threads of its own.

    Attributes:
        changed: There is a newer state, or something was read.
        ticked: A second has passed, or some in a run that takes long.
        ended: The run has finished and all it reported is read.
        troubled: Gets a sentence: something of the run can't be followed, read or done.
        grown: Gets the run's Workflow, when more is known of what it does.
        reopened: The run has ended, and somebody else has retried it.
    """

    changed: Callable[[], None]
    ticked: Callable[[], None]
    ended: Callable[[], None]
    troubled: Callable[[str], None]
    grown: Callable[[Workflow], None]
    reopened: Callable[[], None]


class LiveRun:
    """One run, followed from the first look to its end.

    Args:
        engine: Where it happens.
        ref: The run.
        graph: The steps it runs.
        listeners: Whom to tell.
        whole: Whether the graph is all of it: a run may refer to templates that the engine hasn't read yet.
    """

    def __init__(
        self, engine: Engine, ref: RunRef, graph: StepGraph, listeners: Listeners, *, whole: bool = True
    ) -> None:
        self.engine, self.ref, self.graph = engine, ref, graph
        self.state: RunState | None = None
        self.results: dict[str, Results] = {}
        self.failures: list[Failure] = []
        self.lost = False
        """Whether the engine can't be followed any more."""
        self.stopping = False
        self.suspend_control = SuspendControl(engine, ref)
        self.retrying = False
        """Whether the engine is being asked to take the run up again; until it does, all is as it was at the end."""
        self.deleted = False
        """Whether the engine has the run no more."""
        self._ask_first = False
        self._ended_run_watcher: EndedRunWatcher | None = None
        self._closed = False
        self.done = threading.Event()
        self.thread = ViewThread(self._on_tick, listeners.troubled)
        self._jobs = JobQueue(_READERS)
        self._listeners, self._whole, self._nodes_seen = listeners, whole, 0
        self._stop = CancelToken()
        self._read: set[str] = set()
        self._spared = False

    @property
    def active(self) -> bool:
        """Whether it may still change."""
        return self.retrying or (not self.lost and not (self.state and self.state.phase.finished))

    @property
    def _exiting(self) -> bool:
        return self.state is not None and self.state.exiting

    @property
    def ended_badly(self) -> bool:
        """Whether it has ended, and not well: then it can be retried."""
        return not self.active and not self.deleted and self.state is not None and self.state.phase.bad

    def retried(self, *, ask: bool = True) -> LiveRun:
        """Return the run as it is to be followed once more.

        Args:
            ask: Whether `start` asks the engine to retry it first; otherwise somebody else has done so.
        """
        live = LiveRun(self.engine, self.ref, self.graph, self._listeners, whole=self._whole)
        live.state, live.results, live.failures, live.retrying = self.state, self.results, self.failures, True
        live._ask_first = ask
        return live

    def start(self) -> None:
        """Follow the run, in a thread."""
        self.thread.start_clock()
        if self._ask_first:
            self._put(self._retry)
        else:
            self._follow()

    @property
    def can_stop_again(self) -> bool:
        """Whether a stopped run is still at its exit handler, which can be ended too."""
        return self._spared and self._exiting

    def stop(self) -> None:
        """Ask the engine to end the run, in a thread; its state then tells. An exit handler has its turn."""
        spares = self.engine.stop if supports_stop(self.engine) and not self._exiting else None
        self.stopping, self._spared = True, spares is not None

        def stop() -> None:
            if problem := self._ask(spares or self.engine.terminate):
                self.stopping = False
                self._listeners.troubled(problem)

        self.start_thread(stop, "stop")

    def toggle_suspend(self) -> None:
        """Ask the engine, in a thread, to hold the run up, or to let it go on."""
        action = self.suspend_control.begin(self.state)

        def toggle_suspend() -> None:
            problem = self._ask(action) if action else ""
            if problem:
                self.suspend_control.cancel()
                self._listeners.troubled(problem)

        if action:
            self.start_thread(toggle_suspend, "suspend")

    def forget(self) -> None:
        """Note that somebody has deleted the run, and end the threads."""
        self._note_deleted()
        self.lost, self.retrying = True, False
        self.close()

    def close(self) -> None:
        """End the threads; the run goes on."""
        self._closed = True
        if self._ended_run_watcher:
            self._ended_run_watcher.close()
        self._rest()

    def _rest(self) -> None:
        self._stop.set()
        self.thread.stop_clock()
        self.done.set()

    def start_thread(self, target: Callable[[], None], name: str) -> None:
        """Run something in a thread of its own, in the context of the view.

        Args:
            target: What to run.
            name: What the thread is called.
        """
        start_thread(target, name, self.thread.context)

    def _put(self, job: Callable[[], None]) -> None:
        """Run a job that asks the engine, after those put before."""

        def work() -> None:
            if self._stop.is_set():
                return
            try:
                self.thread.context.copy().run(job)
            except Exception as error:  # noqa: BLE001  told in the view: this is the top of a thread
                self._listeners.troubled(problem_of(error))

        self._jobs.put(work)

    def _retry(self) -> None:
        if problem := self._ask(self.engine.retry):
            self.retrying = False
            try:
                self._listeners.changed()
            finally:
                self._on_problem(problem)
        else:
            self._follow()

    def _follow(self) -> None:
        states = as_stream(self.engine.watch(self.ref, self._stop), self._stop, newest_only=True, name="watch")
        self.thread.follow(states, StateListener(self._on_state, self._on_states_end))

    def _on_states_end(self, error: Exception | None) -> None:
        """Say why the states have ended, unless that is because the run has."""
        if self._stop.is_set() or (error is None and self.state and self.state.phase.finished):
            return
        if isinstance(error, RunNotFoundError):
            self._on_deleted(error.format_message())
        elif isinstance(error, KfpJupyterError):
            self._on_lost(error.format_message())
        elif error is None:
            self._on_lost(f"The engine {self.engine.name} stopped reporting run {self.ref.id} before it had finished.")
        else:
            self._on_lost(f"The view can't follow run {self.ref.id}: {type(error).__name__}: {error}")

    def _ask(self, action: Callable[[RunRef], None]) -> str:
        """Have the engine do something; return what it says against it, empty where it does it."""
        try:
            action(self.ref)
        except RunNotFoundError as error:
            self._note_deleted()
            return error.format_message()
        except KfpJupyterError as error:
            return error.format_message()
        except Exception as error:  # noqa: BLE001  nobody else would hear of it: this is the top of a thread
            return f"The engine {self.engine.name} failed: {type(error).__name__}: {error}"
        return ""

    def _on_state(self, state: RunState) -> None:
        state = self.state = _with_what_never_began(state, self.state)
        if self.retrying:
            self.retrying, self.failures = False, []
            kept = {node.id for node in state.nodes.values() if node.phase is Phase.SUCCEEDED}
            self.results = {key: results for key, results in self.results.items() if key in kept}
        self._listeners.changed()
        if not self._whole and len(state.nodes) != self._nodes_seen:
            self._nodes_seen = len(state.nodes)
            self._put(self._read_workflow)
        for node in state.nodes.values():
            if node.id not in self._read and has_results(node):
                self._read.add(node.id)
                self._put(partial(self._read_results, node))
        if state.phase.finished:
            self._put(partial(self._on_end, state))

    def _on_tick(self) -> None:
        if self.state:
            self.thread.tick = tick_after(self.state.seconds(datetime.now(timezone.utc)))
        self._listeners.ticked()

    def _on_lost(self, problem: str) -> None:
        self.lost = True
        self.retrying = False
        self._on_problem(problem)

    def _on_deleted(self, problem: str) -> None:
        self._note_deleted()
        self._on_lost(problem)

    def _note_deleted(self) -> None:
        self.deleted = True
        if self.state:
            self.state = self.state.deleted(datetime.now(timezone.utc))

    def _on_problem(self, problem: str) -> None:
        try:
            self._listeners.troubled(problem)
        finally:
            self.close()

    def _read_workflow(self) -> None:
        try:
            workflow = self.engine.workflow(self.ref)
        except KfpJupyterError:
            # What hinders the engine is told by the watch, and the next state asks again.
            self._nodes_seen = 0
            return
        self._whole = is_whole(workflow)
        self._listeners.grown(workflow)

    def _read_results(self, node: NodeState) -> None:
        self.results[node.id] = read_results(self.engine, self.ref, node)
        self._listeners.changed()

    def _on_end(self, state: RunState) -> None:
        try:
            self.failures = self._collect_failures(state) if state.phase.bad else []
            self._listeners.ended()
        finally:
            self._rest()
        self._watch_ended_run(state)

    def _watch_ended_run(self, state: RunState) -> None:
        """Look now and then at the run that has ended, where the engine can tell at little cost."""
        if supports_summary(self.engine) and not self._closed:
            self._ended_run_watcher = EndedRunWatcher(
                self.engine, self.ref, state.finished_at, self._listeners.reopened, self._on_deleted
            )
            self._ended_run_watcher.start()

    def _collect_failures(self, state: RunState) -> list[Failure]:
        statuses = compute_statuses(self.graph, state)
        iterations = [(step.label, *iteration) for step in self.graph.nodes for iteration in statuses[step.path].nodes]
        bad = [
            (f"{label} ({iteration})" if iteration else label, node)
            for label, iteration, node in iterations
            if node.phase.bad
        ]
        return [
            Failure(label, node, self._log_of(node) if index < MAX_STEPS else "")
            for index, (label, node) in enumerate(sorted(bad, key=lambda pair: pair[1].stopped))
        ]

    def _log_of(self, node: NodeState) -> str:
        if node.stopped or node.started_at is None:
            return ""
        return end_of_log(self.engine, self.ref, node.id, self._stop)


def _with_what_never_began(state: RunState, before: RunState | None) -> RunState:
    """Return a state in which steps haven't begun that were waiting when their run was stopped.

    Args:
        state: The state.
        before: The one before it, which tells so; engines needn't.
    """
    waiting = {key for key, node in before.nodes.items() if node.phase is Phase.PENDING} if before else set()
    never = [key for key in waiting if key in state.nodes and state.nodes[key].stopped]
    if not never:
        return state
    nodes = {key: dataclasses.replace(state.nodes[key], begun=False) for key in never}
    return dataclasses.replace(state, nodes={**state.nodes, **nodes})
