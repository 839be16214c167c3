"""Artifacts as bytes, for whoever asks from outside."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path


def pack(artifact: Path) -> bytes:
    """Return an artifact's bytes; a directory as a compressed archive."""
    if not artifact.is_dir():
        return artifact.read_bytes()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.add(artifact, artifact.name)
    return buffer.getvalue()
