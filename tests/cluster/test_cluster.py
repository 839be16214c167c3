"""The test cluster is what tests take it for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes
import pytest
import requests
import urllib3

from tests.cluster import control
from tests.cluster.places import ARGO, BUCKET, KUBERNETES
from tests.cluster.relay import Relay
from tests.cluster.running import Cluster

SECONDS = 180
"""Before a test gives up waiting."""

HELLO = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Workflow",
    "metadata": {"generateName": "hello-"},
    "spec": {
        "entrypoint": "hello",
        "serviceAccountName": "pipeline-runner",
        "templates": [
            {"name": "hello", "container": {"image": "python:3.11-slim", "command": ["echo"], "args": ["hello, world"]}}
        ],
    },
}


def until(there: Callable[[], Any]) -> Any:
    """Return what a function returns as soon as it is something."""
    deadline = time.monotonic() + SECONDS
    while not (found := there()):
        assert time.monotonic() < deadline, "it didn't happen"
        time.sleep(0.2)
    return found


class Workflows:
    """Workflows of a namespace."""

    def __init__(self, client: kubernetes.client.ApiClient, namespace: str) -> None:
        self._api = kubernetes.client.CustomObjectsApi(client)
        self._where = ("argoproj.io", "v1alpha1", namespace, "workflows")

    def submit(self) -> str:
        """Submit a greeting; return its name."""
        return str(self._api.create_namespaced_custom_object(*self._where, HELLO)["metadata"]["name"])

    def finished(self, name: str) -> dict[str, Any]:
        """Return a workflow's status when it has finished; else nothing."""
        found = self._api.get_namespaced_custom_object(*self._where, name)
        status: dict[str, Any] = found.get("status", {})
        return status if status.get("finishedAt") else {}


def own_settings(kubeconfig: Path) -> kubernetes.client.ApiClient:
    """Return a client that doesn't try again by itself."""
    settings = kubernetes.client.Configuration()
    kubernetes.config.load_kube_config(str(kubeconfig), client_configuration=settings)
    settings.retries = False
    return kubernetes.client.ApiClient(settings)


def test_the_api_answers(cluster: Cluster) -> None:
    with cluster.client() as client:
        version = kubernetes.client.VersionApi(client).get_code()

    assert version.git_version == f"v{KUBERNETES}"


def test_a_workflow_runs_to_its_end_and_its_log_is_in_minio(cluster: Cluster, namespace: str) -> None:
    with cluster.client() as client:
        workflows = Workflows(client, namespace)
        name = workflows.submit()
        status = until(lambda: workflows.finished(name))

    assert status["phase"] == "Succeeded"
    (node,) = status["nodes"].values()
    (log,) = (artifact for artifact in node["outputs"]["artifacts"] if artifact["name"] == "main-logs")
    with cluster.store() as store:
        assert store.read(BUCKET, log["s3"]["key"], 100) == b"hello, world\n"


def test_a_run_of_kubeflow_pipelines_reaches_its_end(cluster: Cluster) -> None:
    runs = f"{cluster.kfp}/apis/v1beta1/runs"
    asked = {"name": "hello", "pipeline_spec": {"workflow_manifest": json.dumps(HELLO)}}
    made = requests.post(runs, json=asked, timeout=60)
    assert made.ok, made.text
    run = f"{runs}/{made.json()['run']['id']}"

    def ended() -> str:
        status = str(requests.get(run, timeout=60).json()["run"].get("status", ""))
        return status if status not in ("", "Pending", "Running") else ""

    try:
        assert until(ended) == "Succeeded"
    finally:
        requests.delete(run, timeout=60)


def test_a_cut_way_to_the_api_comes_back(cluster_relay: tuple[Relay, Path]) -> None:
    relay, kubeconfig = cluster_relay
    with own_settings(kubeconfig) as client:
        api = kubernetes.client.CoreV1Api(client)
        assert api.list_namespace().items
        with relay.cut(), pytest.raises(urllib3.exceptions.HTTPError):
            api.list_namespace(_request_timeout=30)
        assert api.list_namespace().items


def test_a_hung_way_to_the_api_answers_when_it_goes_on(cluster_relay: tuple[Relay, Path]) -> None:
    relay, kubeconfig = cluster_relay
    with own_settings(kubeconfig) as client:
        api = kubernetes.client.CoreV1Api(client)
        assert api.list_namespace().items
        with relay.hung(), pytest.raises(urllib3.exceptions.ReadTimeoutError):
            api.list_namespace(_request_timeout=1)
        assert api.list_namespace().items


def test_one_test_s_broken_way_is_not_another_s(cluster: Cluster, cluster_relay: tuple[Relay, Path]) -> None:
    relay, _ = cluster_relay
    with relay.cut(), cluster.client() as client:
        assert kubernetes.client.CoreV1Api(client).list_namespace().items


def test_a_namespace_ends_with_its_use(cluster: Cluster) -> None:
    with cluster.client() as client:
        api = kubernetes.client.CoreV1Api(client)
        with cluster.new_namespace("short") as name:
            assert api.read_namespace(name).status.phase == "Active"
        left = {found.metadata.name: found.status.phase for found in api.list_namespace().items}

    assert left.get(name, "Terminating") == "Terminating"


def test_the_controller_s_absence_only_delays_a_workflow(whole_cluster: Cluster, namespace: str) -> None:
    with whole_cluster.client() as client:
        workflows = Workflows(client, namespace)
        with control.stopped("workflow-controller"):
            name = workflows.submit()
            time.sleep(1)
            assert not workflows.finished(name)
        assert until(lambda: workflows.finished(name))["phase"] == "Succeeded"


def test_a_killed_api_server_comes_back(whole_cluster: Cluster) -> None:
    with own_settings(whole_cluster.kubeconfig) as client:
        api = client.configuration

        def answers() -> bool:
            try:
                return requests.get(f"{api.host}/readyz", verify=api.ssl_ca_cert, timeout=5).ok
            except requests.ConnectionError:
                return False

        with control.stopped("kube-apiserver"):
            assert not answers()
        control.order("kill", "kube-apiserver")
        until(answers)


def test_minio_can_be_away(whole_cluster: Cluster) -> None:
    live = f"{whole_cluster.s3}/minio/health/live"
    with control.stopped("minio"), pytest.raises(requests.ConnectionError):
        requests.get(live, timeout=30)

    def is_back() -> bool:
        try:
            return requests.get(live, timeout=5).ok
        except requests.ConnectionError:
            return False

    assert until(is_back)


def test_the_versions_are_the_ones_named(cluster: Cluster) -> None:
    with cluster.client() as client:
        (node,) = kubernetes.client.CoreV1Api(client).list_node().items

    assert any(name.endswith(f"argoexec:v{ARGO}") for image in node.status.images for name in image.names)
