"""How a build context reaches kaniko."""

from __future__ import annotations

import base64
import io
import os
import sys
import tarfile
from typing import Any

import pytest

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.images import ContainerBuilder, GcsStaging, S3Staging, SecretStaging
from kfp_jupyter.images.staging import staging_at
from tests.images.buckets import served
from tests.images.conftest import Build

CREDENTIALS = {"accesskey": base64.b64encode(b"me").decode(), "secretkey": base64.b64encode(b"password").decode()}


def container(build: Build) -> Any:
    """Kaniko's container in the pod that was made."""
    return build.api.body("create pods")["spec"]["containers"][0]


def context_of(build: Build) -> str:
    """What kaniko was told of the context."""
    args: list[str] = container(build)["args"]
    return next(arg.partition("=")[2] for arg in args if arg.startswith("--context="))


def test_without_a_bucket_the_context_is_a_secret_that_the_pod_mounts(build: Build) -> None:
    build()

    secret = build.api.body("create secrets")
    spec = build.api.body("create pods")["spec"]
    assert spec["volumes"] == [{"name": "context", "secret": {"secretName": secret["metadata"]["name"]}}]
    assert container(build)["volumeMounts"] == [{"name": "context", "mountPath": "/build", "readOnly": True}]
    assert context_of(build) == "tar:///build/context.tar.gz"


def test_the_context_holds_the_directory_and_no_name_of_its_owner(build: Build) -> None:
    build()

    data = base64.b64decode(build.api.body("create secrets")["data"]["context.tar.gz"])
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert tar.getnames() == ["Dockerfile", "data", "data/table.csv"]
        assert {(entry.uid, entry.uname) for entry in tar} == {(0, "")}


def test_the_secret_is_gone_after_the_build(build: Build) -> None:
    build()

    assert build.api.secrets == {}


def test_the_secret_and_the_pod_are_gone_after_an_interrupt(build: Build) -> None:
    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    builder = ContainerBuilder(namespace="team", k8s_client_configuration=build.api.configuration(), show=interrupted)
    with pytest.raises(KeyboardInterrupt):
        builder.build(build.context, target_image="a/b:1")

    assert build.api.requests[-2:] == ["delete pods", "delete secrets"]


def test_a_secret_that_can_not_be_deleted_does_not_spoil_the_build(build: Build) -> None:
    build.api.refusals["delete secrets"] = "may not delete pods"

    assert "@sha256:" in build()
    assert any(line.startswith("The secret image-context-") and "could not be deleted" in line for line in build.shown)


def test_a_context_too_large_for_a_secret_is_refused_with_the_other_ways(build: Build) -> None:
    (build.context / "large").write_bytes(os.urandom(1_100_000))

    with pytest.raises(
        EngineError, match=r"bytes compressed, but a secret holds only 1,048,576\. .*gcs_staging=.*s3://"
    ):
        build()
    assert build.api.requests == []


def test_on_google_cloud_the_context_is_an_object_in_the_bucket(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("google.cloud.storage", reason="google-cloud-storage isn't installed")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "project")
    with served(b"{}") as bucket:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", bucket.url)
        build(gcs_staging="gs://models/staging")

    assert context_of(build).startswith("gs://models/staging/")
    assert context_of(build).endswith(".tar.gz")
    assert bucket.methods("/o") == ["POST", "DELETE"]


def test_a_bucket_that_refuses_is_named(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("google.cloud.storage", reason="google-cloud-storage isn't installed")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "project")
    with served(b"{}") as bucket:
        bucket.refuse = True
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", bucket.url)
        with pytest.raises(EngineError, match=r"The build context can't be stored at gs://models/staging: .*403"):
            build(gcs_staging="gs://models/staging")
    assert build.api.requests == []


def test_in_minio_the_context_is_an_object_read_with_the_namespaces_own_credentials(build: Build) -> None:
    pytest.importorskip("boto3", reason="boto3 isn't installed")
    build.api.secrets["mlpipeline-minio-artifact"] = CREDENTIALS
    with served(b"") as bucket:
        build(gcs_staging=S3Staging("s3://mlpipeline/builds", upload_endpoint=bucket.url))

    assert context_of(build).startswith("s3://mlpipeline/builds/")
    assert [method for method, _ in bucket.asked] == ["PUT", "DELETE"]
    env = {variable["name"]: variable for variable in container(build)["env"]}
    assert env["S3_ENDPOINT"]["value"] == "http://minio-service.kubeflow:9000"
    assert env["S3_FORCE_PATH_STYLE"]["value"] == "true"
    reference = {"name": "mlpipeline-minio-artifact", "key": "secretkey"}
    assert env["AWS_SECRET_ACCESS_KEY"]["valueFrom"] == {"secretKeyRef": reference}


@pytest.mark.parametrize("endpoint", ["http://a b:9000", "http://[::1"])
def test_an_endpoint_that_is_no_address_is_told(build: Build, endpoint: str) -> None:
    pytest.importorskip("boto3", reason="boto3 isn't installed")
    build.api.secrets["mlpipeline-minio-artifact"] = CREDENTIALS
    with pytest.raises(
        EngineError, match=r"The build context can't be stored at s3://mlpipeline/builds \(http://.*Invalid"
    ):
        build(gcs_staging=S3Staging("s3://mlpipeline/builds", upload_endpoint=endpoint))


def test_a_secret_without_credentials_is_named(build: Build) -> None:
    pytest.importorskip("boto3", reason="boto3 isn't installed")

    with pytest.raises(EngineError, match="The secret 'mlpipeline-minio-artifact' has no key 'accesskey'"):
        build(gcs_staging="s3://mlpipeline/builds")


@pytest.mark.parametrize(
    ("place", "package", "module"),
    [("gs://b/c", "google-cloud-storage", "google.cloud.storage"), ("s3://b/c", "boto3", "boto3")],
)
def test_a_missing_package_is_named_with_the_way_to_install_it(
    build: Build, monkeypatch: pytest.MonkeyPatch, place: str, package: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    build.api.secrets["mlpipeline-minio-artifact"] = CREDENTIALS

    with pytest.raises(EngineError, match=rf"needs the package {package}, .*pip install {package}"):
        build(gcs_staging=place)


@pytest.mark.parametrize("place", ["bucket/path", "gs:/bucket", "https://bucket/path", ""])
def test_an_address_of_no_known_kind_is_refused(place: str) -> None:
    with pytest.raises(
        UsageError, match=r"is not a valid location for a build context\. Pass gs://bucket/path or s3://"
    ):
        staging_at(place)


def test_every_kind_of_place_has_a_kaniko_that_can_read_it() -> None:
    assert "@sha256:78d44ec4" in GcsStaging("gs://b").executor
    assert S3Staging("s3://b").executor == SecretStaging().executor == "gcr.io/kaniko-project/executor:v1.23.2"
