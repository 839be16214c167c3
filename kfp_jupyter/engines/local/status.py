"""The status of a run in Argo's format, while the run proceeds.

Source of the messages: https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/controller/exec_control.go
and https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/controller/operator.go
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.naming import node_id

UNFINISHED = ("Pending", "Running")
"""Phases after which more will come."""

RUN_STOPPED = "Stopped with strategy 'Terminate'"
"""What Argo says of a workflow that was stopped."""

STOPPED = "workflow shutdown with strategy:  Terminate"
"""What Argo says of a node that was stopped with its run (two blanks)."""

Node = dict[str, Any]


def now() -> str:
    """Return the time as Argo writes it, with microseconds."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def finish_node(node: Node, phase: str, message: str = "") -> None:
    """Put a node into a final phase, now.

    Args:
        node: The node, changed in place.
        phase: Its final phase.
        message: Its message.
    """
    node["phase"] = phase
    node["finishedAt"] = now()
    if message:
        node["message"] = message
    else:
        node.pop("message", None)
    if node["type"] == "Pod":
        node["progress"] = "1/1" if phase == "Succeeded" else "0/1"


class Status:
    """The status of one run: changed in memory, written when there is time.

    Args:
        directory: Where it is written.
        workflow: The Workflow object; its ``status`` is changed in place.
        total: How many steps the run has at most.
    """

    def __init__(self, directory: RunDirectory, workflow: dict[str, Any], total: int) -> None:
        self._directory = directory
        self._workflow = workflow
        self._total = total
        self._status = workflow["status"]
        # The spec never changes and is the larger part: it is turned into text once.
        self._head = json.dumps({key: value for key, value in workflow.items() if key != "status"})[:-1]
        self._dirty = False
        self._next_write = 0.0
        self.nodes: dict[str, Node] = self._status.setdefault("nodes", {})

    @property
    def name(self) -> str:
        """The workflow's name."""
        return str(self._workflow["metadata"]["name"])

    def node(self, name: str, kind: str, template: str, parent: Node | None, before: list[Node]) -> Node:
        """Return the node of a task, made if the run doesn't have it yet.

        Args:
            name: Full name of the node.
            kind: Argo's type: ``Pod``, ``DAG`` or ``Skipped``.
            template: Name of its template.
            parent: Node of the DAG around it; None for the root.
            before: Nodes it waited for.
        """
        identity = node_id(self.name, name)
        node = self.nodes.get(identity)
        if node is None:
            scope = "local/" + self.name
            display = name.rpartition(".")[2] if parent else name
            node = {"id": identity, "name": name, "displayName": display, "type": kind}
            node |= {"templateName": template, "templateScope": scope, "phase": "Pending", "startedAt": now()}
            if parent:
                node["boundaryID"] = parent["id"]
            self.nodes[identity] = node
        for earlier in before or ([parent] if parent else []):
            children = earlier.setdefault("children", [])
            if identity not in children:
                children.append(identity)
        self.changed(node)
        return node

    def finish(self, node: Node, phase: str, message: str = "") -> None:
        """Put a node into a final phase.

        Args:
            node: The node, changed in place.
            phase: Its final phase.
            message: Its message.
        """
        finish_node(node, phase, message)
        self.changed(node)

    def changed(self, node: Node) -> None:
        """Note that a node is different now."""
        self._dirty = True
        event = {"time": now(), "node": node["id"], "name": node["name"], "phase": node["phase"]}
        if node.get("message"):
            event["message"] = node["message"]
        self._append(event)

    def close(self, phase: str, message: str = "") -> None:
        """Put the run into its final phase and write it.

        Args:
            phase: The run's final phase.
            message: The run's message.
        """
        close_status(self._status, phase, message)
        self._append({"time": now(), "run": self.name, "phase": phase, "message": message})
        self.write(force=True)

    def write(self, force: bool = False) -> bool:
        """Write the state, unless it is unchanged or was written a moment ago; return whether it is up to date."""
        if not self._dirty and not force:
            return True
        started = time.monotonic()
        if started < self._next_write and not force:
            return False
        self._status["progress"] = f"{self._done()}/{self._total}"
        if force:
            # First: who has seen the run end must find it ended in the list.
            self._directory.write_summary(self._workflow)
        text = f'{self._head}, "status": {json.dumps(self._status)}}}'
        safe_paths.replace(self._directory.workflow_file, text.encode())
        self._dirty = False
        # A large status takes long to write: let writing take a fifth of the time at most.
        self._next_write = time.monotonic() + 4 * (time.monotonic() - started)
        return True

    def _done(self) -> int:
        return sum(node["type"] == "Pod" and node["phase"] == "Succeeded" for node in self.nodes.values())

    def _append(self, event: Mapping[str, Any]) -> None:
        with safe_paths.append(self._directory.events_file) as file:
            file.write(json.dumps(event).encode() + b"\n")


def close_status(status: dict[str, Any], phase: str, message: str) -> None:
    """Set the final phase of a run's status and of its root node.

    Args:
        status: ``status`` of the Workflow, changed in place.
        phase: The run's final phase.
        message: The run's message.
    """
    status["phase"] = phase
    status["finishedAt"] = now()
    if message:
        status["message"] = message
    else:
        status.pop("message", None)


def close_nodes(status: dict[str, Any], phase: str, message: str) -> list[str]:
    """Put all unfinished nodes into a final phase; return their ids.

    Args:
        status: ``status`` of the Workflow, changed in place.
        phase: Final phase of nodes that have not ended.
        message: Their message.
    """
    unfinished = [node for node in status.get("nodes", {}).values() if node["phase"] in UNFINISHED]
    for node in unfinished:
        finish_node(node, phase, message)
    return [node["id"] for node in unfinished]


def end_run(directory: RunDirectory, phase: str, message: str, node_message: str = "") -> None:
    """Close an abandoned run: put it and its unfinished nodes into a final phase.

    Args:
        directory: The run's; the caller holds its lock.
        phase: ``Error`` or ``Failed``.
        message: Why.
        node_message: What the unfinished nodes say; the same unless given.
    """
    directory.release_reserve()
    workflow = directory.read()
    if workflow["status"]["phase"] in UNFINISHED:
        close_nodes(workflow["status"], phase, node_message or message)
        close_status(workflow["status"], phase, message)
        directory.write(workflow)


def reset(status: dict[str, Any]) -> list[str]:
    """Take back what failed, so that a runner does it again; return the ids of the nodes that are gone.

    DAG nodes go too: they are made again from the tasks in them.
    """
    kept = {
        key: node for key, node in status["nodes"].items() if node["type"] == "Pod" and node["phase"] == "Succeeded"
    }
    gone = [key for key in status["nodes"] if key not in kept]
    for node in kept.values():
        node.pop("children", None)
    status["nodes"] = kept
    status["phase"] = "Pending"
    status["startedAt"] = now()
    for key in ("finishedAt", "message"):
        status.pop(key, None)
    return gone
