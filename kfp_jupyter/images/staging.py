"""Where kaniko finds the build context: in a bucket, or in a secret of the namespace.

Source: ``kfp/containers/_gcs_helper.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import importlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.images.kaniko import EXECUTOR, NEWER_EXECUTOR, Context
from kfp_jupyter.kubernetes.objects import CoreObjects
from kfp_jupyter.object_store import Account, S3Store, StoreError

MAX_SECRET_BYTES = 1024 * 1024
"""What Kubernetes takes as the data of one secret."""


Show = Callable[[str], None]


class Staging(Protocol):
    """A place for build contexts."""

    @property
    def executor(self) -> str:
        """A kaniko that can read contexts from there."""

    def stored(self, tarball: Path, objects: CoreObjects, show: Show) -> AbstractContextManager[Context]:
        """Store a context, and remove it at the end.

        Args:
            tarball: The context, a .tar.gz.
            objects: The cluster and namespace that kaniko runs in.
            show: Takes the progress, line by line.

        Raises:
            EngineError: It can't be stored.
        """


def staging_at(place: str | Staging | None) -> Staging:
    """Return the place that an address names: ``gs://…``, ``s3://…``, or None for a secret.

    Raises:
        UsageError: The address is not of one of these kinds.
    """
    if place is None:
        return SecretStaging()
    if not isinstance(place, str):
        return place
    kinds: dict[str, Callable[[str], Staging]] = {"gs": GcsStaging, "s3": S3Staging}
    address = urlsplit(place)
    if address.scheme not in kinds or not address.netloc:
        raise UsageError(
            f"{place!r} is not a valid location for a build context.",
            remedy="Pass gs://bucket/path or s3://bucket/path, or leave it out to use a secret in the namespace.",
        )
    return kinds[address.scheme](place)


@dataclasses.dataclass(frozen=True, slots=True)
class SecretStaging:
    """A secret for every build, mounted in kaniko's pod. Needs no bucket; holds contexts up to 1 MiB, compressed."""

    @property
    def executor(self) -> str:
        """A kaniko that can read contexts from there."""
        return NEWER_EXECUTOR

    @contextlib.contextmanager
    def stored(self, tarball: Path, objects: CoreObjects, show: Show) -> Iterator[Context]:
        """See `Staging.stored`."""
        data = tarball.read_bytes()
        if len(data) > MAX_SECRET_BYTES:
            raise EngineError(
                f"The build context is {len(data):,} bytes compressed, but a secret holds only {MAX_SECRET_BYTES:,}.",
                remedy='Exclude files, or store it in a bucket: gcs_staging="gs://…" or "s3://…".',
            )
        name = f"image-context-{uuid.uuid4().hex[:10]}"
        objects.create_secret(name, {"context.tar.gz": base64.b64encode(data).decode()})
        with _removed(lambda: objects.delete_secret(name), f"secret {name}", EngineError, show):
            yield Context(
                "tar:///build/context.tar.gz",
                volumes=({"name": "context", "secret": {"secretName": name}},),
                mounts=({"name": "context", "mountPath": "/build", "readOnly": True},),
            )


@dataclasses.dataclass(frozen=True, slots=True)
class GcsStaging:
    """Google Cloud Storage, as KFP v1 uses it.

    Attributes:
        place: ``gs://bucket/path``; the bucket is created if it doesn't exist.
    """

    place: str

    @property
    def executor(self) -> str:
        """A kaniko that can read contexts from there."""
        return EXECUTOR

    @contextlib.contextmanager
    def stored(self, tarball: Path, objects: CoreObjects, show: Show) -> Iterator[Context]:  # noqa: ARG002  (no need)
        """See `Staging.stored`."""
        storage = _optional("google.cloud.storage", "google-cloud-storage", self.place)
        errors = (
            importlib.import_module("google.api_core.exceptions").GoogleAPIError,
            importlib.import_module("google.auth.exceptions").GoogleAuthError,
        )
        bucket_name, key = _object_at(self.place)
        try:
            client = storage.Client()
            bucket = client.lookup_bucket(bucket_name) or client.create_bucket(bucket_name)
            blob = bucket.blob(key)
            blob.upload_from_filename(str(tarball))
        except (*errors, OSError) as error:
            raise EngineError(f"The build context can't be stored at {self.place}: {error}.") from None
        with _removed(blob.delete, f"object gs://{bucket_name}/{key}", errors, show):
            yield Context(f"gs://{bucket_name}/{key}")


