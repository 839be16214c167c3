"""Removes directories whole: write-protected ones, and ones nested deeper than paths are long; never what is mounted.

No link is followed, and what cannot be removed is found before anything is.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

_PRIVATE_FOLDER = 0o700
_DEEP = (errno.ENAMETOOLONG, errno.EMFILE)
_ESCAPED = re.compile(rb"\\([0-7]{3})")


def remove(path: Path) -> None:
    """Remove a file, a link or a directory with all in it, also where that is write-protected; no link is followed.

    Raises:
        OSError: Something of it can't be removed, or is another file system.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    _make_removable(path)
    try:
        shutil.rmtree(path)
    except RecursionError:
        _remove_deep(path)
    except OSError as error:
        if error.errno not in _DEEP:
            raise
        _remove_deep(path)


def remove_run(path: Path) -> None:
    """Remove a run directory, or only the link if it is one: afterwards it is gone, or where it was.

    Raises:
        OSError: Something of it can't be removed, or is another file system.
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
    for mounted in _mounts():
        if mounted.is_relative_to(os.path.realpath(path)):
            # Its content is user data, and `rmtree` would delete it.
            raise OSError(errno.EBUSY, f"a file system is mounted at {mounted}; unmount it first", str(path))
    for folder in _folders(path):
        if stat.S_IMODE(folder.lstat().st_mode) & _PRIVATE_FOLDER != _PRIVATE_FOLDER:
            folder.chmod(_PRIVATE_FOLDER)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _mounts() -> Iterator[Path]:
    """Yield where file systems are mounted, and directories bound to elsewhere; see ``proc_pid_mountinfo(5)``."""
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        yield Path(os.fsdecode(_ESCAPED.sub(lambda match: bytes([int(match[1], 8)]), line.split()[4])))


def _folders(path: Path) -> Iterator[Path]:
    """Yield a directory and all in it, each before it is looked into; none whose path is too long for the system."""
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        yield folder
        with os.scandir(folder) as entries:
            inner = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        waiting += [found for found in inner if len(os.fsencode(found)) < os.pathconf("/", "PC_PATH_MAX")]


def _remove_deep(path: Path) -> None:
    """Remove a directory that is nested too deep to go down into: what lies in it is moved up before its turn comes."""
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        folder.chmod(_PRIVATE_FOLDER)
        for entry in list(os.scandir(folder)):
            if entry.is_dir(follow_symlinks=False):
                upper = path / f".{secrets.token_hex(8)}"
                waiting.append(Path(entry.path).rename(upper))
            else:
                Path(entry.path).unlink()
        if folder != path:
            folder.rmdir()
    path.rmdir()
