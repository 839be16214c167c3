"""Artifacts of steps: from the cluster's own MinIO, by whichever way leads there, however they are packed."""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
import threading
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import kubernetes
import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.artifacts import read_artifact
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError
from tests.cluster.namespaces import artifact_repository
from tests.cluster.places import S3_USER
from tests.cluster.running import Cluster
from tests.engines.argo.accounts import kubeconfig, new_account
from tests.engines.workflows import python_step, workflow

ANYTHING = bytes(range(256)) * 40

MAKES = """
import gzip, os
os.makedirs('/tmp/tree/below')
for name in ('tree/a', 'tree/below/b', 'plain', 'packed', 'zipped', 'archive'):
    open('/tmp/' + name, 'wb').write(name.encode())
open('/tmp/bytes', 'wb').write(bytes(range(256)) * 40)
open('/tmp/own.gz', 'wb').write(gzip.compress(b'mine'))
"""

WAYS: Mapping[str, tuple[str, dict[str, Any] | None]] = {
    "packed": ("/tmp/packed", None),
    "bytes": ("/tmp/bytes", {"none": {}}),
    "zipped": ("/tmp/zipped", {"zip": {}}),
    "own": ("/tmp/own.gz", {"none": {}}),
    "tree": ("/tmp/tree", None),
    "files": ("/tmp/tree", {"none": {}}),
}


@pytest.fixture(scope="module")
def made(cluster: Cluster, namespace: str) -> Iterator[tuple[RunRef, str]]:
    """A run that has made an artifact of each kind, and its step; all tests read the same one."""
    engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace)
    step = python_step("step", MAKES, files={name: path for name, (path, _) in WAYS.items()})
    for artifact in step["outputs"]["artifacts"]:
        if (archive := WAYS[artifact["name"]][1]) is not None:
            artifact["archive"] = archive
    run = engine.submit(workflow(step))
    state = list(engine.watch(run, CancelToken()))[-1]
    yield run, state.by_path()["step"].id
    engine.delete(run)


def names_in(data: bytes) -> dict[str, bytes]:
    """The files of a .tar.gz."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive if entry.isfile()}  # type: ignore[union-attr]  # files have content


@pytest.mark.parametrize(("name", "content"), [("packed", b"packed"), ("bytes", ANYTHING), ("zipped", b"zipped")])
def test_a_file_is_read_however_it_is_packed(
    argo: ArgoEngine, made: tuple[RunRef, str], name: str, content: bytes
) -> None:
    assert argo.read_artifact(*made, name) == content


def test_a_file_that_is_packed_by_its_step_stays_so(argo: ArgoEngine, made: tuple[RunRef, str]) -> None:
    assert argo.read_artifact(*made, "own")[:2] == b"\x1f\x8b"


@pytest.mark.parametrize(("name", "root"), [("tree", "tree/"), ("files", "")])
def test_a_directory_comes_as_an_archive(argo: ArgoEngine, made: tuple[RunRef, str], name: str, root: str) -> None:
    files = {name.removeprefix("./"): data for name, data in names_in(argo.read_artifact(*made, name)).items()}
    assert files == {f"{root}a": b"tree/a", f"{root}below/b": b"tree/below/b"}


@pytest.mark.parametrize("name", ["packed", "bytes", "zipped", "files", "tree"])
def test_what_is_too_large_is_said_and_not_read(
    argo: ArgoEngine, made: tuple[RunRef, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_artifact, "LIMIT", 4)
    with pytest.raises(
        EngineError, match=f"The artifact '{name}' is too large to be shown here: it has more than 4 bytes"
    ):
        argo.read_artifact(*made, name)


def test_an_artifact_that_is_not_there_is_told_with_those_that_are(argo: ArgoEngine, made: tuple[RunRef, str]) -> None:
    with pytest.raises(EngineError, match=r"'step' has no output artifact 'none'\. It has 'packed', 'bytes', "):
        argo.read_artifact(*made, "none")


def changed(argo: ArgoEngine, run: RunRef, **fields: Any) -> dict[str, Any]:
    """A run's Workflow whose repository has other fields than the real one."""
    workflow: dict[str, Any] = json.loads(json.dumps(argo.workflow(run)))
    workflow["status"]["artifactRepositoryRef"]["artifactRepository"]["s3"] |= fields
    return workflow


