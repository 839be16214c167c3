"""Packages: a compiled Workflow as a file, .yaml or an archive with `pipeline.yaml` in it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

from kfp_jupyter.atomic_files import replacing
from kfp_jupyter.compiler.archives import ENDINGS, BadPackageError, pack, unpack
from kfp_jupyter.errors import CompileError
from kfp_jupyter.parsing import UnreadableError
from kfp_jupyter.parsing.files import open_file


def write_package(text: str, path: str | os.PathLike[str]) -> None:
    """Write a compiled Workflow; the same text makes the same bytes.

    A file of that name is replaced when the new one is complete; where that fails it stays as it was.

    Args:
        text: The Workflow as YAML.
        path: The file, ending in .yaml, .yml, .zip, .tar.gz or .tgz.

    Raises:
        CompileError: The ending is unknown, or the file can't be written.
    """
    place = Path(path)
    try:
        ending = _ending(place)
        target = _target(place)
        with replacing(target, lambda part: _take_rights(part, target)) as file:
            pack(text, file, ending)
    except BadPackageError as error:
        raise _error(place, "written", error) from None
    except (OSError, ValueError) as error:
        raise _error(place, "written", _refusal(place, error)) from None


def read_package(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the Workflow in a package that this library or kfp 1.8 has written, without unpacking it to disk.

    Args:
        path: The file, ending in .yaml, .yml, .zip, .tar.gz or .tgz.

    Raises:
        CompileError: It can't be read, holds no Workflow, or is made to do harm.
    """
    place = Path(path)
    try:
        ending = _ending(place)
        with open_file(place) as file:
            from kfp_jupyter.compiler.yaml_reader import read_workflow  # noqa: PLC0415  (PyYAML costs 10 ms)

            return read_workflow(unpack(file, ending))
    except BadPackageError as error:
        raise _error(place, "read", error) from None
    except UnreadableError as error:
        raise _error(place, "read", BadPackageError(error.reason, "Choose another file.")) from None
    except (OSError, ValueError) as error:
        refusal = BadPackageError(_sentence(error), "Choose an existing package that you may read.")
        raise _error(place, "read", refusal) from None


def _error(path: Path, done: str, refusal: BadPackageError) -> CompileError:
    return CompileError(f"The package {str(path)!r} can't be {done}: {refusal.reason}.", remedy=refusal.remedy)


def _sentence(error: Exception) -> str:
    """Return what an error of the system says, fit to follow a colon."""
    said = getattr(error, "strerror", None) or str(error)
    return f"{said[:1].lower()}{said[1:]}"


def _ending(path: Path) -> str:
    for ending in ENDINGS:
        if path.name.lower().endswith(ending):
            return ending
    raise BadPackageError("its file extension isn't supported", "Use .yaml, .yml, .zip, .tar.gz or .tgz.")


def _target(path: Path) -> Path:
    """Return the file to replace: behind a link, the one that it leads to."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise BadPackageError("it is a link that points to itself", "Remove the link.")
    if target.exists():
        if not target.is_file():
            kind = "a directory" if target.is_dir() else "something that isn't a regular file"
            raise BadPackageError(f"the name belongs to {kind}", "Choose another name.")
        # Replacing it would ask the directory alone, and pass over the protection of the file.
        try:
            target.open("r+b").close()
        except PermissionError:
            raise BadPackageError("the existing file is read-only", "Choose another name.") from None
    return target


def _take_rights(part: Path, target: Path) -> None:
    """Give a new file the rights of the one that it will replace, if there is one."""
    if target.exists():
        mode = stat.S_IMODE(target.stat().st_mode)
        if stat.S_IMODE(part.stat().st_mode) != mode:
            part.chmod(mode)


def _refusal(path: Path, error: OSError | ValueError) -> BadPackageError:
    parent = str(path.parent)
    if isinstance(error, FileNotFoundError):
        return BadPackageError(f"there is no directory {parent!r}", "Create it first.")
    if isinstance(error, PermissionError):
        return BadPackageError(
            f"the directory {parent!r} can't be written to", "Choose a directory that you may write to."
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return BadPackageError(_sentence(error), "Free some space, or write to another place.")
    return BadPackageError(_sentence(error), "Choose another name or place.")
