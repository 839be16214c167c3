"""What a Workflow says of the pipeline it was compiled from: name, description, inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.base import Workflow
from kfp_jupyter.parsing.json_reader import read_json

SPEC_ANNOTATION = "pipelines.kubeflow.org/pipeline_spec"


def pipeline_spec(workflow: Workflow) -> Mapping[str, Any]:
    """Return the pipeline's spec that the compiler left in the annotations; empty where there is none."""
    text = _annotations(workflow.get("metadata")).get(SPEC_ANNOTATION)
    try:
        spec = read_json(text) if isinstance(text, str) else {}
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


def title_of(template: Mapping[str, Any], task: str) -> str:
    """Return what people call a step: the name its author gave it for display, its component's title, its task's name.

    Args:
        template: The template it runs.
        task: The task's name. Of several tasks of a component all but the first end in a number, which is kept.
    """
    annotations = _annotations(template.get("metadata"))
    given = annotations.get("pipelines.kubeflow.org/task_display_name")
    if given:
        return str(given)
    title = _component_name(annotations.get("pipelines.kubeflow.org/component_spec"))
    if not title:
        return task
    number = _NUMBER.fullmatch(task)
    return f"{title} ({number[2]})" if number and _plain(number[1]) == _plain(title) else title


_NUMBER = re.compile(r"(.+)-(\d+)")


def _plain(name: str) -> str:
    """Return a name as the compiler makes it fit for Kubernetes."""
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def _component_name(spec: Any) -> str:
    try:
        found = read_json(spec) if isinstance(spec, str) else {}
    except ValueError:
        return ""  # a Workflow by another hand may hold anything here
    return str(found.get("name") or "") if isinstance(found, dict) else ""


def _annotations(metadata: Any) -> Mapping[str, Any]:
    return (metadata or {}).get("annotations") or {}
