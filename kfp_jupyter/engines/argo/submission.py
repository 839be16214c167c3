"""Workflow + arguments → the object to create.

Source of the rules for labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import PurePosixPath
from typing import Any

from kfp_jupyter.engines.arguments import bind_arguments
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import (
    API_VERSION,
    EXPERIMENT_LABEL,
    EXPERIMENT_NAME,
    KIND,
    MANAGED_BY,
    NOTEBOOK_LABEL,
    OURS,
    PIPELINE_LABEL,
    RUN_NAME,
    SUBMITTED_AT,
)
from kfp_jupyter.workflow.titles import pipeline_name
from kfp_jupyter.workflow.views import WorkflowView

_LABEL = 63


def new_workflow(
    workflow: Mapping[str, Any],
    arguments: Mapping[str, str],
    run_name: str | None,
    experiment: str | None,
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """Return the Workflow object of a run that is about to start.

    Args:
        workflow: The compiled pipeline.
        arguments: Values that replace the parameters' defaults.
        run_name: Name of the run to display.
        experiment: What it belongs to.
        labels: Further labels.

    Raises:
        EngineError: An unknown parameter, or one without a value or too large.
    """
    view = WorkflowView(workflow)
    metadata: dict[str, Any] = {"generateName": view.generate_name or f"{view.name or 'run'}-"}
    annotations = dict(view.annotations)
    annotations[SUBMITTED_AT] = datetime.now(timezone.utc).isoformat()
    if run_name:
        annotations[RUN_NAME] = run_name
    if experiment:
        annotations[EXPERIMENT_NAME] = experiment
    metadata["annotations"] = annotations
    metadata["labels"] = dict(view.labels) | marks(workflow, experiment) | dict(labels)
    # A copy as plain JSON: YAML may have made a date of what was meant as text.
    spec = json.loads(json.dumps(workflow["spec"], default=str))
    spec["arguments"] = {**section(spec, "arguments"), "parameters": _parameters(workflow, arguments)}
    return {
        "apiVersion": workflow.get("apiVersion", API_VERSION),
        "kind": KIND,
        "metadata": metadata,
        "spec": spec,
    }


def label_value(text: str) -> str:
    """Return a text as Kubernetes accepts it for the value of a label; it may be empty then."""
    return re.sub(r"[^-_.0-9A-Za-z]+", "-", text)[:_LABEL].strip("-_.")


def marks(workflow: Mapping[str, Any], experiment: str | None) -> dict[str, str]:
    """Return the labels that mark a run as ours, with the notebook and the pipeline that it comes from.

    Args:
        workflow: The Workflow.
        experiment: Experiment of the run; empty for none.
    """
    # What Jupyter tells its kernels of the notebook they belong to.
    notebook = PurePosixPath(os.environ.get("JPY_SESSION_NAME") or "").name
    texts = {
        PIPELINE_LABEL: label_value(pipeline_name(workflow)),
        EXPERIMENT_LABEL: label_value(experiment or ""),
        NOTEBOOK_LABEL: label_value(notebook),
    }
    return {MANAGED_BY: OURS} | {name: text for name, text in texts.items() if text}


def _parameters(workflow: Mapping[str, Any], arguments: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the parameters with their values; what a ConfigMap holds stays for the controller to look up."""
    spec = workflow["spec"]
    declared = entries(spec, "arguments", "parameters")
    elsewhere = [dict(p) for p in declared if p.get("valueFrom") and p["name"] not in arguments]
    names = {p["name"] for p in elsewhere}
    rest = [{"name": p["name"], "value": p.get("value")} for p in declared if p["name"] not in names]
    entrypoint = spec.get("entrypoint")
    # Where the templates are the cluster's, only what the workflow itself declares is known here.
    own = [t for t in entries(spec, "templates") if t.get("name") == entrypoint] or [{"name": entrypoint}]
    # So stays what a ConfigMap holds for the entrypoint itself.
    inputs = [
        p
        for p in entries(own[0], "inputs", "parameters")
        if p["name"] not in names and (p["name"] in arguments or not p.get("valueFrom"))
    ]
    bound = bind_arguments(
        {
            "spec": {
                "entrypoint": entrypoint,
                "arguments": {"parameters": rest},
                "templates": [{"name": entrypoint, "inputs": {"parameters": inputs}}],
            }
        },
        arguments,
    )
    return [*bound, *elsewhere]
