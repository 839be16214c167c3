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
        terminate         exists once the run is to be stopped
        reserve           bytes held back, given up when the disk is full
        layers/           packages that steps ask for by an address
        nodes/<node id>/  main.log, work/ (the step's directory), fs/ (its declared paths), program.py
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing import UnreadableError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.workflow.dialect import EXPERIMENT_NAME, RUN_NAME
from kfp_jupyter.workflow.titles import pipeline_name

_RUN_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,252}")
_STATE_LIMIT = 256 * 1024 * 1024
_WORDS_LIMIT = 1024 * 1024
_NODE = ("id", "name", "type", "phase")


class RunDirectory:
    """The files of one run.

    Args:
        path: The directory; its name is the run's id.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name

    @property
    def workflow_file(self) -> Path:
        """The Workflow object."""
        return self._own("workflow.json")

    @property
    def summary_file(self) -> Path:
        """What a list of runs shows."""
        return self._own("summary.json")

    @property
    def settings_file(self) -> Path:
        """How the engine was set."""
        return self._own("settings.json")

    @property
    def events_file(self) -> Path:
        """What happened."""
        return self._own("events.jsonl")

    @property
    def lock_file(self) -> Path:
        """Locked while a runner lives."""
        return self._own("runner.lock")

    @property
    def runner_pid(self) -> Path:
        """The runner's process id."""
        return self._own("runner.pid")

    @property
    def runner_log(self) -> Path:
        """What the runner printed."""
        return self._own("runner.log")

    @property
    def terminate_file(self) -> Path:
        """Exists once the run is to be stopped."""
        return self._own("terminate")

    @property
    def reserve_file(self) -> Path:
        """Bytes held back."""
        return self._own("reserve")

    @property
    def nodes(self) -> Path:
        """The directory of the nodes' directories."""
        return self._own("nodes")

    @property
    def layers(self) -> Path:
        """Package layers that are this run's alone."""
        return self._own("layers")

    def _own(self, name: str) -> Path:
        return safe_paths.child(safe_paths.child(self.path.parent, self.id), name)

    @property
    def exists(self) -> bool:
        """Whether there is a run here, in whatever state."""
        if not is_run_id(self.id) or self.path.is_symlink():
            return False
        try:
            # Also a link that leads nowhere: such a run can be named and deleted.
            (self.path / "workflow.json").lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def node(self, node_id: str) -> Path:
        """Return the directory of a node.

        Raises:
            OutsideError: The id would lead elsewhere.
        """
        return safe_paths.child(self.nodes, node_id)

    def log(self, node_id: str) -> Path:
        """Return the log file of a node."""
        return safe_paths.child(self.node(node_id), "main.log")

    def process_file(self, node_id: str) -> Path:
        """Return the file that says which process a step's is, there while it runs."""
        return safe_paths.child(self.node(node_id), "process.json")

    def artifact(self, file: str) -> Path:
        """Return an output artifact's file or directory.

        Args:
            file: Its path in the run directory, as the node's status has it.

        Raises:
            OutsideError: It leads out of the run.
        """
        return safe_paths.within(self.path, file)

    def read(self) -> dict[str, Any]:
        """Return the Workflow object.

        Raises:
            EngineError: The file holds something else.
            OSError: It can't be read.
        """
        try:
            workflow = read_json(safe_paths.read(self.workflow_file, _STATE_LIMIT))
        except UnreadableError as error:
            raise EngineError(f"The state of run {self.id} can't be read: {error.reason}.") from None
        if problem := _problem(workflow):
            raise EngineError(f"The state of run {self.id} can't be read: its workflow.json {problem}.")
        state: dict[str, Any] = workflow
        return state

    def read_settings(self) -> dict[str, Any]:
        """Return what the engine was set to."""
        settings: dict[str, Any] = json.loads(safe_paths.read(self.settings_file, _WORDS_LIMIT))
        return settings

    def read_summary(self) -> Any:
        """Return the summary, whatever the file holds.

        Raises:
            UnreadableError: It is no JSON.
            OSError: It can't be read.
        """
        return read_json(safe_paths.read(self.summary_file, _WORDS_LIMIT))

    def write(self, workflow: Mapping[str, Any], text: str | None = None) -> None:
        """Replace the Workflow object and the summary made of it.

        Args:
            workflow: The object.
            text: The object as JSON, where it is known: of a large pipeline it takes long to make.
        """
        # The summary first: who has seen a run end must find it ended in the list.
        self.write_summary(workflow)
        safe_paths.replace(self.workflow_file, (text or json.dumps(workflow)).encode())

    def write_summary(self, workflow: Mapping[str, Any]) -> None:
        """Replace the summary."""
        safe_paths.replace(self.summary_file, json.dumps(summary(workflow)).encode())

    def ask_to_stop(self) -> None:
        """Let the runner know that the run is to be stopped."""
        os.close(safe_paths.open_regular(self.terminate_file, os.O_WRONLY | os.O_CREAT))

    def reserve(self, size: int) -> None:
        """Hold back bytes of the disk, so that a last word can be written when it is full."""
        # Written, not only allocated: some file systems promise room that they don't have.
        safe_paths.replace(self.reserve_file, b"\0" * size)

    def release_reserve(self) -> None:
        """Give the held back bytes up."""
        self.reserve_file.unlink(missing_ok=True)

    def try_lock(self) -> int | None:
        """Return a descriptor that holds the lock, or None while a runner has it. Closing it gives the lock back."""
        opened = safe_paths.open_regular(self.lock_file, os.O_RDWR | os.O_CREAT)
        # Not one of those that become the runner's standard streams, which are free where this process has closed its.
        descriptor = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, 3)
        os.close(opened)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


def is_run_id(name: str) -> bool:
    """Tell whether a run can be called so."""
    return bool(_RUN_ID.fullmatch(name))


def _problem(workflow: Any) -> str:
    """Return what a Workflow object lacks to be a run's; empty if it is one."""
    if not isinstance(workflow, dict) or not isinstance(workflow.get("spec"), dict):
        return "is not a Workflow"
    metadata, status = workflow.get("metadata"), workflow.get("status")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        return "has no name"
    if not isinstance(status, dict) or not isinstance(status.get("phase"), str):
        return "has no status"
    nodes = status.get("nodes")
    if not isinstance(nodes, dict):
        return "has no nodes"
    for key, node in nodes.items():
        if not isinstance(node, dict) or not all(isinstance(node.get(field), str) for field in _NODE):
            return f"has a node {key!r} without {', '.join(_NODE)}"
    return ""


def summary(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a list of runs shows of a Workflow object."""
    status, annotations = workflow.get("status", {}), section(workflow, "metadata", "annotations")
    return {
        "name": annotations.get(RUN_NAME),
        "experiment": annotations.get(EXPERIMENT_NAME),
        "pipeline": pipeline_name(workflow),
        "phase": status.get("phase"),
        "message": status.get("message"),
        "startedAt": status.get("startedAt"),
        "finishedAt": status.get("finishedAt"),
    }
