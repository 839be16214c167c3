"""The cluster, and an engine of its own for every test: only its own runs are listed, and all are gone afterwards."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import NodeState, RunState
from tests.cluster.relay import Relay
from tests.cluster.running import Cluster

NEVER = CancelToken()

SUSPENDED: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Workflow",
    "metadata": {"generateName": "suspended-"},
    "spec": {
        "entrypoint": "wait",
        "serviceAccountName": "pipeline-runner",
        "templates": [{"name": "wait", "suspend": {"duration": "1"}}],
    },
}
"""A Workflow that takes a second and no pod."""


class Runs:
    """An engine and the words tests say to it."""

    def __init__(self, engine: ArgoEngine, objects: Objects) -> None:
        self.engine = engine
        self.objects = objects

    def start(self, workflow: Mapping[str, Any], **arguments: str) -> RunRef:
        """Submit."""
        return self.engine.submit(workflow, arguments=arguments)

    def finish(self, run: RunRef) -> RunState:
        """Wait for the end of a run."""
        return list(self.engine.watch(run, NEVER))[-1]

    def until(self, run: RunRef, condition: Callable[[RunState], bool]) -> RunState:
        """Wait until a run is in some state; a run that ends without is a failure."""
        for state in self.engine.watch(run, NEVER):
            if condition(state):
                return state
        raise AssertionError(f"the run ended before: {state}")

    def step(self, run: RunRef, path: str = "step") -> NodeState:
        """Wait until a step is there."""
        return self.until(run, lambda state: path in state.by_path()).by_path()[path]

    def log(self, run: RunRef, node: str, *, follow: bool = False) -> str:
        """The text of a step's log, without what the engine says."""
        chunks = self.engine.logs(run, node, follow=follow, stop=NEVER)
        return "".join(chunk.text for chunk in chunks if not chunk.notice)

    def pod_of(self, run: RunRef) -> str:
        """The name of the one pod that the cluster has of a run."""
        selector = f"workflows.argoproj.io/workflow={run.id}"
        (pod,) = self.objects.pods(selector, self.objects.namespace)
        return str(pod["metadata"]["name"])


@pytest.fixture
def objects(cluster: Cluster, namespace: str) -> Objects:
    """What the cluster has."""
    return Objects(connect(kubeconfig=str(cluster.kubeconfig), namespace=namespace))


@pytest.fixture
def argo(cluster: Cluster, namespace: str) -> Iterator[ArgoEngine]:
    """An engine whose list of runs nobody else writes to."""
    mine = {"kfp-jupyter/test": uuid.uuid4().hex}
    made = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, s3_endpoint=cluster.s3, labels=mine)
    yield made
    # The namespace goes at the end of all tests; until then what still runs would be in the others' way.
    for summary in made.runs():
        with contextlib.suppress(EngineError):
            made.terminate(summary.ref)


@pytest.fixture
def runs(argo: ArgoEngine, objects: Objects) -> Runs:
    """The engine, with what tests do with it."""
    return Runs(argo, objects)


@pytest.fixture
def shaky(cluster: Cluster, namespace: str, cluster_relay: tuple[Relay, Path]) -> tuple[ArgoEngine, Relay]:
    """An engine behind a relay."""
    relay, kubeconfig = cluster_relay
    return ArgoEngine(kubeconfig=str(kubeconfig), namespace=namespace, s3_endpoint=cluster.s3), relay
