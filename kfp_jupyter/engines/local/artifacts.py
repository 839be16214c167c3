"""Artifacts as bytes, for reading from outside the run."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.objects import entries
from kfp_jupyter.runs import document, metrics, ui_metadata
from kfp_jupyter.workflow.dialect import MAIN_LOGS

_REPORTS = {*metrics.ARTIFACT_NAMES, *ui_metadata.ARTIFACT_NAMES}


def find_artifact(directory: RunDirectory, node_id: str, node: Mapping[str, Any], name: str) -> Path:
    """Return where an output artifact of a node is.

    Args:
        directory: The run's.
        node_id: The node's id.
        node: Its status.
        name: The artifact's name; ``main-logs`` is the log.

    Raises:
        OutsideError: What the status says of it leads out of the run.
        EngineError: There is none of that name.
    """
    for artifact in entries(node, "outputs", "artifacts"):
        if artifact.get("name") == name and isinstance(artifact.get("file"), str):
            return directory.artifact(artifact["file"])
    if name == MAIN_LOGS:
        return directory.log(node_id)
    raise EngineError(f"The step {node.get('displayName', node_id)!r} has no output artifact {name!r}.")


def pack(artifact: Path, name: str) -> bytes:
    """Return an artifact's bytes; a directory as a compressed archive, links in it as links.

    Args:
        artifact: Where it is.
        name: Its name. Metrics and visualisations are read only if it isn't larger than `document.LIMIT`.

    Raises:
        EngineError: It is neither a file nor a directory, or a report that is too large.
        OSError: It can't be read.
    """
    where = Path(os.path.realpath(artifact))
    if name in _REPORTS and where.is_file() and where.stat().st_size > document.LIMIT:
        size = where.stat().st_size
        raise EngineError(f"The artifact {name!r} has {size:,} bytes; {document.LIMIT:,} at most can be read.")
    if not where.is_dir():
        with os.fdopen(safe_paths.open_regular(where, os.O_RDONLY), "rb") as file:
            return file.read()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.add(where, artifact.name)
    return buffer.getvalue()
