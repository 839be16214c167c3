"""What a finished step has written: read and checked."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local.paths import PathMap
from kfp_jupyter.engines.values import PARAMETER_LIMIT
from kfp_jupyter.errors import EngineError


@dataclasses.dataclass(frozen=True, slots=True)
class Outputs:
    """Outputs of a task.

    Attributes:
        parameters: Name to value.
        artifacts: Name to file or directory.
    """

    parameters: Mapping[str, str] = dataclasses.field(default_factory=dict)
    artifacts: Mapping[str, Path] = dataclasses.field(default_factory=dict)


def collect(template: Mapping[str, Any], paths: PathMap) -> Outputs:
    """Return what a step has written to its declared paths.

    Args:
        template: Its template, tags replaced.
        paths: Where the declared paths are.

    Raises:
        EngineError: An output is missing, too large or no text.
    """
    declared = template.get("outputs") or {}
    artifacts = {}
    for artifact in declared.get("artifacts") or ():
        where = paths.locate(artifact["path"])
        if where.exists():
            artifacts[artifact["name"]] = where
        elif not artifact.get("optional"):
            raise _missing(artifact["name"], artifact["path"])
    parameters = {p["name"]: _value(p, paths) for p in declared.get("parameters") or ()}
    return Outputs(parameters, artifacts)


def _value(parameter: Mapping[str, Any], paths: PathMap) -> str:
    name, source = parameter["name"], parameter.get("valueFrom") or {}
    if "path" not in source:
        return str(parameter.get("value", source.get("default", "")))
    where = paths.locate(source["path"])
    if not where.is_file():
        if source.get("default") is not None:
            return str(source["default"])
        raise _missing(name, source["path"])
    size = where.stat().st_size
    if size > PARAMETER_LIMIT:
        raise EngineError(
            f"The output {name!r} has {size:,} bytes; as a parameter it can have {PARAMETER_LIMIT:,} at most.",
            remedy="Take it as a file in the next step: annotate its input with InputPath.",
        )
    try:
        text = where.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise EngineError(
            f"The output {name!r} is not UTF-8 text: {error.reason} at byte {error.start}.",
            remedy="Take it as a file in the next step: annotate its input with InputPath.",
        ) from None
    # Argo drops one newline at the end, too.
    return text.removesuffix("\n")


def _missing(name: str, path: str) -> EngineError:
    return EngineError(f"The step has ended without writing its output {name!r} ({path}).")


def copy(source: Path | bytes, target: Path) -> None:
    """Put an artifact somewhere else; both can be changed afterwards without the other."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        target.write_bytes(source)
    elif source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)
        if os.access(source, os.X_OK):
            target.chmod(0o755)
