"""The folder of runs: checked, made, and closed to others."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kfp_jupyter.errors import EngineError


def check_place(path: Path, variable: str) -> None:
    """Refuse a place that steps could not find programs in: they are searched along ``PATH``, which it separates.

    Args:
        path: A directory, there or not.
        variable: The environment variable that names another one.

    Raises:
        EngineError: Its path holds the separator.
    """
    if os.pathsep in str(path):
        raise EngineError(
            f"{path} holds {os.pathsep!r}, so steps couldn't find programs in it.",
            remedy=f"Set {variable} to another directory.",
        )


def make_root(root: Path) -> None:
    """Make the folder of runs for its owner alone; one that was there is closed to others, unless it is shared.

    It counts as shared if it belongs to another user, has the sticky or the setgid bit as shared folders do, or holds
    other things than one's own runs.
    """
    try:
        root.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        close_root(root)
    else:
        root.chmod(0o700)


def close_root(root: Path) -> None:
    """Close an existing folder of runs to others, unless it is shared; see `make_root`."""
    found, mine = root.stat(), os.geteuid()
    mode = stat.S_IMODE(found.st_mode)
    if not mode & 0o077 or found.st_uid != mine or mode & (stat.S_ISVTX | stat.S_ISGID):
        return
    for entry in root.iterdir():
        if entry.lstat().st_uid != mine:
            return
        if not entry.name.startswith((".cache", ".deleted-")) and not (entry / "workflow.json").exists():
            return
    root.chmod(0o700)
