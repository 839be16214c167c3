"""The nodes of a Workflow's status, wherever the controller has put them."""

from __future__ import annotations

import base64
import binascii
import contextlib
import gzip
import importlib
import io
import json
import zlib
from collections.abc import Mapping
from typing import IO, Any

from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.limits import STATUS_SIZE
from kfp_jupyter.parsing.objects import section

PLAIN_LIMIT = 1024 * 1024
"""Bytes of a Workflow above which the controller packs its nodes."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ZSTD_MODULES = ("compression.zstd", "zstandard")


def is_elsewhere(workflow: Mapping[str, Any]) -> bool:
    """Whether a Workflow comes without its nodes, because they are so many that a database keeps them."""
    status = section(workflow, "status")
    return bool(status.get("offloadNodeStatusVersion")) and not (status.get("nodes") or status.get("compressedNodes"))


def unpacked(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Workflow with its nodes in ``status.nodes``.

    Raises:
        EngineError: They are elsewhere, or packed in a way that can't be read here.
    """
    status = section(workflow, "status")
    packed = status.get("compressedNodes")
    if packed:
        kept = {key: value for key, value in status.items() if key != "compressedNodes"}
        return dict(workflow) | {"status": kept | {"nodes": unpack(packed)}}
    if is_elsewhere(workflow):
        name = section(workflow, "metadata").get("name", "")
        raise EngineError(
            f"The steps of the run {name!r} can't be read: there are so many that the cluster stores them in a "
            "database.",
            remedy="An Argo Server can read them: set server=https://….",
        )
    return dict(workflow)


def unpack(packed: str) -> dict[str, Any]:
    """Return the nodes that ``compressedNodes`` holds."""
    try:
        data = base64.b64decode(packed, validate=True)
        nodes = read_json(_decompressed(data))
    except (binascii.Error, ValueError, OSError, EOFError, zlib.error) as error:
        raise EngineError(f"The steps of the run have a format that can't be read: {error}.") from None
    if not isinstance(nodes, dict):
        raise EngineError("The steps of the run have a format that can't be read: they are not a JSON object.")
    return nodes


def packed(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Workflow as it is stored: with its nodes packed, if it is large."""
    if len(json.dumps(workflow)) <= PLAIN_LIMIT:
        return dict(workflow)
    status = dict(workflow["status"])
    nodes = json.dumps(status.pop("nodes", {})).encode()
    return dict(workflow) | {"status": status | {"compressedNodes": base64.b64encode(gzip.compress(nodes)).decode()}}


def _decompressed(data: bytes) -> bytes:
    """Return what is packed, as far as it may be large: a few bytes may stand for more than any memory holds."""
    if data.startswith(_GZIP):
        stream: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=io.BytesIO(data))
    elif data.startswith(_ZSTD):
        stream = _zstd_reader(io.BytesIO(data))
    else:
        raise ValueError("it is neither gzip nor zstd")
    with stream:
        plain = stream.read(STATUS_SIZE + 1)
    if len(plain) > STATUS_SIZE:
        raise ValueError(f"it holds more than {STATUS_SIZE // 2**20} MiB")
    return plain


def _zstd_reader(file: IO[bytes]) -> IO[bytes]:
    for module in _ZSTD_MODULES:
        with contextlib.suppress(ImportError):
            found: IO[bytes] = importlib.import_module(module).open(file, "rb")
            return found
    raise EngineError(
        "The steps of the run are compressed with zstd, which this Python can't read.",
        remedy="Run: pip install zstandard",
    )
