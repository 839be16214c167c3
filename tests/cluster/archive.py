"""Image archives in OCI's layout, of one layer, for `ctr images import`."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MEDIA_TYPE = "application/vnd.oci.image"
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def write_archive(
    target: Path,
    names: Sequence[str],
    files: Mapping[str, Path],
    command: Sequence[str],
    variables: Mapping[str, str] | None = None,
) -> None:
    """Write an image archive.

    Args:
        target: The archive.
        names: All names under which the image is to be known.
        files: Path in the image (empty for its root) → file or directory here.
        command: What a container of it runs.
        variables: Environment variables of its containers.
    """
    layer, unfinished = target.with_suffix(".layer"), target.with_suffix(".unfinished")
    _write_layer(layer, files)
    layer_digest = _digest(layer)
    config = _json(
        {
            "architecture": "amd64",
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [layer_digest]},
            "config": {
                "Cmd": list(command),
                "Env": [PATH, *(f"{key}={value}" for key, value in (variables or {}).items())],
            },
        }
    )
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": f"{MEDIA_TYPE}.manifest.v1+json",
            "config": _descriptor("config.v1+json", _sha256(config), len(config)),
            "layers": [_descriptor("layer.v1.tar", layer_digest, layer.stat().st_size)],
        }
    )
    described = _descriptor("manifest.v1+json", _sha256(manifest), len(manifest))
    index = [{**described, "annotations": {"io.containerd.image.name": name}} for name in names]
    with tarfile.open(unfinished, "w") as tar:
        _add(tar, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
        _add(tar, "index.json", _json({"schemaVersion": 2, "manifests": index}))
        for blob in (config, manifest):
            _add(tar, _blob(_sha256(blob)), blob)
        tar.add(layer, arcname=_blob(layer_digest))
    layer.unlink()
    unfinished.rename(target)


def _write_layer(layer: Path, files: Mapping[str, Path]) -> None:
    with tarfile.open(layer, "w") as tar:
        for name, path in files.items():
            # Device files are made by the runtime.
            tar.add(path, arcname=name or ".", filter=lambda entry: None if "/dev/" in entry.name else entry)
        directory = tarfile.TarInfo("tmp")
        directory.type, directory.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(directory)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _descriptor(kind: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": f"{MEDIA_TYPE}.{kind}", "digest": digest, "size": size}


def _blob(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _json(content: Any) -> bytes:
    return json.dumps(content).encode()


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return f"sha256:{digest.hexdigest()}"
