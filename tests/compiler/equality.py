"""What it means that our Workflow equals kfp's."""

from __future__ import annotations

import copy
import json
from typing import Any

PREFIX = "pipelines.kubeflow.org/"
JSON_ANNOTATIONS = {PREFIX + "component_spec", PREFIX + "pipeline_spec", PREFIX + "arguments.parameters"}
NOT_COMPARED = {PREFIX + "kfp_sdk_version", PREFIX + "pipeline_compilation_time"}


def comparable(workflow: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a Workflow without what may differ: SDK name, time, program text, order of templates."""
    workflow = copy.deepcopy(workflow)
    templates = workflow["spec"]["templates"]
    templates.sort(key=lambda template: template["name"])
    for thing in (workflow, *templates):
        metadata = thing.get("metadata", {})
        for kind in ("annotations", "labels"):
            for key in NOT_COMPARED & set(metadata.get(kind, {})):
                metadata[kind][key] = "…"
        for key in JSON_ANNOTATIONS & set(metadata.get("annotations", {})):
            metadata["annotations"][key] = json.loads(metadata["annotations"][key])
    for template in templates:
        _forget_program(template)
    return workflow


def _forget_program(template: dict[str, Any]) -> None:
    """Blank the text of a function's program, and the digest of a component.yaml that holds such a text."""
    annotations = template.get("metadata", {}).get("annotations", {})
    implementation = annotations.get(PREFIX + "component_spec", {}).get("implementation", {})
    has_program = False
    for container in (template.get("container"), implementation.get("container")):
        command = container and container.get("command")
        if command and len(command) > 1 and isinstance(command[-2], str) and "python3 -u" in command[-2]:
            command[-1] = "…"
            has_program = True
    reference = PREFIX + "component_ref"
    if has_program and reference in annotations:
        annotations[reference] = {
            key: "…" if key == "digest" else value for key, value in json.loads(annotations[reference]).items()
        }
