"""Argo Workflow object → `RunState`: the one parser of the one wire format.

The format is `WorkflowStatus` and `NodeStatus` of Argo Workflows (fields as in its API reference).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.redaction import redact
from kfp_jupyter.runs.state import NodeState, Phase, RunState
from kfp_jupyter.workflow.step_graph import ON_EXIT


def parse_workflow(
    workflow: Mapping[str, Any], run_id: str | None = None, *, ahead: timedelta = timedelta()
) -> RunState:
    """Return the state that a Workflow object carries.

    Args:
        workflow: A Workflow as a mapping, with or without ``status``.
        run_id: What the engine calls the run; the workflow's name unless given.
        ahead: How far the clock that wrote its times is ahead of the local one; the state has local times.
    """
    metadata = section(workflow, "metadata")
    name, status = metadata.get("name", ""), section(workflow, "status")
    raw, phase, message = section(status, "nodes"), _phase(status.get("phase")), _message(status)
    nodes = {key: _node(node, name, raw, ahead) for key, node in raw.items()}
    return RunState(
        id=run_id or name,
        name=name,
        phase=phase,
        message=message,
        nodes=nodes,
        started_at=parse_time(status.get("startedAt"), ahead),
        finished_at=parse_time(status.get("finishedAt"), ahead),
        suspended=bool(section(workflow, "spec").get("suspend")),
        reason=_held_by_finalizers(metadata),
        stopped=phase.bad and message.startswith(_RUN_STOPPED),
        exiting=any(node.path == ON_EXIT and not node.phase.finished for node in nodes.values()),
    )


def _held_by_finalizers(metadata: Mapping[str, Any]) -> str:
    finalizers = metadata.get("finalizers")
    if not metadata.get("deletionTimestamp") or not finalizers:
        return ""
    return f"The run is being deleted, but its finalizers ({', '.join(map(str, finalizers))}) haven't been removed."


_RUN_STOPPED = "Stopped with strategy"
"""What a run says that was stopped; the strategy follows, ``'Terminate'`` or ``'Stop'``.
Source: ``workflow/controller/operator.go`` of Argo Workflows 3.7."""

_NODE_STOPPED = "workflow shutdown with strategy"
"""What a step says that was unfinished then.
Source: ``workflow/controller/exec_control.go`` of Argo Workflows 3.7."""

_TAKEN_OVER = "original pod: "


def taken_over(node: Mapping[str, Any]) -> bool:
    """Whether a node is a step that a resubmitted run takes over from another: Argo says so in its message alone."""
    return node.get("type") == "Skipped" and (node.get("message") or "").startswith(_TAKEN_OVER)


def _node(node: Mapping[str, Any], run: str, nodes: Mapping[str, Mapping[str, Any]], ahead: timedelta) -> NodeState:
    inputs, outputs = section(node, "inputs"), section(node, "outputs")
    exit_code = outputs.get("exitCode")
    taken, message = taken_over(node), _message(node)
    phase = Phase.SUCCEEDED if taken else _phase(node.get("phase"))
    return NodeState(
        id=node["id"],
        name=node["name"],
        display_name=node.get("displayName") or node["name"],
        type="Pod" if taken else node.get("type", ""),
        template=node.get("templateName") or section(node, "templateRef").get("template", ""),
        phase=phase,
        message=message,
        started_at=parse_time(node.get("startedAt"), ahead),
        finished_at=parse_time(node.get("finishedAt"), ahead),
        boundary_id=node.get("boundaryID") or "",
        children=tuple(node.get("children") or ()),
        inputs=_values(inputs),
        outputs=_values(outputs),
        input_artifacts=tuple(a["name"] for a in entries(inputs, "artifacts")),
        output_artifacts=tuple(a["name"] for a in entries(outputs, "artifacts")),
        exit_code=None if exit_code is None else int(exit_code),
        cached=taken or bool(section(node, "memoizationStatus").get("hit")),
        run=run,
        # A step that was stopped with its run says nothing else of how far it was.
        begun=exit_code is not None or bool(node.get("hostNodeName")) or not phase.bad,
        stopped=phase.bad and message.startswith(_NODE_STOPPED),
        next_attempt_at=_next_attempt_at(node, nodes, ahead),
    )


def _message(status: Mapping[str, Any]) -> str:
    return redact(status["message"]) if status.get("message") else ""


def _values(io: Mapping[str, Any]) -> dict[str, str]:
    return {p["name"]: str(p["value"]) for p in entries(io, "parameters") if p.get("value") is not None}


def _phase(text: str | None) -> Phase:
    return Phase(text) if text else Phase.PENDING


_PAUSE = re.compile(r"Backoff for (.+)")
_PART_OF_PAUSE = re.compile(r"(\d+) (day|hour|minute|second)s?")
_SECONDS = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}


def _next_attempt_at(
    node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], ahead: timedelta
) -> datetime | None:
    """Return when a step's next attempt starts: Argo tells in words how long it waits, from the end of the last one."""
    found = _PAUSE.fullmatch(node.get("message") or "")
    if node.get("type") != "Retry" or not found or _phase(node.get("phase")).finished:
        return None
    ended = [parse_time(nodes[key].get("finishedAt"), ahead) for key in node.get("children") or () if key in nodes]
    pause = sum(int(number) * _SECONDS[unit] for number, unit in _PART_OF_PAUSE.findall(found[1]))
    known = [time for time in ended if time is not None]
    return max(known) + timedelta(seconds=pause) if len(known) == len(ended) > 0 else None


def parse_time(text: str | None, ahead: timedelta = timedelta()) -> datetime | None:
    """Return an RFC 3339 time (with or without a fraction of a second) as an aware datetime; None for none.

    Args:
        text: The time.
        ahead: How far the clock that it was read from is ahead of the one here.
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00")) - ahead if text else None
