"""The engine of the view's tests, and short words for states and Workflows."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from kfp_jupyter.engines import memory
from kfp_jupyter.engines.base import Capability, RunRef, Workflow
from kfp_jupyter.errors import EngineError
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


class MemoryEngine(memory.MemoryEngine):
    """The memory engine as the view's tests have it: its runs end only as they say, and what is asked is written down.

    It has the name of the engine that a view offers first, and its runs are called ``demo``, ``demo-2``, ….
    """

    name = "local"
    capabilities: ClassVar[frozenset[Capability]] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.submitted: list[dict[str, str]] = []
        self.named: list[tuple[str | None, str | None]] = []
        self.terminated: list[str] = []
        self.retried: list[str] = []
        self.may_retry = threading.Event()
        self.may_retry.set()
        self.refuse: EngineError | None = None

    def report(self, state: RunState) -> None:
        """Make this the run's newest state."""
        self.run(state.id).report(state)

    def describe(self, run_id: str, workflow: Workflow) -> None:
        """Make this the run's Workflow, as a controller that fills in what templates elsewhere say."""
        self.run(run_id).workflow = workflow

    def lose(self, run_id: str, error: Exception) -> None:
        """Let watching the run raise this."""
        self.run(run_id).lose(error)

    def log(self, node_id: str, text: str, *, notice: bool = False, run: str = "demo") -> None:
        """Write to a step's log."""
        self.run(run).log(node_id, text, notice=notice)

    def artifact(self, node_id: str, name: str, data: bytes, run: str = "demo") -> None:
        """Store an artifact."""
        self.run(run).artifact(node_id, name, data)

    def new_id(self, workflow: Workflow) -> str:
        return "demo" if not self.submitted else f"demo-{len(self.submitted) + 1}"

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
        run = super().submit(workflow, arguments=arguments, run_name=run_name, experiment=experiment)
        self.submitted.append(dict(arguments or {}))
        self.named.append((run_name, experiment))
        self.report(run_state("Pending", run=run.id))
        return run

    def terminate(self, run: RunRef) -> None:
        self.terminated.append(run.id)

    def retry(self, run: RunRef) -> None:
        assert self.may_retry.wait(30)
        if self.refuse:
            raise self.refuse
        self.retried.append(run.id)
        super().retry(run)


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
