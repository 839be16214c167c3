"""Which nodes of a failed run are run again.

A failed step's node is deleted with its pod and with all nodes after it. The groups around it return to Running.
Every other node stays, which Argo itself doesn't achieve in all cases. The exit handler always runs again.

Source: ``FormulateRetryWorkflow`` in
https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/util/util.go
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from kfp_jupyter.engines.argo.pods import pod_name
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import ARCHIVED_LABEL, COMPLETED_LABEL, PHASE_LABEL
from kfp_jupyter.workflow.times import now

Node = dict[str, Any]

BAD = ("Failed", "Error")
"""Phases of what can be done again."""

_RUNS = ("Pod", "Container", "HTTP", "Plugin")
_GROUPS = ("DAG", "Steps", "StepGroup", "TaskGroup")


def retried(workflow: Mapping[str, Any], moment: str = "") -> tuple[dict[str, Any], list[str]]:
    """Return a failed workflow as it is to be run again, and the pods to delete before.

    Args:
        workflow: The failed workflow.
        moment: The time of that, by the cluster's clock; by the one here unless given.

    Raises:
        EngineError: Its nodes don't hang together, or nothing that ran has failed.
    """
    plan = _Plan(workflow)
    moment = moment or now()
    again = _reopened(workflow, moment)
    again["status"]["nodes"] = {
        key: _kept(node, plan, moment if key in plan.reset else "")
        for key, node in plan.nodes.items()
        if key not in plan.deleted and key not in plan.left_out
    }
    gone = plan.deleted | plan.exit_handler
    pods = [pod_name(workflow, plan.nodes[key]) for key in gone if plan.nodes[key].get("type") == "Pod"]
    return again, sorted(pods)


class _Plan:
    """Which nodes go and which go back to running.

    Args:
        workflow: The failed workflow.
    """

    def __init__(self, workflow: Mapping[str, Any]) -> None:
        self.nodes: dict[str, Node] = dict((workflow["status"].get("nodes")) or {})
        self.deleted: set[str] = set()
        self.reset: set[str] = set()
        self._ids = {str(node.get("id") or key): key for key, node in self.nodes.items()}
        self._parents = {child: key for key, node in self.nodes.items() for child in node.get("children") or ()}
        name = str(workflow["metadata"]["name"])
        on_exit = f"{name}.onExit"
        # Argo goes by the name alone, so a step whose own name begins with onExit is left out as well.
        self.left_out = {key for key, node in self.nodes.items() if node["name"].startswith(on_exit)}
        self._check(name)
        for key in self._below(key for key, node in self.nodes.items() if node["name"] == name):
            if self._failed(key) and key not in self.deleted:
                self._redo(key)
        self.left_out -= self.reset
        enclosing = self._enclosing()
        # Argo sets groups going too that only come before what has failed. It then waits for ever for those whose
        # next step is there already: one with attempts.
        self.reset -= {key for key in self.reset - enclosing if self.nodes[key].get("phase") == "Succeeded"}
        self.exit_handler = set(self._below(key for key, node in self.nodes.items() if node["name"] == on_exit))
        self._check_that_it_helps(name)

    def _check(self, name: str) -> None:
        for child, parent in self._parents.items():
            if child not in self.nodes:
                raise EngineError(
                    f"The run {name} can't be retried: its step {self.nodes[parent]['name']!r} is followed by "
                    f"{child!r}, which isn't there.",
                    remedy="Submit it again.",
                )
        for key, node in self.nodes.items():
            if key not in self._parents and node["name"] != name and key not in self.left_out:
                # A hook of the whole workflow, for one. Argo refuses to retry those too.
                raise EngineError(
                    f"The run {name} can't be retried: no node leads to its step {node['name']!r}.",
                    remedy="Submit it again.",
                )

    def _check_that_it_helps(self, name: str) -> None:
        for key, node in self.nodes.items():
            if node["name"] == name and node.get("phase") in BAD and key not in self.reset | self.deleted:
                # Argo would set the run going and at once find it as failed as before.
                raise EngineError(
                    f"The run {name} can't be retried: under Argo's rules it has no step to run again.",
                    remedy="Submit it again.",
                )

    def _below(self, starts: Iterable[str]) -> list[str]:
        """Return some nodes and all that follow, nearest first: what failed first decides over what comes after."""
        found: dict[str, None] = {}
        waiting = list(starts)
        while waiting:
            following: list[str] = []
            for key in waiting:
                if key not in found:
                    found[key] = None
                    following += self._children(key)
            waiting = following
        return list(found)

    def _failed(self, key: str) -> bool:
        node = self.nodes[key]
        if node.get("phase") not in BAD or node.get("type") not in _RUNS:
            return False
        if section(node, "nodeFlag").get("retried") and key in self._parents:
            # One attempt of several: what a later one made counts for all.
            key = self._parents[key]
        return not any(self.nodes[after].get("phase") == "Succeeded" for after in self._after(key))

    def _redo(self, key: str) -> None:
        self.deleted |= {key, *self._after(key)}
        at: str | None = key
        while at is not None:
            node = self.nodes[at]
            if node.get("type") in _GROUPS:
                self.reset.add(at)
                at = self._boundaries(at)
                continue
            if node.get("type") == "Retry" and node.get("phase") in BAD:
                self.reset.add(at)
            if node.get("type") == "Container":
                at = self._until(at, "type", "Pod")
                self.deleted |= {at, *self._after(at)}
                continue
            at = self._parents.get(at)

    def _boundaries(self, key: str) -> str | None:
        """Put all that encloses a group back to running, up to the root; return what is above that."""
        at = key
        while True:
            above = self._parents.get(at)
            if above and self.nodes[above].get("type") == "Retry":
                self.reset.add(above)
                at, above = above, self._parents.get(above)
            if above and self.nodes[above].get("type") in ("StepGroup", "TaskGroup"):
                self.reset.add(above)
            boundary = self.nodes[at].get("boundaryID")
            if not boundary:
                return self._parents.get(at)
            at = self._until(at, "id", boundary)
            self.reset.add(at)

    def _enclosing(self) -> set[str]:
        """Return the groups that have in them what goes."""
        found: set[str] = set()
        waiting = list(self.deleted)
        while waiting:
            key = waiting.pop()
            above = [self._ids.get(self.nodes[key].get("boundaryID") or "")]
            parent = self._parents.get(key)
            if parent and self.nodes[parent].get("type") in ("TaskGroup", "StepGroup", "Retry"):
                above.append(parent)
            fresh = {at for at in above if at and at not in found}
            found |= fresh
            waiting += fresh
        return found

    def _until(self, key: str, field: str, wanted: str) -> str:
        """Return the nearest node before this one, itself included, whose field is as wanted."""
        at: str | None = key
        while at is not None:
            if self.nodes[at].get(field) == wanted:
                return at
            at = self._parents.get(at)
        raise EngineError(
            f"The run can't be retried: no node encloses its step {self.nodes[key]['name']!r}.",
            remedy="Submit it again.",
        )

    def _after(self, key: str) -> set[str]:
        return set(self._below(self._children(key)))

    def _children(self, key: str) -> Iterable[str]:
        return self.nodes[key].get("children") or ()


def _kept(node: Node, plan: _Plan, reset_at: str) -> Node:
    """Return a node that stays: as it was, or back to running since some time."""
    kept = copy.deepcopy(node)
    if reset_at:
        kept["phase"] = "Skipped" if node.get("phase") == "Skipped" else "Running"
        kept["startedAt"], kept["finishedAt"] = reset_at, None
        kept.pop("message", None)
    for relation in ("children", "outboundNodes"):
        if kept.get(relation):
            kept[relation] = [other for other in kept[relation] if other not in plan.deleted]
    return kept


def _reopened(workflow: Mapping[str, Any], moment: str) -> dict[str, Any]:
    """Return a workflow without what says that it is over; its nodes are left out."""
    again = copy.deepcopy({key: value for key, value in workflow.items() if key != "status"})
    status = copy.deepcopy({key: value for key, value in workflow["status"].items() if key != "nodes"})
    labels = again["metadata"].setdefault("labels", {})
    labels.pop(COMPLETED_LABEL, None)
    labels.pop(ARCHIVED_LABEL, None)
    labels[PHASE_LABEL] = "Running"
    for spec in (again["spec"], status.get("storedWorkflowTemplateSpec") or {}):
        spec.pop("shutdown", None)
    if again["spec"].get("activeDeadlineSeconds") == 0:
        del again["spec"]["activeDeadlineSeconds"]
    conditions = [c for c in entries(status, "conditions") if c.get("type") != "Completed"]
    status["conditions"] = [*conditions, {"type": "Completed", "status": "False"}]
    status |= {"phase": "Running", "startedAt": moment, "finishedAt": None, "persistentVolumeClaims": []}
    status.pop("message", None)
    return again | {"status": status}