@dataclasses.dataclass(frozen=True, slots=True)
class S3Staging:
    """MinIO or another S3, with the credentials that Kubeflow Pipelines keeps in the namespace.

    Attributes:
        place: ``s3://bucket/path``; the bucket must exist.
        endpoint: Where kaniko reaches it.
        upload_endpoint: Where this machine reaches it; the same unless given.
        secret: The secret with the credentials.
        access_key: Its key of the user.
        secret_key: Its key of the password.
        region: Name of the region.
    """

    place: str
    endpoint: str = "http://minio-service.kubeflow:9000"
    upload_endpoint: str = ""
    secret: str = "mlpipeline-minio-artifact"  # noqa: S105  (the name of a secret, not a secret)
    access_key: str = "accesskey"
    secret_key: str = "secretkey"  # noqa: S105  (the name of a key)
    region: str = "us-east-1"

    @property
    def executor(self) -> str:
        """A kaniko that can read contexts from there."""
        return NEWER_EXECUTOR

    @contextlib.contextmanager
    def stored(self, tarball: Path, objects: CoreObjects, show: Show) -> Iterator[Context]:
        """See `Staging.stored`."""
        data = objects.secret(self.secret)
        try:
            user, password = (base64.b64decode(data[k]).decode() for k in (self.access_key, self.secret_key))
        except KeyError as error:
            raise EngineError(f"The secret {self.secret!r} has no key {error}.") from None
        bucket, key = _object_at(self.place)
        url = self.upload_endpoint or self.endpoint
        purpose = f"Storing a build context at {self.place}"
        account = Account(user, password)
        with contextlib.ExitStack() as stack:
            try:
                store = S3Store(url, purpose, account=account, region=self.region)
                stack.callback(store.close)
                store.upload(tarball, bucket, key)
            except StoreError as error:
                raise EngineError(f"The build context can't be stored at {self.place} ({url}): {error}.") from None
            with _removed(lambda: store.remove(bucket, key), f"object s3://{bucket}/{key}", StoreError, show):
                yield Context(f"s3://{bucket}/{key}", env=self._env())

    def _env(self) -> list[dict[str, Any]]:
        def from_secret(key: str) -> dict[str, Any]:
            return {"secretKeyRef": {"name": self.secret, "key": key}}

        return [
            {"name": "AWS_ACCESS_KEY_ID", "valueFrom": from_secret(self.access_key)},
            {"name": "AWS_SECRET_ACCESS_KEY", "valueFrom": from_secret(self.secret_key)},
            {"name": "AWS_REGION", "value": self.region},
            {"name": "S3_ENDPOINT", "value": self.endpoint},
            {"name": "S3_FORCE_PATH_STYLE", "value": "true"},
        ]


@contextlib.contextmanager
def _removed(
    remove: Callable[[], object],
    what: str,
    errors: type[Exception] | tuple[type[Exception], ...],
    show: Show,
) -> Iterator[None]:
    """Remove something at the end. If that fails, it is only reported: the build's own result matters more."""
    try:
        yield
    finally:
        try:
            remove()
        except errors as error:
            show(f"The {what} could not be deleted. {error}")


def _object_at(place: str) -> tuple[str, str]:
    """Return the bucket, and a unique name in it."""
    address = urlsplit(place)
    return address.netloc, "/".join(filter(None, (address.path.strip("/"), f"{uuid.uuid4()}.tar.gz")))


def _optional(module: str, package: str, place: str) -> Any:
    """Import a package that only some clouds need and that is therefore not a dependency."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise EngineError(
            f"Storing a build context at {place} needs the package {package}, which isn't installed.",
            remedy=f"Run: pip install {package}",
        ) from None
