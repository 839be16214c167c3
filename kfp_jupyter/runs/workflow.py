"""Argo Workflow object → `RunState`: the one parser of the one wire format.

The format is `WorkflowStatus` and `NodeStatus` of Argo Workflows (fields as in its API reference).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kfp_jupyter.redaction import redact
from kfp_jupyter.runs.state import NodeState, Phase, RunState


def parse_workflow(workflow: Mapping[str, Any], run_id: str | None = None) -> RunState:
    """Return the state that a Workflow object carries.

    Args:
        workflow: A Workflow as a mapping, with or without ``status``.
        run_id: What the engine calls the run; the workflow's name unless given.
    """
    name = workflow.get("metadata", {}).get("name", "")
    status = workflow.get("status") or {}
    return RunState(
        id=run_id or name,
        name=name,
        phase=_phase(status.get("phase")),
        message=_message(status),
        nodes={key: _node(node) for key, node in (status.get("nodes") or {}).items()},
        started_at=parse_time(status.get("startedAt")),
        finished_at=parse_time(status.get("finishedAt")),
        suspended=bool((workflow.get("spec") or {}).get("suspend")),
    )


_TAKEN_OVER = "original pod: "


def taken_over(node: Mapping[str, Any]) -> bool:
    """Whether a node is a step that a resubmitted run takes over from another: Argo says so in its message alone."""
    return node.get("type") == "Skipped" and (node.get("message") or "").startswith(_TAKEN_OVER)


def _node(node: Mapping[str, Any]) -> NodeState:
    inputs, outputs = node.get("inputs") or {}, node.get("outputs") or {}
    exit_code = outputs.get("exitCode")
    taken = taken_over(node)
    return NodeState(
        id=node["id"],
        name=node["name"],
        display_name=node.get("displayName") or node["name"],
        type="Pod" if taken else node.get("type", ""),
        template=node.get("templateName") or (node.get("templateRef") or {}).get("template", ""),
        phase=Phase.SUCCEEDED if taken else _phase(node.get("phase")),
        message=_message(node),
        started_at=parse_time(node.get("startedAt")),
        finished_at=parse_time(node.get("finishedAt")),
        boundary_id=node.get("boundaryID") or "",
        children=tuple(node.get("children") or ()),
        inputs=_values(inputs),
        outputs=_values(outputs),
        input_artifacts=tuple(a["name"] for a in inputs.get("artifacts") or ()),
        output_artifacts=tuple(a["name"] for a in outputs.get("artifacts") or ()),
        exit_code=None if exit_code is None else int(exit_code),
        cached=taken or bool((node.get("memoizationStatus") or {}).get("hit")),
    )


def _message(status: Mapping[str, Any]) -> str:
    return redact(status["message"]) if status.get("message") else ""


def _values(io: Mapping[str, Any]) -> dict[str, str]:
    return {p["name"]: str(p["value"]) for p in io.get("parameters") or () if p.get("value") is not None}


def _phase(text: str | None) -> Phase:
    return Phase(text) if text else Phase.PENDING


def parse_time(text: str | None) -> datetime | None:
    """Return an RFC 3339 time (with or without a fraction of a second) as an aware datetime; None for none."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
