"""Our answers to a retry or a resubmission and Argo's, in a form in which equals are equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.argo.actions.resubmit import resubmitted
from kfp_jupyter.engines.argo.actions.retry import BAD, retried
from kfp_jupyter.engines.argo.pods import pod_name
from kfp_jupyter.errors import EngineError

Workflow = Mapping[str, Any]

REFUSED = "refused"
IN_VAIN = "taken up, but as failed as before"
SAME = "as it was"
SUCCEEDED_GROUP = "a group that had succeeded, set going or not"
"""Argo sets some of them going that it shouldn't; then it may wait for them for ever."""
OURS_ALONE = ("app.kubernetes.io/managed-by", "kfp-jupyter/")
"""Labels and annotations that we put beside Argo's."""


def our_answer(action: str, workflow: Workflow) -> Any:
    """Return what we make of a workflow."""
    try:
        if action == "retry":
            again, pods = retried(workflow)
            return comparable({"workflow": again, "pods": pods}, workflow)
        return comparable({"workflow": resubmitted(workflow, memoized=False, labels={})}, workflow)
    except EngineError:
        return REFUSED


def comparable(answer: Mapping[str, Any], workflow: Workflow) -> Any:
    """Return an answer without what differs for no reason: the time of day, what is empty.

    Nodes that are as they were are told in a word.
    """
    if "error" in answer:
        return REFUSED
    made = answer["workflow"]
    if _is_root_failed(made, workflow):
        return IN_VAIN
    metadata, status = dict(made["metadata"]), dict(made.get("status") or {})
    nodes = status.pop("nodes", None) or {}
    for texts in ("labels", "annotations"):
        metadata[texts] = {k: v for k, v in (metadata.get(texts) or {}).items() if not k.startswith(OURS_ALONE)}
    status["conditions"] = sorted(status.get("conditions") or (), key=lambda condition: str(condition["type"]))
    times = set(_times(workflow))
    before = {node["id"]: _bare(node, times) for node in workflow["status"]["nodes"].values()}
    after = {key: _bare(node, times) for key, node in nodes.items()}
    # Argo names pods too of nodes that never had any.
    real = {pod_name(workflow, node) for node in workflow["status"]["nodes"].values() if node["type"] == "Pod"}
    return {
        "nodes": {key: _told(node, before.get(key)) for key, node in after.items()},
        "pods": sorted(real & set(answer.get("pods") or ())),
        "rest": _bare({**made, "metadata": metadata, "status": status}, times),
    }


def _told(node: Mapping[str, Any], before: Mapping[str, Any] | None) -> Any:
    if node == before:
        return SAME if _succeeded_group(node) is None else SUCCEEDED_GROUP
    if before and _succeeded_group(before) == _succeeded_group({**node, "phase": before.get("phase")}) is not None:
        return SUCCEEDED_GROUP
    return node


def _succeeded_group(node: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a group that has succeeded without its times and message; None for another node."""
    if node.get("phase") != "Succeeded" or node["type"] not in ("DAG", "Steps", "StepGroup", "TaskGroup", "Retry"):
        return None
    return {key: value for key, value in node.items() if key not in ("startedAt", "finishedAt", "message")}


def _is_root_failed(made: Workflow, workflow: Workflow) -> bool:
    name = workflow["metadata"]["name"]
    if made["metadata"].get("name") != name:
        return False
    nodes, before = made["status"].get("nodes") or {}, workflow["status"]["nodes"]
    return any(
        node["name"] == name and node["phase"] in BAD and before[key]["phase"] in BAD for key, node in nodes.items()
    )


def _times(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        own = [str(value[key]) for key in ("startedAt", "finishedAt") if value.get(key)]
        return own + [time for part in value.values() for time in _times(part)]
    return [time for part in value for time in _times(part)] if isinstance(value, list) else []


def _bare(value: Any, times: set[str]) -> Any:
    if isinstance(value, Mapping):
        parts = {key: _bare(part, times) for key, part in value.items()}
        for key in ("startedAt", "finishedAt"):
            if parts.get(key) and parts[key] not in times:
                parts[key] = "now"
        return {key: part for key, part in parts.items() if part not in (None, "", [], {})}
    return [_bare(part, times) for part in value] if isinstance(value, list) else value
