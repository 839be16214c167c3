"""Workflow and arguments → the first state of a run."""

from __future__ import annotations

import json
import secrets
import string
import uuid
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.arguments import bind_arguments
from kfp_jupyter.engines.local.status import now

_ALPHABET = string.ascii_lowercase + string.digits


def new_run(
    workflow: Mapping[str, Any], arguments: Mapping[str, str], run_name: str | None, experiment: str | None
) -> dict[str, Any]:
    """Return the Workflow object of a run that is about to start.

    Args:
        workflow: The compiled pipeline, checked.
        arguments: Values that replace the parameters' defaults.
        run_name: What people call the run.
        experiment: What it belongs to.

    Raises:
        EngineError: An unknown parameter, or one without a value or too large.
    """
    given = workflow.get("metadata") or {}
    base = given.get("generateName") or f"{given.get('name') or 'run'}-"
    name = base + "".join(secrets.choice(_ALPHABET) for _ in range(5))
    created = now()
    annotations = dict(given.get("annotations") or {})
    annotations["pipelines.kubeflow.org/run_name"] = run_name or name
    if experiment:
        annotations["pipelines.kubeflow.org/experiment_name"] = experiment
    metadata = dict(given) | {"name": name, "uid": str(uuid.uuid4()), "namespace": given.get("namespace") or "local"}
    metadata |= {"creationTimestamp": created, "annotations": annotations}
    # A copy as plain JSON: YAML may have made a date of what was meant as text.
    spec = json.loads(json.dumps(workflow["spec"], default=str))
    spec["arguments"] = (spec.get("arguments") or {}) | {"parameters": bind_arguments(workflow, arguments)}
    return {
        "apiVersion": workflow.get("apiVersion", "argoproj.io/v1alpha1"),
        "kind": "Workflow",
        "metadata": metadata,
        "spec": spec,
        "status": {"phase": "Pending", "startedAt": created, "nodes": {}},
    }
