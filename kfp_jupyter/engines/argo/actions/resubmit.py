"""The Workflow of a new run like an earlier one: from the start, or reusing the steps that succeeded.

Source: ``FormulateResubmitWorkflow`` in
https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/util/util.go
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from kfp_jupyter.engines.argo.actions.retry import BAD, Node, retried
from kfp_jupyter.engines.argo.submission import label_value, marks
from kfp_jupyter.errors import EngineError
from kfp_jupyter.naming import node_id
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.workflow.dialect import API_VERSION, ARGO_LABELS, EXPERIMENT_NAME, SUBMITTED_AT
from kfp_jupyter.workflow.times import now

_OF_THE_OLD_RUN = tuple(
    ARGO_LABELS + name
    for name in (
        "creator",
        "creator-email",
        "creator-preferred-username",
        "phase",
        "completed",
        "workflow-archiving-status",
    )
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_PREFIX = 58
"""Letters that Kubernetes keeps of a name which it ends itself."""


def resubmitted(workflow: Mapping[str, Any], *, memoized: bool, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the workflow of a new run of the same pipeline and arguments.

    Args:
        workflow: The run's, nodes unpacked.
        memoized: Whether steps that succeeded are taken over.
        labels: Further labels.

    Raises:
        EngineError: Steps are to be taken over of a run that hasn't failed, or couldn't be retried either.
    """
    metadata = workflow["metadata"]
    name = str(metadata["name"])
    prefix = metadata.get("generateName") or f"{name}-"
    new = {
        "apiVersion": workflow.get("apiVersion", API_VERSION),
        "kind": "Workflow",
        "metadata": _metadata(workflow, labels),
        "spec": _spec(workflow),
    }
    if not memoized:
        new["metadata"]["generateName"] = prefix
        return new
    _check_memoizable(workflow, name)
    # Ids of nodes are made of the run's name, so Kubernetes can't choose it.
    new_name = prefix[:_PREFIX] + "".join(secrets.choice(_LETTERS) for _ in range(5))
    new["metadata"]["name"] = new_name
    status: dict[str, Any] = {
        "nodes": _taken_over(workflow, name, new_name),
        "conditions": [{"type": "Completed", "status": "False"}],
    }
    if stored := workflow["status"].get("storedTemplates"):
        status["storedTemplates"] = copy.deepcopy(stored)
    return new | {"status": status}


def _metadata(workflow: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    old = workflow["metadata"]
    annotations = dict(section(old, "annotations")) | {SUBMITTED_AT: datetime.now(timezone.utc).isoformat()}
    kept = {key: value for key, value in section(old, "labels").items() if key not in _OF_THE_OLD_RUN}
    experiment = annotations.get(EXPERIMENT_NAME)
    kept |= marks(workflow, experiment) | {ARGO_LABELS + "resubmitted-from-workflow": label_value(str(old["name"]))}
    made: dict[str, Any] = {"labels": kept | dict(labels), "annotations": annotations}
    if old.get("ownerReferences"):
        made["ownerReferences"] = copy.deepcopy(old["ownerReferences"])
    return made


def _spec(workflow: Mapping[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = copy.deepcopy(dict(workflow["spec"]))
    spec.pop("shutdown", None)
    if spec.get("activeDeadlineSeconds") == 0:  # how older versions end a run
        del spec["activeDeadlineSeconds"]
    return spec


def _check_memoizable(workflow: Mapping[str, Any], name: str) -> None:
    phase = section(workflow, "status").get("phase") or "Pending"
    if phase in BAD:
        return
    if phase == "Succeeded":
        raise EngineError(
            f"The run {name} has succeeded; there is nothing to run again.", remedy="Resubmit it without memoized=true."
        )
    raise EngineError(f"The run {name} is running.", remedy="Wait until it ends, or stop it.")


def _taken_over(workflow: Mapping[str, Any], old: str, new: str) -> dict[str, Node]:
    """Return the new run's nodes: those that a retry of the old one keeps, with its steps passed over.

    Argo's own resubmission lets all groups and attempts wait instead, and then waits for ever for some of them: for
    a group that had succeeded when a step behind it fails again, for the attempts of a step in a group.
    """
    again, _ = retried(workflow)
    kept: Mapping[str, Node] = again["status"]["nodes"]
    names = {key: new + node["name"].removeprefix(old) for key, node in kept.items()}
    ids = {key: node_id(new, name) for key, name in names.items()}
    moment = now()
    found: dict[str, Node] = {}
    for key, node in kept.items():
        made = node | {"name": names[key], "id": ids[key]}
        if node.get("boundaryID"):
            made["boundaryID"] = ids[node["boundaryID"]]
        for relation in ("children", "outboundNodes"):
            if node.get(relation):
                made[relation] = [ids[other] for other in node[relation] if other in ids]
        if node.get("finishedAt"):
            made["startedAt"] = made["finishedAt"] = moment
        if node.get("type") == "Pod" and node.get("phase") == "Succeeded":
            made |= {"type": "Skipped", "phase": "Skipped", "message": f"original pod: {key}"}
        found[made["id"]] = made
    return found
