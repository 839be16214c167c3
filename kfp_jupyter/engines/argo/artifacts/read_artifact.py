"""Which store an artifact is in, and what its bytes are."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.artifacts.repositories import repository_of
from kfp_jupyter.engines.argo.artifacts.s3 import Found, S3Place, StoreUnreadableError, read_object, too_large
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.errors import EngineError
from kfp_jupyter.object_store import MissingPackageError
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.workflow.dialect import MAIN_LOGS

LIMIT = 256 * 1024 * 1024
"""Bytes of an artifact that are read into memory at most."""

_GZIP = b"\x1f\x8b"

_STORES = {
    "gcs": ("Google Cloud Storage", "gs://{bucket}/{key}"),
    "azure": ("Azure Blob Storage", "{endpoint}/{container}/{blob}"),
    "oss": ("Alibaba Cloud OSS", "oss://{bucket}/{key}"),
    "hdfs": ("HDFS", "{path}"),
    "http": ("a web server", "{url}"),
    "artifactory": ("Artifactory", "{url}"),
    "git": ("Git", "{repo}"),
    "plugin": ("a plugin's store", "{key}"),
}
"""Argo's key of a store that isn't supported here → its name, and the location of an object in it."""


def read_artifact(objects: Objects, workflow: Mapping[str, Any], node_id: str, name: str, s3_endpoint: str) -> bytes:
    """Return an output artifact's bytes, unpacked; a directory as a .tar.gz, or as the .zip that it is kept as.

    Straight from its store; what can't be read there is asked of the Argo Server, where there is one.

    Args:
        objects: Where the run is.
        workflow: The run's Workflow object.
        node_id: The step.
        name: The artifact.
        s3_endpoint: Where S3 is reached from here; empty for where the cluster reaches it.
    """
    artifact = _artifact(workflow, node_id, name)
    if "raw" in artifact:
        return str(artifact["raw"].get("data", "")).encode()
    try:
        place = place_of(name, artifact, repository_of(objects, workflow, node_id))
        found = read_object(objects, name, place, s3_endpoint, LIMIT)
    except (StoreUnreadableError, MissingPackageError) as here:
        if objects.server is None:
            raise
        found = Found(_from_server(objects.server, workflow, node_id, name, here))
    return found.data if found.directory else unpack(name, found.data, artifact.get("archive"))


def _from_server(server: ArgoServer, workflow: Mapping[str, Any], node_id: str, name: str, here: EngineError) -> bytes:
    try:
        data = server.artifact(workflow, node_id, name, LIMIT + 1)
    except EngineError as there:
        raise EngineError(f"{here.message} {there.message}", remedy=here.remedy) from None
    if len(data) > LIMIT:
        raise too_large(name, LIMIT)
    return data


def _artifact(workflow: Mapping[str, Any], node_id: str, name: str) -> Mapping[str, Any]:
    node = (section(workflow, "status", "nodes")).get(node_id)
    if node is None:
        raise EngineError(f"The run {workflow['metadata']['name']} has no node {node_id!r}.")
    artifacts: list[dict[str, Any]] = section(node, "outputs").get("artifacts") or []
    found = next((a for a in artifacts if a["name"] == name), None)
    if found is not None:
        return found
    if name == MAIN_LOGS:
        raise EngineError("The cluster kept no log of it.", remedy="Logs are kept only when archiveLogs is set.")
    names = ", ".join(repr(str(a["name"])) for a in artifacts)
    raise EngineError(
        f"The step {node.get('displayName')!r} has no output artifact {name!r}.",
        remedy=f"It has {names}." * bool(names),
    )


def unpack(name: str, data: bytes, archive: Mapping[str, Any] | None, limit: int = LIMIT) -> bytes:
    """Return what was stored: of a packed file the file, of a packed directory the archive.

    Args:
        name: The artifact, for messages.
        data: What the store holds.
        archive: How the workflow says that it is packed; where it says nothing, the bytes tell.
        limit: How large it may be.
    """
    archive = archive or {}
    try:
        if "none" in archive:
            return data
        if "zip" in archive:
            return _from_zip(name, data, limit)
        if data.startswith(_GZIP):
            return _from_tar(name, data, limit)
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, zlib.error) as error:
        raise EngineError(f"The artifact {name!r} has a format that can't be read: {error}.") from None
    return data


def _from_tar(name: str, data: bytes, limit: int) -> bytes:
    with gzip.open(io.BytesIO(data)) as plain:
        if b"ustar" not in plain.read(512)[257:263]:
            # The step's own file is a .gz.
            return data
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        first = archive.next()
        if first is None or not first.isfile():
            return data
        _check(name, first.size, limit)
        file = archive.extractfile(first)
        content = file.read() if file else b""
        return content if archive.next() is None else data


def _from_zip(name: str, data: bytes, limit: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) != 1 or members[0].is_dir():
            return data
        _check(name, members[0].file_size, limit)
        return archive.read(members[0])


def _check(name: str, size: int, limit: int) -> None:
    if size > limit:
        raise too_large(name, limit)


def place_of(name: str, artifact: Mapping[str, Any], repository: Mapping[str, Any]) -> S3Place:
    """Return where an artifact is: what it says itself, completed by the repository of the run.

    Args:
        name: Name of the artifact.
        artifact: The artifact, as the run's status has it.
        repository: The artifact repository of the run.

    Raises:
        EngineError: It is in a store of another kind, or the run doesn't say in which.
    """
    for store, (called, form) in _STORES.items():
        if store in artifact:
            fields = dict(repository.get(store) or {}) | dict(artifact[store] or {})
            where = form.format_map(_Fields(fields))
            raise StoreUnreadableError(
                f"The artifact {name!r} is in {called}, which can't be read from here.", remedy=f"It is at {where}"
            )
    if "s3" not in artifact:
        raise EngineError(f"The artifact {name!r} has no location in a store.")
    fields = dict(section(repository, "s3")) | {key: value for key, value in artifact["s3"].items() if value}
    missing = [word for word in ("endpoint", "bucket", "key") if not fields.get(word)]
    if missing:
        raise StoreUnreadableError(
            f"The run doesn't record which store holds its artifact {name!r}: there is no {' and no '.join(missing)}.",
            remedy="Define the store in a ConfigMap 'artifact-repositories' in the run's namespace.",
        )
    return S3Place.of(fields)


class _Fields(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
