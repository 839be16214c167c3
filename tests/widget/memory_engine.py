"""An engine that holds runs in memory and reports what a test tells it to."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from kfp_jupyter.engines.base import Capability, LogChunk, RunList, RunRef, Workflow
from kfp_jupyter.engines.options import EngineOption
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.widget.step_status import Iteration, StepStatus, most_urgent

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
ENDED = ("Succeeded", "Failed", "Error")


def node(path: str, phase: str, *, seconds: float = 1.5, run: str = "demo", **more: Any) -> NodeState:
    """Return the state of a step that took so long."""
    word = Phase(phase)
    started = START if word not in (Phase.PENDING, Phase.SKIPPED, Phase.OMITTED) else None
    return NodeState(
        id=f"{run}-{path}",
        name=f"{run}.{path}",
        display_name=path.rpartition(".")[2],
        type=more.pop("type", "Pod"),
        template=path.rpartition(".")[2],
        phase=word,
        started_at=started,
        finished_at=started + timedelta(seconds=seconds) if started and word.finished else None,
        **more,
    )


def run_state(
    phase: str, *nodes: NodeState, run: str = "demo", message: str = "", seconds: float = 3.0, **more: Any
) -> RunState:
    """Return the state of a run with these steps."""
    return RunState(
        id=run,
        name=run,
        phase=Phase(phase),
        message=message,
        nodes={node.id: node for node in nodes},
        started_at=START,
        finished_at=START + timedelta(seconds=seconds) if phase in ENDED else None,
        **more,
    )


def standing(*nodes: NodeState | None) -> StepStatus:
    """Return how a step stands with one node, or with one for each turn of a loop."""
    labels = [""] if len(nodes) == 1 else [str(index + 1) for index in range(len(nodes))]
    iterations = tuple(Iteration(label, one) for label, one in zip(labels, nodes, strict=True))
    urgent = most_urgent(iterations)
    return StepStatus(urgent.node if urgent else None, iterations)


@dataclasses.dataclass
class _Run:
    workflow: Workflow
    state: RunState
    version: int = 0
    error: Exception | None = None
    logs: dict[str, list[LogChunk]] = dataclasses.field(default_factory=dict)
    artifacts: dict[tuple[str, str], bytes] = dataclasses.field(default_factory=dict)


class MemoryEngine:
    """A place where nothing happens but what a test reports with `report`, `log` and `artifact`."""

    name = "local"
    place = "this test"
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    options: ClassVar[Sequence[EngineOption]] = ()

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}
        self._news = threading.Condition()
        self.submitted: list[dict[str, str]] = []
        self.named: list[tuple[str | None, str | None]] = []
        self.terminated: list[str] = []
        self.retried: list[str] = []
        self.may_retry = threading.Event()
        self.may_retry.set()
        self.refuse: EngineError | None = None

    def report(self, state: RunState) -> None:
        """Make this the run's newest state."""
        with self._news:
            run = self._runs[state.id]
            run.state, run.version = state, run.version + 1
            self._news.notify_all()

    def describe(self, run_id: str, workflow: Workflow) -> None:
        """Make this the run's Workflow, as a controller that fills in what templates elsewhere say."""
        self._runs[run_id].workflow = workflow

    def lose(self, run_id: str, error: Exception) -> None:
        """Let watching the run raise this."""
        with self._news:
            self._runs[run_id].error = error
            self._news.notify_all()

    def log(self, node_id: str, text: str, *, notice: bool = False, run: str = "demo") -> None:
        """Write to a step's log."""
        with self._news:
            self._runs[run].logs.setdefault(node_id, []).append(LogChunk(text, notice))
            self._news.notify_all()

    def artifact(self, node_id: str, name: str, data: bytes, run: str = "demo") -> None:
        """Store an artifact."""
        self._runs[run].artifacts[node_id, name] = data

    def add(self, workflow: Workflow, state: RunState) -> RunRef:
        """Store a run that was submitted elsewhere."""
        self._runs[state.id] = _Run(workflow, state)
        return RunRef(self.name, state.id)

    def check(self) -> None: ...

    def submit(
        self,
        workflow: Workflow,
        *,
        arguments: Mapping[str, str] | None = None,
        run_name: str | None = None,
        experiment: str | None = None,
    ) -> RunRef:
        if self.refuse:
            raise self.refuse
        run_id = "demo" if not self.submitted else f"demo-{len(self.submitted) + 1}"
        self.submitted.append(dict(arguments or {}))
        self.named.append((run_name, experiment))
        return self.add(workflow, run_state("Pending", run=run_id))

    def watch(self, run: RunRef, stop: threading.Event) -> Iterator[RunState]:
        held, seen = self._runs[run.id], -1
        while not stop.is_set():
            with self._news:
                if held.version == seen and not held.error:
                    self._news.wait(0.05)
                    continue
                if held.error:
                    raise held.error
                state, seen = held.state, held.version
            yield state
            if state.phase.finished:
                return

    def logs(
        self, run: RunRef, node_id: str, *, follow: bool, stop: threading.Event, container: str = "main"
    ) -> Iterator[LogChunk]:
        held, at = self._runs[run.id], 0
        while True:
            with self._news:
                chunks = held.logs.get(node_id, [])[at:]
                at += len(chunks)
                state = held.state.nodes.get(node_id)
                over = not follow or state is None or state.phase.finished or held.state.phase.finished
                if not chunks and not over:
                    self._news.wait(0.05)
            yield from chunks
            if stop.is_set() or (over and not chunks):
                return

    def read_artifact(self, run: RunRef, node_id: str, name: str) -> bytes:
        try:
            return self._runs[run.id].artifacts[node_id, name]
        except KeyError:
            raise EngineError(f"The step {node_id} has no artifact {name!r}.") from None

    def workflow(self, run: RunRef) -> Workflow:
        if run.id not in self._runs:
            raise RunNotFoundError(f"There is no run {run.id!r}.")
        return self._runs[run.id].workflow

    def terminate(self, run: RunRef) -> None:
        self.terminated.append(run.id)

    def retry(self, run: RunRef) -> None:
        assert self.may_retry.wait(30)
        if self.refuse:
            raise self.refuse
        self.retried.append(run.id)
        held = self._runs[run.id]
        held.logs.clear()
        kept = [node for node in held.state.nodes.values() if node.phase is Phase.SUCCEEDED]
        self.report(run_state("Pending", *kept, run=run.id))

    def delete(self, run: RunRef) -> None:
        del self._runs[run.id]

    def runs(self, limit: int = 100) -> RunList:
        return RunList()

    def get(self, run_id: str) -> RunRef:
        return RunRef(self.name, run_id)


def workflow(
    tasks: Mapping[str, list[str]], *, name: str = "Demo", inputs: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return a Workflow of steps with what each waits for, and a pipeline's inputs as its spec declares them."""
    fields = inputs or []
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {
            "generateName": "demo-",
            "annotations": {"pipelines.kubeflow.org/pipeline_spec": json.dumps({"name": name, "inputs": fields})},
        },
        "spec": {
            "entrypoint": "main",
            "arguments": {
                "parameters": [
                    {"name": f["name"], **({"value": f["default"]} if "default" in f else {})} for f in fields
                ]
            },
            "templates": [
                {
                    "name": "main",
                    "dag": {"tasks": [{"name": t, "template": t, "dependencies": d} for t, d in tasks.items()]},
                },
                *({"name": t, "container": {"image": "python:3.11", "command": ["python3"]}} for t in tasks),
            ],
        },
    }
