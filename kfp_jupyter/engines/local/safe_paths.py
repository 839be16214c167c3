"""Paths inside a run: whatever is made, read, written or removed there goes through here, and nothing outside is.

A run directory may be a stranger's: copied from elsewhere, unpacked, written by another program. What it says
(names of nodes, paths of artifacts) and what lies in it (symbolic links, FIFOs) is not believed. Files that are made
here belong to their owner alone, whatever the umask.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from kfp_jupyter.engines.local.removal import remove
from kfp_jupyter.errors import EngineError

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_OTHERS = 0o077
_COPY_LIMIT = 256 * 1024 * 1024


class OutsideError(EngineError):
    """A name or path that leads out of its run, or to something that is no file or directory of its own."""


def child(folder: Path, name: str) -> Path:
    """Return an entry of a directory; it need not be there.

    Args:
        folder: The directory.
        name: The entry's name.

    Raises:
        OutsideError: It is no plain name, or the entry is a symbolic link.
    """
    if not name or name in (".", "..") or "/" in name or os.sep in name or "\0" in name:
        raise OutsideError(f"{name!r} is not a valid name of a file or directory in {folder}.")
    path = folder / name
    if path.is_symlink():
        raise OutsideError(f"{path} is a symbolic link; a run's own files and directories are never links.")
    return path


def within(folder: Path, path: str) -> Path:
    """Return what a relative path leads to, links followed, in a directory.

    Args:
        folder: The directory.
        path: A path relative to it.

    Raises:
        OutsideError: It leads out of the directory.
    """
    target = folder / path
    if "\0" in path or not leads_into(target, folder):
        raise OutsideError(f"The path {path!r} leads out of {folder}.")
    return target


def leads_into(path: Path, folder: Path) -> bool:
    """Tell whether a path, with all links followed, is a directory or lies in it; neither need be there.

    Args:
        path: The path.
        folder: The directory.
    """
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def open_regular(file: Path, flags: int) -> int:
    """Return a descriptor of a regular file; a link isn't followed, a FIFO isn't waited for.

    Args:
        file: The file.
        flags: As for `os.open`; with ``O_CREAT`` the file is made if it isn't there, for its owner alone.

    Raises:
        OutsideError: Something else than a file is there.
        OSError: It can't be opened.
    """
    if file.is_symlink():
        raise OutsideError(f"{file} is a symbolic link; a run's own files and directories are never links.")
    descriptor = os.open(file, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, _PRIVATE_FILE)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OutsideError(f"{file} is not a regular file.")
        if flags & os.O_CREAT and _is_own(found) and stat.S_IMODE(found.st_mode) != _PRIVATE_FILE:
            os.fchmod(descriptor, _PRIVATE_FILE)
        os.set_blocking(descriptor, True)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read(file: Path, limit: int) -> bytes:
    """Return the content of a regular file.

    Args:
        file: The file.
        limit: How many bytes it may have.

    Raises:
        OutsideError: It is no regular file, or larger.
        OSError: It can't be read.
    """
    with os.fdopen(open_regular(file, os.O_RDONLY), "rb") as opened:
        data = opened.read(limit + 1)
    if len(data) > limit:
        raise OutsideError(f"{file} has more than {limit:,} bytes.")
    return data


def append(file: Path) -> BinaryIO:
    """Open a regular file to write behind what it holds; it is made if it isn't there.

    Raises:
        OutsideError: Something else than a file is there.
        OSError: It can't be opened.
    """
    if file.exists() and file.lstat().st_nlink > 1:
        # Its other name may lie anywhere: what is written goes into a copy.
        replace(file, read(file, _COPY_LIMIT))
    return open(file, "ab", opener=lambda path, flags: open_regular(Path(path), flags))


def replace(file: Path, data: bytes) -> None:
    """Write a file whole or not at all: readers see the old content or the new. One writer at a time.

    Args:
        file: The file.
        data: Its new content.
    """
    temporary = file.with_name(f".{file.name}.new")
    # A leftover, or something that blocks when opened (a FIFO).
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(open_regular(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as opened:
            opened.write(data)
        temporary.replace(file)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """Make a directory for its owner alone; the directories around it must be there.

    Raises:
        OSError: It can't be made, or is there.
    """
    path.mkdir(mode=_PRIVATE_FOLDER)
    path.chmod(_PRIVATE_FOLDER)


def make_anew(path: Path) -> None:
    """Make an empty directory for its owner alone; what was there is removed."""
    if path.is_symlink() or path.exists():
        remove(path)
    make_folder(path)


def close_to_others(path: Path) -> None:
    """Take all rights to a directory of one's own, and to the files directly in it, from everybody else."""
    mine = os.geteuid()
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != mine or not found.st_mode & _OTHERS:
        return
    path.chmod(_PRIVATE_FOLDER)
    for entry in path.iterdir():
        status = entry.lstat()
        if stat.S_ISREG(status.st_mode) and _is_own(status) and status.st_mode & _OTHERS:
            entry.chmod(_PRIVATE_FILE)


def _is_own(file: os.stat_result) -> bool:
    """Whether a file is this user's and has no other name, which may lie outside."""
    return file.st_uid == os.geteuid() and file.st_nlink == 1
