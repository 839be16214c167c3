"""What a finished step has written: read and checked."""

from __future__ import annotations

import dataclasses
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.path_map import PathMap
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.values import PARAMETER_LIMIT


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
    declared = section(template, "outputs")
    artifacts = {}
    for artifact in entries(declared, "artifacts"):
        where = paths.place(artifact["path"])
        if where.is_symlink() or where.exists():
            check_kind(artifact["name"], where, paths)
            artifacts[artifact["name"]] = where
        elif not artifact.get("optional"):
            raise _missing(artifact["name"], artifact["path"])
    parameters = {p["name"]: _value(p, paths) for p in entries(declared, "parameters")}
    return Outputs(parameters, artifacts)


def _value(parameter: Mapping[str, Any], paths: PathMap) -> str:
    name, source = parameter["name"], section(parameter, "valueFrom")
    if "path" not in source:
        return str(parameter.get("value", source.get("default", "")))
    where = paths.place(source["path"])
    if where.is_symlink() or where.exists():
        check_kind(name, where, paths)
    if not where.is_file():
        if source.get("default") is not None:
            return str(source["default"])
        raise _missing(name, source["path"])
    size = where.stat().st_size
    if size > PARAMETER_LIMIT:
        raise EngineError(
            f"The output {name!r} has {size:,} bytes; a parameter can have at most {PARAMETER_LIMIT:,}.",
            remedy="Read it as a file in the next step: annotate its input with InputPath.",
        )
    try:
        text = where.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise EngineError(
            f"The output {name!r} is not UTF-8 text: {error.reason} at byte {error.start}.",
            remedy="Read it as a file in the next step: annotate its input with InputPath.",
        ) from None
    # Argo drops one newline at the end, too.
    return text.removesuffix("\n")


def check_kind(name: str, where: Path, paths: PathMap) -> None:
    """Refuse an output that isn't made of files and directories of the step's own.

    Args:
        name: The output's.
        where: Its file or directory.
        paths: Tells what is the step's own.

    Raises:
        EngineError: It is, or holds, a FIFO, a socket, a device, or a symbolic link that leads out of the step.
    """
    if not where.is_symlink() and not paths.owns(where):
        raise EngineError(
            f"The output {name!r} lies behind a symbolic link that leads out of the step: {os.path.realpath(where)}.",
            remedy="Write it into the directory that the step was given.",
        )
    if where.is_symlink() and not where.exists() and paths.owns(where):
        to = os.fspath(where.readlink())
        raise EngineError(f"The output {name!r} is a symbolic link that leads nowhere, to {to!r}.")
    try:
        found = [where, *_all_in(where)]
    except RecursionError:
        raise EngineError(f"The output {name!r} is nested too deep to be copied.") from None
    for path in found:
        inner = "" if path == where else f" holds {str(path.relative_to(where))!r}, which"
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            if not paths.owns(path):
                to = os.fspath(path.readlink())
                raise EngineError(
                    f"The output {name!r}{inner} is a symbolic link that leads out of the step, to {to!r}.",
                    remedy="Copy the target instead.",
                )
        elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise EngineError(f"The output {name!r}{inner} is {_KINDS[stat.S_IFMT(mode)]}, not a file or a directory.")


_KINDS = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def _all_in(path: Path) -> Iterator[Path]:
    """Yield all that a directory holds at any depth, links not followed."""
    for folder, folders, files in os.walk(path) if not path.is_symlink() else ():
        yield from (Path(folder, name) for name in (*folders, *files))


def _missing(name: str, path: str) -> EngineError:
    return EngineError(f"The step has ended without writing its output {name!r} ({path}).")


def copy(source: Path | bytes, target: Path) -> None:
    """Put an artifact somewhere else; both can be changed afterwards without the other.

    Args:
        source: File or directory.
        target: Path of the copy.

    Raises:
        OSError: It can't be read or written.
        OutsideError: It is neither a file nor a directory.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        target.write_bytes(source)
    elif source.is_dir():
        try:
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        except shutil.Error as error:
            # It lists all that went wrong, as tuples.
            what, _, why = error.args[0][0]
            raise OSError(f"{what}: {why}") from None
    else:
        where = Path(os.path.realpath(source))
        with os.fdopen(safe_paths.open_regular(where, os.O_RDONLY), "rb") as original, target.open("wb") as copied:
            shutil.copyfileobj(original, copied, 1 << 20)
        if os.access(where, os.X_OK):
            target.chmod(0o755)