@contextlib.contextmanager
def secret(cluster: Cluster, namespace: str, **values: str) -> Iterator[str]:
    """Make a secret for a while."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    with cluster.client() as client:
        core = kubernetes.client.CoreV1Api(client)
        core.create_namespaced_secret(namespace, {"metadata": {"name": name}, "stringData": values})
        try:
            yield name
        finally:
            core.delete_namespaced_secret(name, namespace)


def test_wrong_credentials_are_told_with_their_secret(
    cluster: Cluster, namespace: str, argo: ArgoEngine, objects: Objects, made: tuple[RunRef, str]
) -> None:
    run, node = made
    with secret(cluster, namespace, user=S3_USER, password="wrong") as name:
        keys = {"accessKeySecret": {"name": name, "key": "user"}, "secretKeySecret": {"name": name, "key": "password"}}
        with pytest.raises(EngineError, match=rf"rejects the credentials \(.*They come from the secret '{name}'"):
            read_artifact.read_artifact(objects, changed(argo, run, **keys), node, "bytes", cluster.s3)
        keys["accessKeySecret"]["key"] = "nothing"
        with pytest.raises(
            EngineError, match=rf"the secret '{name}' in the namespace '{namespace}' has no key 'nothing'"
        ):
            read_artifact.read_artifact(objects, changed(argo, run, **keys), node, "bytes", cluster.s3)


def test_a_missing_secret_a_missing_bucket_and_a_store_that_is_not_there_are_told(
    cluster: Cluster, argo: ArgoEngine, objects: Objects, made: tuple[RunRef, str]
) -> None:
    run, node = made

    def said(endpoint: str, **fields: Any) -> str:
        with pytest.raises(EngineError) as caught:
            read_artifact.read_artifact(objects, changed(argo, run, **fields), node, "bytes", endpoint)
        return str(caught.value)

    missing = said(cluster.s3, accessKeySecret={"name": "none", "key": "k"})
    assert "the secret 'none' with its store's credentials isn't in the namespace" in missing
    assert "is no longer in its store: there is no s3://other/" in said(cluster.s3, bucket="other")
    assert "http://127.0.0.1:9 doesn't answer (Connection refused)" in said("http://127.0.0.1:9")
    assert "No pod of the service" in said("")


def test_an_account_that_may_not_read_the_secret_gets_the_command_that_lets_it(
    cluster: Cluster,
    namespace: str,
    argo: ArgoEngine,
    objects: Objects,
    made: tuple[RunRef, str],
    tmp_path: Path,
) -> None:
    run, node = made
    with new_account(objects) as nobody:
        file = kubeconfig(cluster, tmp_path / "kubeconfig", {"token": nobody.token()}, namespace=namespace)
        theirs = Objects(connect(kubeconfig=str(file)))
        with pytest.raises(EngineError) as caught:
            read_artifact.read_artifact(theirs, argo.workflow(run), node, "bytes", cluster.s3)
    assert "the secret 'mlpipeline-minio-artifact' with" in caught.value.message
    assert "is not accessible. The account" in caught.value.message
    assert "kubectl create role kfp-jupyter-secrets" in caught.value.remedy


def test_a_run_that_names_only_a_config_map_is_read_through_it(
    cluster: Cluster, namespace: str, argo: ArgoEngine, objects: Objects, made: tuple[RunRef, str]
) -> None:
    run, node = made
    workflow = json.loads(json.dumps(argo.workflow(run)))
    # As controllers before 3.2 leave it; the namespace's ConfigMap has the repository.
    workflow["status"]["artifactRepositoryRef"] = {"configMap": "artifact-repositories", "key": "default"}
    assert read_artifact.read_artifact(objects, workflow, node, "bytes", cluster.s3) == ANYTHING
    del workflow["status"]["artifactRepositoryRef"]
    assert read_artifact.read_artifact(objects, workflow, node, "bytes", cluster.s3) == ANYTHING


def test_an_artifact_that_says_all_of_its_place_itself_is_read_there(
    cluster: Cluster, argo: ArgoEngine, objects: Objects, made: tuple[RunRef, str]
) -> None:
    run, node = made
    workflow = json.loads(json.dumps(argo.workflow(run)))
    del workflow["status"]["artifactRepositoryRef"]
    whole = {key: value for key, value in artifact_repository()["s3"].items() if key != "keyFormat"}
    for artifact in workflow["status"]["nodes"][node]["outputs"]["artifacts"]:
        artifact["s3"] |= whole
    assert read_artifact.read_artifact(objects, workflow, node, "bytes", cluster.s3) == ANYTHING


FORWARDER = """
import socket, threading
def pump(a, b):
    try:
        while block := a.recv(65536): b.sendall(block)
    finally: b.shutdown(socket.SHUT_WR)
