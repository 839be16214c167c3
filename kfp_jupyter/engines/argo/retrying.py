"""Which nodes of a failed run are done again, as Argo decides it.

A failed step goes, with all that came after it and with its pod. The groups around it go back to running.
Everything else stays. The exit handler always runs again.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from kfp_jupyter.engines.argo.pods import pod_name
from kfp_jupyter.errors import EngineError

Node = dict[str, Any]

_RUNS = ("Pod", "Container", "HTTP", "Plugin")
_GROUPS = ("DAG", "Steps", "StepGroup", "TaskGroup")
_BAD = ("Failed", "Error")


def retried(workflow: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a failed workflow as it is to be run again, and the pods to delete before."""
    plan = _Plan(workflow)
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    again = _reopened(workflow, now)
    nodes: dict[str, Node] = {}
    for key, node in plan.nodes.items():
        if key in plan.deleted:
            continue
        kept = copy.deepcopy(node)
        if key in plan.reset:
            kept["phase"] = "Skipped" if node.get("phase") == "Skipped" else "Running"
            kept["startedAt"], kept["finishedAt"] = now, None
            kept.pop("message", None)
        for relation in ("children", "outboundNodes"):
            if kept.get(relation):
                kept[relation] = [other for other in kept[relation] if other not in plan.deleted]
        nodes[key] = kept
    again["status"]["nodes"] = nodes
    pods = [pod_name(workflow, plan.nodes[key]) for key in plan.deleted if plan.nodes[key].get("type") == "Pod"]
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
        self._parents = {child: key for key, node in self.nodes.items() for child in node.get("children") or ()}
        for child in self._parents:
            if child not in self.nodes:
                raise EngineError(f"The run can't be retried: its state names a node {child!r} that it doesn't have.")
        name = str(workflow["metadata"]["name"])
        for key in self._in_order(name):
            if self._failed(key) and key not in self.deleted:
                self._redo(key)
        self.deleted |= {key for key, node in self.nodes.items() if node["name"].startswith(f"{name}.onExit")}

    def _in_order(self, root: str) -> list[str]:
        """Return the nodes from the root on: what failed first decides over what comes after."""
        found: dict[str, None] = {}
        waiting = [key for key, node in self.nodes.items() if node["name"] == root]
        while waiting:
            following: list[str] = []
            for key in waiting:
                if key not in found:
                    found[key] = None
                    following += self.nodes[key].get("children") or ()
            waiting = following
        return list(found)

    def _failed(self, key: str) -> bool:
        node = self.nodes[key]
        if node.get("phase") not in _BAD or node.get("type") not in _RUNS:
            return False
        if (node.get("nodeFlag") or {}).get("retried") and key in self._parents:
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
            if node.get("type") == "Retry" and node.get("phase") in _BAD:
                self.reset.add(at)
            if node.get("type") == "Container":
                at = self._until(at, lambda found: found.get("type") == "Pod")
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
            at = self._until(at, lambda found, wanted=boundary: found.get("id") == wanted)
            self.reset.add(at)

    def _until(self, key: str, fits: Any) -> str:
        at: str | None = key
        while at is not None:
            if fits(self.nodes[at]):
                return at
            at = self._parents.get(at)
        raise EngineError(f"The run can't be retried: nothing encloses its node {self.nodes[key]['name']!r}.")

    def _after(self, key: str) -> set[str]:
        found: set[str] = set()
        waiting: list[str] = list(self.nodes[key].get("children") or ())
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += self._children(at)
        return found

    def _children(self, key: str) -> Iterable[str]:
        return self.nodes[key].get("children") or ()


def _reopened(workflow: Mapping[str, Any], now: str) -> dict[str, Any]:
    """Return a workflow without what says that it is over; its nodes are left out."""
    again = copy.deepcopy({key: value for key, value in workflow.items() if key != "status"})
    status = copy.deepcopy({key: value for key, value in workflow["status"].items() if key != "nodes"})
    labels = again["metadata"].setdefault("labels", {})
    labels.pop("workflows.argoproj.io/completed", None)
    labels.pop("workflows.argoproj.io/workflow-archiving-status", None)
    labels["workflows.argoproj.io/phase"] = "Running"
    for spec in (again["spec"], status.get("storedWorkflowTemplateSpec") or {}):
        spec.pop("shutdown", None)
    if again["spec"].get("activeDeadlineSeconds") == 0:
        del again["spec"]["activeDeadlineSeconds"]
    conditions = [c for c in status.get("conditions") or () if c.get("type") != "Completed"]
    status["conditions"] = [*conditions, {"type": "Completed", "status": "False"}]
    status |= {"phase": "Running", "startedAt": now, "finishedAt": None, "persistentVolumeClaims": []}
    status.pop("message", None)
    return again | {"status": status}
