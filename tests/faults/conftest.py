"""Ways to the cluster that give up soon, and runs that cost it little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.actions.run_actions import shut_down
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.connection import Timeouts
from tests.cluster.relay import Relay
from tests.cluster.running import Cluster

QUICK = Timeouts(connect=1.0, answer=2.0, quiet=6.0)
"""The server ends each watch after a second, and a silence of six is a broken network."""

Submit = Callable[[dict[str, Any]], str]


def waits(*seconds: int) -> dict[str, Any]:
    """Return a Workflow of steps that wait, one after the other, without pods."""
    templates = [{"name": f"wait-{n}", "suspend": {"duration": str(count)}} for n, count in enumerate(seconds)]
    steps = [[{"name": template["name"], "template": template["name"]}] for template in templates]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": "waits-"},
        "spec": {
            "entrypoint": "main",
            "serviceAccountName": "pipeline-runner",
            "templates": [{"name": "main", "steps": steps}, *templates],
        },
    }


@pytest.fixture
def truth(cluster: Cluster, namespace: str) -> Objects:
    """An undisturbed way to the cluster."""
    return Objects(connect(kubeconfig=str(cluster.kubeconfig), namespace=namespace))


@pytest.fixture
def quick(cluster: Cluster, namespace: str) -> Objects:
    """A way to the cluster that gives up soon."""
    return Objects(connect(kubeconfig=str(cluster.kubeconfig), namespace=namespace, timeouts=QUICK))


@pytest.fixture
def shaky(cluster_relay: tuple[Relay, Path], namespace: str) -> tuple[Objects, Relay]:
    """One that gives up soon and can be disturbed."""
    relay, kubeconfig = cluster_relay
    return Objects(connect(kubeconfig=str(kubeconfig), namespace=namespace, timeouts=QUICK)), relay


@pytest.fixture
def submit(truth: Objects) -> Iterator[Submit]:
    """Start a run; it is ended after the test, if it is still at work."""
    with ExitStack() as afterwards:

        def start(workflow: dict[str, Any]) -> str:
            name = truth.create_workflow(workflow)
            afterwards.callback(_end, truth, name)
            return name

        yield start


def _end(truth: Objects, name: str) -> None:
    with suppress(EngineError):
        shut_down(truth, name, "Terminate")
