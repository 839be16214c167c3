"""Paths inside a run: whatever is made, read, written or removed there goes through here, and nothing outside is.

A run directory may be a stranger's: copied from elsewhere, unpacked, written by another program. What it says
(names of nodes, paths of artifacts) and what lies in it (symbolic links, FIFOs) is not believed. Files that are made
here belong to their owner alone, whatever the umask.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kfp_jupyter.errors import EngineError

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_OTHERS = 0o077


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
    """Tell whether a path, with all links followed, is a directory or lies in it; neither need be there."""
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
        if flags & os.O_CREAT and found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != _PRIVATE_FILE:
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
    return open(file, "ab", opener=lambda path, flags: open_regular(Path(path), flags))


def replace(file: Path, data: bytes) -> None:
    """Write a file whole or not at all: readers see the old content or the new. One writer at a time."""
    temporary = file.with_name(f".{file.name}.new")
    # A leftover, or something that waits for whoever opens it.
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
        if stat.S_ISREG(status.st_mode) and status.st_uid == mine and status.st_mode & _OTHERS:
            entry.chmod(_PRIVATE_FILE)


def remove(path: Path) -> None:
    """Remove a file, a link or a directory with all in it, also where that is write-protected; no link is followed.

    Raises:
        OSError: Something of it can't be removed.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    _make_removable(path)
    shutil.rmtree(path)


def remove_run(path: Path) -> None:
    """Remove a run directory, or only the link if it is one: afterwards it is gone, or where it was.

    Raises:
        OSError: Something of it can't be removed.
    """
    if path.is_symlink():
        path.unlink()
        return
    _make_removable(path)
    # Renamed first: a run is there or it isn't, whatever happens while its files go.
    gone = path.with_name(f".deleted-{path.name[:200]}-{secrets.token_hex(4)}")
    path.rename(gone)
    try:
        # What makes it a run goes last.
        remove(gone / "nodes")
        remove(gone)
    except OSError:
        gone.rename(path)
        raise


def _make_removable(path: Path) -> None:
    """Give the owner back the right to change every directory of a tree; say so where that isn't enough."""
    for folder in _folders(path):
        if stat.S_IMODE(folder.lstat().st_mode) & _PRIVATE_FOLDER != _PRIVATE_FOLDER:
            folder.chmod(_PRIVATE_FOLDER)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _folders(path: Path) -> Iterator[Path]:
    """Yield a directory and all in it, each before it is looked into."""
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        yield folder
        with os.scandir(folder) as entries:
            waiting += [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
