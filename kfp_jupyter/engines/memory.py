r"""An engine for tests, as httpx has its ``MockTransport``: runs are held in memory, and a function plays them.

It passes the contract that all engines pass, so what works with it works with the others as far as the protocol goes.
It isn't in the registry, as a view would then offer an engine in which nothing runs; a test that wants it behind the
magics sets ``ENGINES["memory"] = MemoryEngine`` in `kfp_jupyter.engines.registry`.

    def play(run: MemoryRun) -> None:
        run.step("train", Phase.RUNNING)
        run.log("train", "epoch 1\n")
        run.step("train", Phase.SUCCEEDED, outputs={"train-Output": "0.9"})
        run.finish(Phase.SUCCEEDED)

    engine = MemoryEngine(play)
    run = engine.submit(Compiler().workflow(my_pipeline), arguments={"epochs": "1"})
    assert list(engine.watch(run, CancelToken()))[-1].phase is Phase.SUCCEEDED
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import partial
from typing import Any, ClassVar

from kfp_jupyter.engines.arguments import bind_arguments
from kfp_jupyter.engines.base import Capability, LogChunk, RunList, RunRef, RunSummary, Workflow
from kfp_jupyter.engines.find_run import find_run
from kfp_jupyter.engines.options import EngineOption
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.parsing.objects import section, text
from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.workflow.dialect import EXPERIMENT_NAME, MAIN_CONTAINER, MAIN_LOGS, RUN_NAME
from kfp_jupyter.workflow.titles import pipeline_name
from kfp_jupyter.workflow.views import WorkflowView

_WAIT = 0.05
"""Seconds after which a thread that waits for news looks whether it is to end."""

_now = partial(datetime.now, timezone.utc)


class MemoryRun:
    """One run of a `MemoryEngine`, with what is reported of it. All methods may be called from any thread.

    Args:
        news: Told of each change.
        workflow: The run's Workflow object.
        state: Its first state.
    """

    def __init__(self, news: threading.Condition, workflow: Workflow, state: RunState) -> None:
        self._news = news
        self.workflow = workflow
        self.state = state
        self.stop = threading.Event()
        """Set when the run is to end: who plays it needn't go on."""
        self.version = 0
        self.error: Exception | None = None
        self.logs: dict[str, list[LogChunk]] = {}
        self.artifacts: dict[tuple[str, str], bytes] = {}

    @property
    def arguments(self) -> dict[str, str]:
        """The values of the pipeline's parameters."""
        return {each.name: each.value or "" for each in WorkflowView(self.workflow).arguments.parameters}

    def report(self, state: RunState) -> None:
        """Make this the run's newest state.

        Args:
            state: All of it.
        """
        with self._news:
            self.state, self.version = state, self.version + 1
            self._news.notify_all()

    def step(self, path: str, phase: Phase, **fields: Any) -> None:
        """Report a step; nothing happens once the run has ended.

        Args:
            path: Its path within the run, such as ``train``; it is the node's id too.
            phase: Where it stands.
            **fields: Other fields of its `NodeState`, such as ``outputs`` or ``message``.
        """
        with self._news:
            if self.state.phase.finished:
                return
            known = self.state.nodes.get(path) or NodeState(
                path, f"{self.state.name}.{path}", path.rpartition(".")[2], "Pod", "", phase, run=self.state.name
            )
            begun = known.started_at or (None if phase is Phase.PENDING else _now())
            times = {"started_at": begun, "finished_at": _now() if phase.finished else None}
            node = dataclasses.replace(known, phase=phase, **(times | fields))
            self.report(dataclasses.replace(self.state, phase=Phase.RUNNING, nodes={**self.state.nodes, path: node}))

    def finish(self, phase: Phase, message: str = "") -> None:
        """Report the end of the run; nothing happens once it has ended.

        Args:
            phase: How it ended.
            message: Why; empty where nothing is to be said.
        """
        with self._news:
            if not self.state.phase.finished:
                self.report(dataclasses.replace(self.state, phase=phase, message=message, finished_at=_now()))

    def log(self, node_id: str, text: str, *, notice: bool = False) -> None:
        """Write to a step's log.

        Args:
            node_id: The step: its path, where `step` has reported it.
            text: What it prints.
            notice: Whether the engine says so itself.
        """
        with self._news:
            self.logs.setdefault(node_id, []).append(LogChunk(text, notice))
            self._news.notify_all()

    def artifact(self, node_id: str, name: str, data: bytes) -> None:
        """Store an artifact.

        Args:
            node_id: The step that has written it.
            name: The artifact's.
            data: Its bytes.
        """
        self.artifacts[node_id, name] = data

    def lose(self, error: Exception) -> None:
        """Let watching the run raise an error."""
        with self._news:
            self.error = error
            self._news.notify_all()


