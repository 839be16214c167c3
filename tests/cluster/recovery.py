"""Waiting until a cluster that was disturbed does its work again."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import kubernetes
import urllib3

from tests.cluster import control
from tests.cluster.places import NAMESPACE
from tests.cluster.running import Cluster
from tests.cluster.shell import ClusterError

SECONDS = 180
"""More than any program waits before it asks the API again."""

RUN: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Workflow",
    "metadata": {"generateName": "recovery-"},
    "spec": {
        "entrypoint": "main",
        "serviceAccountName": "pipeline-runner",
        "templates": [{"name": "main", "container": {"image": "python:3.11", "command": ["true"]}}],
    },
}


def wait_until_at_work(cluster: Cluster) -> None:
    """Wait until a run with a pod succeeds.

    Raises:
        ClusterError: It doesn't.
    """
    # It would wait for up to a minute before it asks an API again that was away.
    control.order("kill", "workflow-controller")
    deadline = time.monotonic() + SECONDS
    run = ""
    with cluster.client() as client:
        workflows = kubernetes.client.CustomObjectsApi(client)
        place = ("argoproj.io", "v1alpha1", NAMESPACE, "workflows")
        while time.monotonic() < deadline:
            # An API that doesn't answer yet is what is waited for.
            with contextlib.suppress(kubernetes.client.ApiException, urllib3.exceptions.HTTPError):
                run = run or str(workflows.create_namespaced_custom_object(*place, RUN)["metadata"]["name"])
                found = workflows.get_namespaced_custom_object(*place, run)
                if (found.get("status") or {}).get("phase") == "Succeeded":
                    workflows.delete_namespaced_custom_object(*place, run)
                    return
            time.sleep(0.2)
    raise ClusterError(f"The cluster wasn't itself again {SECONDS} seconds after a test.")
