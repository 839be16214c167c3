"""Builds in a real cluster.

A shell takes kaniko's place: what is tested is the way there and back. The image it runs in can be named with
``$KFP_JUPYTER_TEST_IMAGE``.
"""

from __future__ import annotations

import base64
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from kubernetes.client import CoreV1Api

from kfp_jupyter.errors import EngineError
from kfp_jupyter.images import ContainerBuilder, S3Staging
from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.objects import CoreObjects
from tests.cluster.not_run import not_run
from tests.cluster.places import S3_PASSWORD, S3_USER
from tests.cluster.running import Cluster as RealCluster

SHELL = os.environ.get("KFP_JUPYTER_TEST_IMAGE", "python:3.11-slim")
DIGEST = "sha256:" + "c" * 64


@pytest.fixture(autouse=True)
def own_kubeconfig(cluster: RealCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds find the cluster as a person's do."""
    monkeypatch.setenv("KUBECONFIG", str(cluster.kubeconfig))


class ShellBuilder(ContainerBuilder):
    """Runs a script where kaniko would build."""

    def __init__(self, namespace: str, script: str, **settings: Any) -> None:
        self.shown: list[str] = []
        self.pod: dict[str, Any] = {}
        self.script = script
        self.where = namespace
        super().__init__(
            namespace=namespace,
            service_account="default",
            kaniko_executor_image=SHELL,
            show=self.shown.append,
            **settings,
        )

    def _pod(self, *words: Any) -> dict[str, Any]:
        self.pod = super()._pod(*words)
        self.pod["metadata"]["generateName"] = f"kaniko-{uuid.uuid4().hex[:8]}-"
        self.pod["spec"]["containers"][0]["command"] = ["sh", "-c", self.script]
        return self.pod

    def left(self) -> list[str]:
        """Names of what is still in the namespace of this build, apart from what is about to go."""
        api = CoreV1Api(Connection().client)
        pods = [p for p in api.list_namespaced_pod(self.where).items if not p.metadata.deletion_timestamp]
        names = [o.metadata.name for o in (*pods, *api.list_namespaced_secret(self.where).items)]
        secrets = [v["secret"]["secretName"] for v in self.pod["spec"].get("volumes", ())]
        return [n for n in names if n.startswith(self.pod["metadata"]["generateName"]) or n in secrets]


def test_the_context_arrives_and_the_digest_comes_back(context: Path, namespace: str) -> None:
    builder = ShellBuilder(
        namespace, f"tar xzOf /build/context.tar.gz data/table.csv; printf {DIGEST} > /dev/termination-log"
    )

    assert builder.build(context, target_image="r.example:5000/x:1", timeout=120) == f"r.example:5000/x@{DIGEST}"
    assert builder.shown[-3:-1] == ["a,b", "1,2"]
    assert builder.left() == []


def test_a_long_log_arrives_whole_and_in_order(context: Path, namespace: str) -> None:
    builder = ShellBuilder(namespace, f"seq 20000; sleep 2; seq 20001 20010; printf {DIGEST} > /dev/termination-log")
    builder.build(context, target_image="r.example/x:1", timeout=120)

    numbers = [int(line) for line in builder.shown if line.isdigit()]
    assert numbers == list(range(1, 20011))


def test_a_failed_build_says_how_and_leaves_nothing(context: Path, namespace: str) -> None:
    builder = ShellBuilder(namespace, "echo 'error building image' >&2; exit 3")

    with pytest.raises(EngineError, match=r"failed with exit code 3 \(Error\): error building image\.$"):
        builder.build(context, target_image="r.example/x:1", timeout=120)
    assert builder.left() == []


def test_a_build_that_takes_too_long_is_removed(context: Path, namespace: str) -> None:
    builder = ShellBuilder(namespace, "echo started; sleep 600")

    with pytest.raises(EngineError, match="took too long"):
        builder.build(context, target_image="r.example/x:1", timeout=5)
    assert builder.left() == []


def test_an_unknown_service_account_is_told(context: Path, namespace: str) -> None:
    builder = ContainerBuilder(namespace=namespace, service_account="nobody")

    with pytest.raises(EngineError, match=r'serviceaccount "nobody" not found.*service_account='):
        builder.build(context, target_image="r.example/x:1")


def test_a_context_in_minio_is_stored_and_removed(
    context: Path, cluster: RealCluster, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not cluster.s3:
        not_run("$KFP_JUPYTER_TEST_S3 names no MinIO with Kubeflow Pipelines' own user and bucket")
    endpoint, secret = cluster.s3, f"minio-{uuid.uuid4().hex[:8]}"
    objects = CoreObjects(Connection(namespace=namespace))
    values = {"accesskey": S3_USER, "secretkey": S3_PASSWORD}
    objects.create_secret(secret, {key: base64.b64encode(value.encode()).decode() for key, value in values.items()})
    place = f"builds-{secret}"
    staging = S3Staging(f"s3://mlpipeline/{place}", upload_endpoint=endpoint, secret=secret)
    script = f'echo "$AWS_ACCESS_KEY_ID at $S3_ENDPOINT"; sleep 3; printf {DIGEST} > /dev/termination-log'
    builder = ShellBuilder(namespace, script, gcs_staging=staging)
    stored: list[str] = []

    def look(line: str) -> None:
        stored.extend(store.keys("mlpipeline", place))
        builder.shown.append(line)

    monkeypatch.setattr(builder, "_show", look)
    with cluster.store() as store:
        try:
            builder.build(context, target_image="r.example/x:1", timeout=120)
        finally:
            objects.delete_secret(secret)
        left = list(store.keys("mlpipeline", place))

    context_url = f"s3://mlpipeline/{stored[0]}"
    assert f"--context={context_url}" in builder.pod["spec"]["containers"][0]["args"]
    assert "minio at http://minio-service.kubeflow:9000" in builder.shown
    assert left == []
