"""Errors of the disk as sentences."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_HARDLY_ANY = 16 * 1024


def no_space(error: OSError) -> bool:
    """Tell whether an error means that the disk (or the user's share of it) is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def is_full(path: Path) -> bool:
    """Tell whether there is hardly any space left around a path."""
    disk = os.statvfs(path)
    return disk.f_bavail * disk.f_frsize < _HARDLY_ANY


def disk_error(doing: str, where: Path, error: OSError) -> str:
    """Return a sentence for a disk that refused.

    Args:
        doing: What was tried, such as ``to start a run``.
        where: The path.
        error: The error.
    """
    if no_space(error):
        return f"There is no space left in {where} {doing}."
    if error.errno == errno.ENAMETOOLONG:
        return f"A name or path is too long for the file system of {where} {doing}{_culprit(error)}."
    return f"{where} refused {doing}: {error.strerror or error}."


def disk_remedy(error: OSError, variable: str) -> str:
    """Return what helps against a disk that refused.

    Args:
        error: What it said.
        variable: The environment variable that names another place.
    """
    if no_space(error):
        return f"Free space there, or set {variable} to another directory."
    if error.errno == errno.ENAMETOOLONG:
        return f"Set {variable} to a directory with a shorter path."
    return f"Set {variable} to a directory that you may write to."


def _culprit(error: OSError) -> str:
    name = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""
    longest = max(name.split("/"), key=len)
    return f": {longest[:60]}… has {len(os.fsencode(longest))} bytes" if len(longest) > 60 else ""
