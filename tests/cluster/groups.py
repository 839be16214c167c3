"""The control group above those of all pods, in each hierarchy the machine has."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tests.cluster.places import CONTROL_GROUP

TOP = Path("/sys/fs/cgroup")
CONTROLLERS = ("cpu", "cpuset", "io", "memory", "pids")
SECONDS = 10

INHERITED = ("cpuset.cpus", "cpuset.mems")
"""What an older group must be told before it takes processes."""


def make_group() -> None:
    """Make it, with all controllers that kubelet wants."""
    unified = TOP / "cgroup.subtree_control"
    if unified.exists():
        unified.write_text(" ".join(f"+{controller}" for controller in CONTROLLERS))
    for group in _groups():
        group.mkdir(exist_ok=True)
        for name in INHERITED:
            if not unified.exists() and (group / name).exists():
                (group / name).write_text((group.parent / name).read_text())


def remove_group() -> None:
    """Remove it with all below it, as soon as the system has noticed that their processes have ended."""
    deadline = time.monotonic() + SECONDS
    while any(list(map(_remains, _groups()))) and time.monotonic() < deadline:
        time.sleep(0.1)


def _remains(group: Path) -> bool:
    """Try to remove a group; return whether it is still there."""
    for directory, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            Path(directory).rmdir()
    return group.exists()


def _groups() -> Iterator[Path]:
    if (TOP / "cgroup.subtree_control").exists():
        yield TOP / CONTROL_GROUP
        return
    for hierarchy in TOP.iterdir():
        # Some names are links to hierarchies of several controllers.
        if hierarchy.is_dir() and not hierarchy.is_symlink():
            yield hierarchy / CONTROL_GROUP
