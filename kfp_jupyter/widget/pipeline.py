"""What a Workflow says of the pipeline it was compiled from: name, description, inputs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.base import Workflow

SPEC_ANNOTATION = "pipelines.kubeflow.org/pipeline_spec"


def pipeline_spec(workflow: Workflow) -> Mapping[str, Any]:
    """Return the pipeline's spec that the compiler left in the annotations; empty where there is none."""
    text = _annotations(workflow.get("metadata")).get(SPEC_ANNOTATION)
    try:
        spec = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}  # a Workflow by another hand may hold anything here
    return spec if isinstance(spec, dict) else {}


def pipeline_name(workflow: Workflow) -> str:
    """Return the pipeline's name, or what comes nearest to one."""
    metadata = workflow.get("metadata") or {}
    name = pipeline_spec(workflow).get("name") or metadata.get("generateName") or metadata.get("name")
    return str(name or "pipeline").rstrip("-")


def pipeline_description(workflow: Workflow) -> str:
    """Return the pipeline's description; empty where there is none."""
    return str(pipeline_spec(workflow).get("description") or "")


def templates_of(workflow: Workflow) -> dict[str, Mapping[str, Any]]:
    """Return the Workflow's templates by name."""
    return {template["name"]: template for template in (workflow.get("spec") or {}).get("templates") or ()}


def display_name(template: Mapping[str, Any]) -> str:
    """Return the name the author gave a step for display; empty where none."""
    return str(_annotations(template.get("metadata")).get("pipelines.kubeflow.org/task_display_name") or "")


def _annotations(metadata: Any) -> Mapping[str, Any]:
    return (metadata or {}).get("annotations") or {}
