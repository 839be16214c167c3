"""One container template a task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.compiler.dataflow import Dataflow, TaskFlow, full_name
from kfp_jupyter.compiler.dialect import (
    ARGUMENTS,
    CACHING,
    COMPONENT_REF,
    COMPONENT_SPEC,
    DISPLAY_NAME,
    ISOLATED,
    SDK_TYPE,
    SDK_VERSION,
    sdk_version,
)
from kfp_jupyter.dsl.container_op import UI_OUTPUTS
from kfp_jupyter.dsl.graph import Task
from kfp_jupyter.dsl.text import Reference, Text


def container_template(task: Task, flow: Dataflow) -> dict[str, Any]:
    """Return the template that runs a task."""
    takes = flow.tasks[task.name]
    template: dict[str, Any] = {"name": task.name, "container": _container(task)}
    inputs, outputs = _inputs(takes), _outputs(task, flow)
    if inputs:
        template["inputs"] = inputs
    if outputs:
        template["outputs"] = outputs
    template["metadata"] = _metadata(task)
    return template


def _container(task: Task) -> dict[str, Any]:
    container: dict[str, Any] = {
        "args": list(map(template_text, task.args)),
        "command": list(map(template_text, task.command)),
    }
    if task.component.container.env:
        container["env"] = [{"name": name, "value": value} for name, value in task.component.container.env.items()]
    container["image"] = task.component.container.image
    resources = {"limits": dict(task.limits), "requests": dict(task.requests)}
    if any(resources.values()):
        container["resources"] = {kind: amounts for kind, amounts in resources.items() if amounts}
    return container


def template_text(text: Text) -> str:
    """Return text as it stands in a template: references become tags of the template's own inputs."""
    return "".join(
        f"{{{{inputs.parameters.{full_name(piece)}}}}}" if isinstance(piece, Reference) else piece for piece in text
    )


def _inputs(takes: TaskFlow) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    if takes.values:
        inputs["parameters"] = [{"name": name} for name in takes.values]
    if takes.files:
        inputs["artifacts"] = [
            {"name": name, "path": file.path} | ({} if file.source else {"raw": {"data": template_text(file.data)}})
            for name, file in takes.files.items()
        ]
    return inputs


def _outputs(task: Task, flow: Dataflow) -> dict[str, Any]:
    shown = [
        {"name": output.replace("_", "-"), "path": task.outputs[output]}
        for output in UI_OUTPUTS
        if output in task.outputs
    ]
    passed = {
        full_name(Reference(task.name, output)): path
        for output, path in task.outputs.items()
        if output not in UI_OUTPUTS
    }
    by_value = {
        full_name(reference): task.outputs[reference.name]
        for reference in flow.taken_by_value
        if reference.task == task.name
    }
    outputs: dict[str, Any] = {}
    if by_value:
        outputs["parameters"] = [{"name": name, "valueFrom": {"path": path}} for name, path in sorted(by_value.items())]
    artifacts = shown + [{"name": name, "path": path} for name, path in sorted(passed.items())]
    if artifacts:
        outputs["artifacts"] = artifacts
    return outputs


def _metadata(task: Task) -> dict[str, Any]:
    component = task.component
    arguments = {name: template_text(text) for name, text in task.by_value.items()}
    annotations = {
        **({DISPLAY_NAME: task.display_name} if task.display_name else {}),
        **component.annotations,
        **({ISOLATED: "true"} if task.isolated else {}),
        COMPONENT_SPEC: safe_json(component.to_dict()),
        COMPONENT_REF: json.dumps(task.reference.to_dict(), sort_keys=True),
        **({ARGUMENTS: json.dumps(arguments, sort_keys=True)} if arguments else {}),
    }
    labels = {
        **component.labels,
        SDK_VERSION: sdk_version(),
        SDK_TYPE: "kfp",
        CACHING: str(task.cache).lower(),
    }
    return {"annotations": annotations, "labels": labels}


def safe_json(value: Mapping[str, Any]) -> str:
    """Return JSON in which Argo finds no tags of its own: no two braces stand side by side."""
    text = json.dumps(value, sort_keys=True)
    while "{{" in text:
        text = text.replace("{{", "{\\u007b")
    return text