class MemoryEngine:
    """Holds runs in memory; see the module for an example.

    Args:
        play: Called for each run that starts, and again when it is retried, in a thread of its own; what it raises ends
            the run. Without it a run stays as it is until something is reported of it; see `run`.
    """

    name = "memory"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SUMMARY})
    options: ClassVar[Sequence[EngineOption]] = ()

    def __init__(self, play: Callable[[MemoryRun], None] | None = None) -> None:
        self._play = play
        self._runs: dict[str, MemoryRun] = {}
        self._news = threading.Condition(threading.RLock())
        self._numbers = itertools.count(1)

    @property
    def place(self) -> str:
        """Where its runs are, as text to display."""
        return "this process, gone with it"

    def check(self) -> None:
        """Do nothing: there is no setting that could be wrong; see `Engine.check`."""

    def run(self, run: RunRef | str) -> MemoryRun:
        """Return a run, to report what happens in it.

        Raises:
            RunNotFoundError: There is no such run.
        """
        run_id = run if isinstance(run, str) else run.id
        try:
            return self._runs[run_id]
        except KeyError:
            raise RunNotFoundError(f"There is no run {run_id!r} in {self.place}.") from None

    def add(self, workflow: Workflow, state: RunState) -> RunRef:
        """Hold a run that was submitted elsewhere.

        Args:
            workflow: Its Workflow object.
            state: Its state.
        """
        with self._news:
            self._runs[state.id] = MemoryRun(self._news, workflow, state)
        return RunRef(self.name, state.id)

    def submit(
        self,
        workflow: Workflow,
        *,
        arguments: Mapping[str, str] | None = None,
        run_name: str | None = None,
        experiment: str | None = None,
    ) -> RunRef:
        """Start a run and return at once; see `Engine.submit`."""
        parameters = bind_arguments(workflow, arguments or {})
        name = self.new_id(workflow)
        names = {RUN_NAME: run_name, EXPERIMENT_NAME: experiment}
        annotations = {**section(workflow, "metadata", "annotations"), **{k: v for k, v in names.items() if v}}
        metadata = {**section(workflow, "metadata"), "name": name, "uid": str(uuid.uuid4()), "annotations": annotations}
        given = {**section(workflow, "spec", "arguments"), "parameters": parameters}
        spec = {**section(workflow, "spec"), "arguments": given}
        made = self.add(
            {**workflow, "metadata": metadata, "spec": spec},
            RunState(name, name, Phase.PENDING, started_at=_now()),
        )
        self._begin(self.run(made))
        return made

    def new_id(self, workflow: Workflow) -> str:
        """Return the id of a new run: that of the pipeline, and a number."""
        view = WorkflowView(workflow)
        return f"{view.generate_name or f'{view.name}-'}{next(self._numbers)}"

    def watch(self, run: RunRef, stop: threading.Event) -> Iterator[RunState]:
        """Yield the newest state, first at once, then at each change; see `Engine.watch`."""
        held, seen = self.run(run), -1
        while not stop.is_set():
            with self._news:
                if held.error:
                    raise held.error
                if held.version == seen:
                    self._news.wait(_WAIT)
                    continue
                state, seen = held.state, held.version
            yield state
            if state.phase.finished:
                return

    def logs(
        self, run: RunRef, node_id: str, *, follow: bool, stop: threading.Event, container: str = MAIN_CONTAINER
    ) -> Iterator[LogChunk]:
        """Yield a step's log; see `Engine.logs`."""
        held, at = self.run(run), 0
        while True:
            with self._news:
                chunks = held.logs.get(node_id, [])[at:] if container == MAIN_CONTAINER else []
                at += len(chunks)
                state = held.state.nodes.get(node_id)
                over = not follow or state is None or state.phase.finished or held.state.phase.finished
                if not chunks and not over:
                    self._news.wait(_WAIT)
            yield from chunks
            if stop.is_set() or (over and not chunks):
                return

    def read_artifact(self, run: RunRef, node_id: str, name: str) -> bytes:
        """Return an output artifact's bytes; see `Engine.read_artifact`."""
        held = self.run(run)
        if (node_id, name) in held.artifacts:
            return held.artifacts[node_id, name]
        if name == MAIN_LOGS and node_id in held.state.nodes:
            return "".join(chunk.text for chunk in held.logs.get(node_id, ()) if not chunk.notice).encode()
        raise EngineError(f"The step {node_id} has no artifact {name!r}.")

    def workflow(self, run: RunRef) -> Workflow:
        """Return the run's Workflow object; its ``status`` is what was submitted with it."""
        return self.run(run).workflow

    def terminate(self, run: RunRef) -> None:
        """Stop the run's steps now, in Argo's words; nothing happens to a finished run."""
        held = self.run(run)
        with self._news:
            state = held.state
            if state.phase.finished:
                return
            held.stop.set()
            end: dict[str, Any] = {"phase": Phase.FAILED, "finished_at": _now(), "stopped": True}
            said = "workflow shutdown with strategy:  Terminate"
            nodes = {
                key: node if node.phase.finished else dataclasses.replace(node, message=said, **end)
                for key, node in state.nodes.items()
            }
            held.report(dataclasses.replace(state, message="Stopped with strategy 'Terminate'", nodes=nodes, **end))

    def retry(self, run: RunRef) -> None:
        """Have the run played again, with the steps that succeeded; see `Engine.retry`."""
        held = self.run(run)
        with self._news:
            state = held.state
            if not state.phase.finished:
                raise EngineError(f"The run {run.id} is running.", remedy="Wait for its end, or stop it.")
            if state.phase is Phase.SUCCEEDED:
                raise EngineError(f"The run {run.id} has succeeded; there is nothing to retry.")
            kept = {key: node for key, node in state.nodes.items() if node.phase is Phase.SUCCEEDED}
            held.logs, held.stop = {key: lines for key, lines in held.logs.items() if key in kept}, threading.Event()
            held.report(RunState(state.id, state.name, Phase.PENDING, nodes=kept, started_at=_now()))
        self._begin(held)

    def delete(self, run: RunRef) -> None:
        """Remove a finished run; see `Engine.delete`."""
        with self._news:
            held = self.run(run)
            if not held.state.phase.finished:
                raise EngineError(f"The run {run.id} is running.", remedy="Stop it first.")
            del self._runs[run.id]

    def runs(self, limit: int = 100) -> RunList:
        """Return the newest runs, newest first; see `Engine.runs`."""
        with self._news:
            newest = list(reversed(self._runs))[:limit]
            return RunList(tuple(self._summary(self._runs[run_id]) for run_id in newest))

    def summary(self, run: RunRef) -> RunSummary:
        """Return what a list tells of one run; see `SupportsSummary.summary`."""
        return self._summary(self.run(run))

    def get(self, run_id: str) -> RunRef:
        """Return the run of that id, of an id that starts so, or of that name; see `Engine.get`."""

        def names() -> Iterator[tuple[str, str]]:
            return ((run.ref.id, run.name) for run in self.runs(len(self._runs)))

        return RunRef(self.name, find_run(run_id, self._runs, names, f"in {self.place}"))

    def _begin(self, run: MemoryRun) -> None:
        if self._play:
            threading.Thread(target=_played, args=(self._play, run), name="kfp-jupyter-memory-run", daemon=True).start()

    def _summary(self, run: MemoryRun) -> RunSummary:
        state, annotations = run.state, section(run.workflow, "metadata", "annotations")
        return RunSummary(
            RunRef(self.name, state.id),
            pipeline_name(run.workflow),
            state.phase,
            state.started_at,
            state.finished_at,
            stopped=state.stopped,
            held=state.held,
            name=text(annotations, RUN_NAME),
            experiment=text(annotations, EXPERIMENT_NAME),
        )


def _played(play: Callable[[MemoryRun], None], run: MemoryRun) -> None:
    try:
        play(run)
    except Exception as error:  # noqa: BLE001  nobody else would hear of it: this is the top of a thread
        run.finish(Phase.ERROR, f"{type(error).__name__}: {error}")
