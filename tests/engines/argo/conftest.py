"""The cluster, and an engine of its own for every test: only its own runs are listed, and all are gone afterwards."""

from __future__ import annotations

import contextlib
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.connection import Connection
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import NodeState, RunState

NEVER = threading.Event()

NAMESPACE = os.environ.get("KFP_JUPYTER_TEST_NAMESPACE", "kubeflow")
S3 = os.environ.get("KFP_JUPYTER_TEST_S3", "http://127.0.0.1:19000")


@pytest.fixture(scope="session")
def kubeconfig() -> str:
    """The file that leads to the cluster."""
    file = os.environ.get("KFP_JUPYTER_TEST_KUBECONFIG", "")
    if not Path(file).is_file():
        pytest.skip("needs a cluster: set KFP_JUPYTER_TEST_KUBECONFIG")
    return file


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
def objects(kubeconfig: str) -> Objects:
    """What the cluster has."""
    return Objects(Connection(kubeconfig=kubeconfig, namespace=NAMESPACE))


@pytest.fixture
def argo(kubeconfig: str, objects: Objects) -> Iterator[ArgoEngine]:
    """An engine whose list of runs nobody else writes to."""
    mine = {"kfp-jupyter/test": uuid.uuid4().hex}
    made = ArgoEngine(kubeconfig=kubeconfig, namespace=NAMESPACE, s3_endpoint=S3, labels=mine)
    yield made
    for summary in made.runs():
        with contextlib.suppress(EngineError):
            objects.delete_workflow(summary.ref.id, made.workflow(summary.ref)["metadata"]["uid"])


@pytest.fixture
def runs(argo: ArgoEngine, objects: Objects) -> Runs:
    """The engine, with what tests do with it."""
    return Runs(argo, objects)
