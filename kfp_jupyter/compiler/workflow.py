"""A pipeline's graph → the whole Workflow."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from kfp_jupyter.compiler.dataflow import Dataflow, dataflow, full_name
from kfp_jupyter.compiler.dialect import (
    COMPILATION_TIME,
    PIPELINE_SPEC,
    SDK_VERSION,
    SERVICE_ACCOUNT,
    sdk_version,
)
from kfp_jupyter.compiler.templates import container_template
from kfp_jupyter.dsl.graph import PipelineGraph, Task
from kfp_jupyter.dsl.text import Reference
from kfp_jupyter.errors import CompileError
from kfp_jupyter.naming import k8s_name, parameter_name, unique_name


def create_workflow(graph: PipelineGraph, compiled_at: datetime) -> dict[str, Any]:
    """Return the Workflow that runs a pipeline, as plain data.

    Args:
        graph: The pipeline.
        compiled_at: The time to note in it.

    Raises:
        CompileError: No Kubernetes name can be made of the pipeline's.
    """
    name = k8s_name(graph.name)
    if not name:
        raise CompileError(
            f"No name for Kubernetes can be made of the pipeline's name {graph.name!r}.",
            remedy="Give it a name with letters a to z or digits.",
        )
    entrypoint = unique_name(name, {task.name for task in graph.tasks})
    flow = dataflow(graph)
    templates = [container_template(task, flow) for task in graph.tasks]
    templates.append(_dag_template(entrypoint, graph, flow))
    templates.sort(key=lambda template: str(template["name"]))
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {
            "generateName": f"{entrypoint}-",
            "annotations": {
                SDK_VERSION: sdk_version(),
                COMPILATION_TIME: compiled_at.isoformat(),
                PIPELINE_SPEC: json.dumps(_pipeline_spec(graph), sort_keys=True),
            },
            "labels": {SDK_VERSION: sdk_version()},
        },
        "spec": {
            "entrypoint": entrypoint,
            "templates": templates,
            "arguments": _arguments(graph, flow),
            "serviceAccountName": SERVICE_ACCOUNT,
        },
    }


def _dag_template(name: str, graph: PipelineGraph, flow: Dataflow) -> dict[str, Any]:
    template: dict[str, Any] = {"name": name}
    inputs = {
        "parameters": [{"name": parameter} for parameter in flow.parameters],
        "artifacts": [{"name": parameter} for parameter in flow.files],
    }
    if any(inputs.values()):
        template["inputs"] = {kind: entries for kind, entries in inputs.items() if entries}
    tasks = sorted(graph.tasks, key=lambda task: task.name)
    template["dag"] = {"tasks": [_dag_task(task, flow) for task in tasks]}
    return template


def _dag_task(task: Task, flow: Dataflow) -> dict[str, Any]:
    takes = flow.tasks[task.name]
    dag_task: dict[str, Any] = {"name": task.name, "template": task.name}
    if takes.dependencies:
        dag_task["dependencies"] = list(takes.dependencies)
    arguments: dict[str, Any] = {}
    if takes.values:
        arguments["parameters"] = [
            {
                "name": name,
                "value": f"{{{{tasks.{reference.task}.outputs.parameters.{name}}}}}"
                if reference.task
                else f"{{{{inputs.parameters.{name}}}}}",
            }
            for name, reference in takes.values.items()
        ]
    artifacts = [
        {"name": name, "from": _artifact_tag(file.source)} for name, file in sorted(takes.files.items()) if file.source
    ]
    if artifacts:
        arguments["artifacts"] = artifacts
    if arguments:
        dag_task["arguments"] = arguments
    return dag_task


def _artifact_tag(source: Reference) -> str:
    if source.task:
        return f"{{{{tasks.{source.task}.outputs.artifacts.{full_name(source)}}}}}"
    return f"{{{{inputs.artifacts.{full_name(source)}}}}}"


def _arguments(graph: PipelineGraph, flow: Dataflow) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "parameters": [
            {"name": parameter_name(p.name)} | ({"value": p.default} if p.default is not None else {})
            for p in graph.parameters
        ]
    }
    if flow.files:
        arguments["artifacts"] = [
            {"name": name, "raw": {"data": f"{{{{workflow.parameters.{name}}}}}"}} for name in flow.files
        ]
    return arguments


def _pipeline_spec(graph: PipelineGraph) -> dict[str, Any]:
    spec: dict[str, Any] = {"name": graph.name}
    if graph.description:
        spec["description"] = graph.description
    if graph.parameters:
        spec["inputs"] = [p.to_dict() for p in graph.parameters]
    return spec
