"""A run directory: everything there is to know of a run.

::

    <root>/<run id>/
        workflow.json     the Workflow object with its status, always whole (replaced by rename)
        summary.json      the few words a list of runs needs
        settings.json     how the engine was set when the run was submitted
        events.jsonl      what happened, a line each, only ever appended
        runner.lock       locked (flock) for exactly as long as the runner lives
        runner.pid        its process id
        runner.log        what the runner itself printed; empty unless it failed
        terminate         there when somebody asked to stop the run
        reserve           bytes held back, given up when the disk is full
        nodes/<node id>/  main.log, work/ (the step's directory), fs/ (its declared paths), program.py
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.names import pipeline_name

_HARDLY_ANY = 16 * 1024
_RUN_ID = re.compile(r"[a-z0-9][a-z0-9.-]*")


class RunDirectory:
    """The files of one run.

    Args:
        path: The directory; its name is the run's id.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        self.workflow_file = path / "workflow.json"
        self.summary_file = path / "summary.json"
        self.settings_file = path / "settings.json"
        self.events_file = path / "events.jsonl"
        self.lock_file = path / "runner.lock"
        self.runner_pid = path / "runner.pid"
        self.runner_log = path / "runner.log"
        self.terminate_file = path / "terminate"
        self.reserve_file = path / "reserve"

    @property
    def exists(self) -> bool:
        """Whether there is a run here."""
        return bool(_RUN_ID.fullmatch(self.id)) and self.workflow_file.exists()

    def node(self, node_id: str) -> Path:
        """Return the directory of a node."""
        return self.path / "nodes" / node_id

    def log(self, node_id: str) -> Path:
        """Return the log file of a node."""
        return self.node(node_id) / "main.log"

    def process_file(self, node_id: str) -> Path:
        """Return the file that says which process a step's is, there while it runs."""
        return self.node(node_id) / "process.json"

    def read(self) -> dict[str, Any]:
        """Return the Workflow object."""
        workflow: dict[str, Any] = json.loads(self.workflow_file.read_bytes())
        return workflow

    def read_settings(self) -> dict[str, Any]:
        """Return what the engine was set to."""
        settings: dict[str, Any] = json.loads(self.settings_file.read_bytes())
        return settings

    def write(self, workflow: Mapping[str, Any]) -> None:
        """Replace the Workflow object and the summary made of it."""
        # The summary first: who has seen a run end must find it ended in the list.
        self.write_summary(workflow)
        replace(self.workflow_file, json.dumps(workflow).encode())

    def write_summary(self, workflow: Mapping[str, Any]) -> None:
        """Replace the summary."""
        replace(self.summary_file, json.dumps(summary(workflow)).encode())

    def reserve(self, size: int) -> None:
        """Hold back bytes of the disk, so that a last word can be written when it is full."""
        with self.reserve_file.open("wb") as file:
            # Written, not only allocated: some file systems promise room that they don't have.
            file.write(b"\0" * size)

    def release_reserve(self) -> None:
        """Give the held back bytes up."""
        self.reserve_file.unlink(missing_ok=True)

    def try_lock(self) -> int | None:
        """Return a descriptor that holds the lock, or None while a runner has it. Closing it gives the lock back."""
        descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


def summary(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a list of runs shows of a Workflow object."""
    status = workflow.get("status", {})
    return {
        "pipeline": pipeline_name(workflow),
        "phase": status.get("phase"),
        "startedAt": status.get("startedAt"),
        "finishedAt": status.get("finishedAt"),
    }


def replace(file: Path, data: bytes) -> None:
    """Write a file whole or not at all: readers see the old content or the new."""
    # The same temporary name every time: only the holder of the run's lock writes, and a leftover is reused.
    temporary = file.with_name(f".{file.name}.new")
    try:
        temporary.write_bytes(data)
        temporary.replace(file)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def no_space(error: OSError) -> bool:
    """Tell whether an error means that the disk (or the user's share of it) is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def is_full(path: Path) -> bool:
    """Tell whether there is hardly any space left around a path."""
    disk = os.statvfs(path)
    return disk.f_bavail * disk.f_frsize < _HARDLY_ANY


def disk_error(doing: str, where: Path, error: OSError) -> str:
    """Return a sentence for a disk that refused."""
    if no_space(error):
        return f"There is no space left in {where} {doing}."
    return f"{where} refused {doing}: {error.strerror or error}."
