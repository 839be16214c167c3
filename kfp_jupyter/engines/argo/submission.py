"""Workflow + arguments → the object that is created."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import PurePosixPath
from typing import Any

from kfp_jupyter.engines.arguments import bind_arguments
from kfp_jupyter.engines.names import pipeline_name

OURS = "app.kubernetes.io/managed-by=kfp-jupyter"
"""The label that marks a run as ours."""

PIPELINE = "kfp-jupyter/pipeline"
"""The label that names the pipeline."""

SUBMITTED = "kfp-jupyter/submitted-at"
"""Annotation: when it was submitted, finer than the second that Kubernetes notes."""

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
        run_name: What people call the run.
        experiment: What it belongs to.
        labels: Further labels.

    Raises:
        EngineError: An unknown parameter, or one without a value or too large.
    """
    given = workflow.get("metadata") or {}
    metadata = {key: given[key] for key in ("labels", "annotations") if given.get(key)}
    metadata["generateName"] = given.get("generateName") or f"{given.get('name') or 'run'}-"
    annotations = dict(given.get("annotations") or {})
    annotations[SUBMITTED] = datetime.now(timezone.utc).isoformat()
    if run_name:
        annotations["pipelines.kubeflow.org/run_name"] = run_name
    if experiment:
        annotations["pipelines.kubeflow.org/experiment_name"] = experiment
    metadata["annotations"] = annotations
    metadata["labels"] = dict(given.get("labels") or {}) | marks(workflow, experiment) | dict(labels)
    # A copy as plain JSON: YAML may have made a date of what was meant as text.
    spec = json.loads(json.dumps(workflow["spec"], default=str))
    spec["arguments"] = (spec.get("arguments") or {}) | {"parameters": _parameters(workflow, arguments)}
    return {
        "apiVersion": workflow.get("apiVersion", "argoproj.io/v1alpha1"),
        "kind": "Workflow",
        "metadata": metadata,
        "spec": spec,
    }


def label_value(text: str) -> str:
    """Return a text as Kubernetes accepts it for the value of a label; it may be empty then."""
    return re.sub(r"[^-_.0-9A-Za-z]+", "-", text)[:_LABEL].strip("-_.")


def marks(workflow: Mapping[str, Any], experiment: str | None) -> dict[str, str]:
    """Return the labels that mark a run as ours, with the notebook and the pipeline that it comes from."""
    key, _, value = OURS.partition("=")
    # What Jupyter tells its kernels of the notebook they belong to.
    notebook = PurePosixPath(os.environ.get("JPY_SESSION_NAME") or "").name
    texts = {
        PIPELINE: label_value(pipeline_name(workflow)),
        "kfp-jupyter/experiment": label_value(experiment or ""),
        "kfp-jupyter/notebook": label_value(notebook),
    }
    return {key: value} | {name: text for name, text in texts.items() if text}


def _parameters(workflow: Mapping[str, Any], arguments: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the parameters with their values; what a ConfigMap holds stays for the controller to look up."""
    spec = workflow["spec"]
    declared = (spec.get("arguments") or {}).get("parameters") or []
    elsewhere = [p for p in declared if p.get("valueFrom") and p["name"] not in arguments]
    names = {p["name"] for p in elsewhere}
    rest = [{"name": p["name"], "value": p.get("value")} for p in declared if p["name"] not in names]
    templates = list(spec.get("templates") or ())
    entrypoint = spec.get("entrypoint")
    # Where the templates are the cluster's, only what the workflow itself declares is known here.
    own = [t for t in templates if t.get("name") == entrypoint] or [{"name": entrypoint}]
    # So stays what a ConfigMap holds for the entrypoint itself.
    inputs = [
        p
        for p in (own[0].get("inputs") or {}).get("parameters") or ()
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