server = socket.create_server(('', 7000))
while True:
    near, _ = server.accept()
    far = socket.create_connection(('minio-service.kubeflow', 9000))
    for pair in ((near, far), (far, near)): threading.Thread(target=pump, args=pair, daemon=True).start()
"""


@pytest.fixture
def store_in_a_pod(cluster: Cluster, namespace: str) -> Iterator[str]:
    """MinIO behind a pod and a service of the namespace: the cluster's own is no pod."""
    name = f"store-{uuid.uuid4().hex[:8]}"
    labels = {"app": name}
    container = {
        "name": "main",
        "image": "python:3.11",
        "command": ["python3", "-c", FORWARDER],
        "ports": [{"name": "s3", "containerPort": 7000}],
        "readinessProbe": {"tcpSocket": {"port": 7000}, "periodSeconds": 1},
    }
    with cluster.client() as client:
        core = kubernetes.client.CoreV1Api(client)
        spec = {"containers": [container], "terminationGracePeriodSeconds": 0}
        core.create_namespaced_pod(namespace, {"metadata": {"name": name, "labels": labels}, "spec": spec})
        ports = [{"port": 9000, "targetPort": "s3"}]
        core.create_namespaced_service(
            namespace, {"metadata": {"name": name}, "spec": {"selector": labels, "ports": ports}}
        )
        watch = kubernetes.watch.Watch()
        for event in watch.stream(core.list_namespaced_pod, namespace, label_selector=f"app={name}"):
            if any(c.type == "Ready" and c.status == "True" for c in event["object"].status.conditions or ()):
                watch.stop()
        yield f"{name}.{namespace}:9000"
        core.delete_namespaced_service(name, namespace)
        core.delete_namespaced_pod(name, namespace)


def test_a_store_that_only_the_cluster_reaches_is_read_through_its_api(
    argo: ArgoEngine, objects: Objects, made: tuple[RunRef, str], store_in_a_pod: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, node = made
    threads = set(threading.enumerate())
    inside = changed(argo, run, endpoint=store_in_a_pod)
    assert objects.service("none", objects.namespace) is None
    # The API is known by now. A proxy that the environment names has nothing to do with a port of this machine.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert read_artifact.read_artifact(objects, inside, node, "bytes", "") == ANYTHING
    assert len(names_in(read_artifact.read_artifact(objects, inside, node, "files", ""))) == 2
    monkeypatch.setattr(read_artifact, "LIMIT", 4)
    with pytest.raises(EngineError, match="too large"):
        read_artifact.read_artifact(objects, inside, node, "bytes", "")
    assert set(threading.enumerate()) <= threads
