"""The artifact repository, and the Argo Server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.artifacts.repositories import CONFIG_MAP, repository_of
from kfp_jupyter.engines.argo.artifacts.s3 import S3Place, StoreUnreadableError, read_object
from kfp_jupyter.engines.argo.doctor.context import DoctorContext, within
from kfp_jupyter.engines.capabilities import Finding
from kfp_jupyter.errors import EngineError
from kfp_jupyter.object_store import MissingPackageError
from kfp_jupyter.parsing.objects import section

STORE_SECONDS = 10.0

_SUBJECT = "artifacts"
_PROBE = "kfp-jupyter-doctor"
_STORES = ("s3", "gcs", "azure", "oss", "hdfs", "http", "artifactory", "git", "plugin")


def check_repository(context: DoctorContext) -> Iterator[Finding]:
    """Look at the repository that runs keep artifacts and logs in."""
    repository = _repository(context)
    if not repository:
        yield Finding.warning(
            _SUBJECT,
            f"no artifact repository is configured in the namespace {context.namespace!r}; the controller may have "
            "a default one",
            f"Without one, steps can't pass files: define one in a ConfigMap {CONFIG_MAP!r} there, "
            "see https://argo-workflows.readthedocs.io/en/latest/artifact-repository-ref/",
        )
        return
    if "s3" in repository:
        yield _s3(context, dict(repository["s3"] or {}))
    else:
        kind = next((store for store in _STORES if store in repository), "an unknown store")
        yield Finding.warning(
            _SUBJECT, f"they are kept in {kind}, which can't be read from here; runs are not affected"
        )
    if not repository.get("archiveLogs"):
        yield Finding.warning(
            "logs",
            "the artifact repository doesn't archive them: they are lost with a step's pod",
            "Set archiveLogs: true in the repository.",
        )


def check_argo_server(context: DoctorContext) -> Iterator[Finding]:
    """Look at the Argo Server, where one is configured."""
    if context.server is not None:
        version = within(STORE_SECONDS, context.server.version, f"The Argo Server at {context.server.url}")
        yield Finding.ok("Argo Server", f"{version or 'unknown version'} at {context.server.url}")


def _repository(context: DoctorContext) -> Mapping[str, Any]:
    """Return the namespace's repository, or the one that a run here has noted as its own."""
    found = repository_of(context.objects, {}, "")
    noted = (repository_of(context.objects, {"status": section(w, "status")}, "") for w in context.workflows())
    return found or next(filter(None, noted), {})


def _s3(context: DoctorContext, fields: Mapping[str, Any]) -> Finding:
    endpoint, bucket = str(fields.get("endpoint") or "s3.amazonaws.com"), str(fields.get("bucket") or "")
    where = f"s3://{bucket} at {endpoint}"
    if not bucket:
        return Finding.warning(
            _SUBJECT, f"the repository at {endpoint} doesn't set a bucket", "Set it in the repository."
        )
    place = S3Place.of(dict(fields) | {"endpoint": endpoint, "bucket": bucket, "key": _PROBE})

    def read() -> str:
        try:
            read_object(context.objects, _PROBE, place, context.s3_endpoint, 1)
        except (StoreUnreadableError, MissingPackageError):
            raise
        except EngineError as error:
            # That there is no such object is what a store says that is reached and knows us.
            if "no longer in its store" not in error.message:
                raise
        return where

    try:
        text = within(STORE_SECONDS, read, f"The store {where}")
    except EngineError as error:
        return Finding.warning(_SUBJECT, _plain(error.message, where), error.remedy)
    return Finding.ok(_SUBJECT, f"{text}, read from here{_way(context)}")


def _plain(message: str, where: str) -> str:
    """Return what is wrong with a store, without the name of the artifact that was asked for."""
    return message.replace(f"The artifact {_PROBE!r} can't be read", f"{where} can't be read").rstrip(".")


def _way(context: DoctorContext) -> str:
    return f" at {context.s3_endpoint}" if context.s3_endpoint else ""
