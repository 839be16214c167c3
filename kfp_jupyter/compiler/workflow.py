"""A pipeline's graph → the whole Workflow.

Source: ``_create_pipeline_workflow`` and ``_create_workflow`` in ``kfp/compiler/compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from kfp_jupyter.compiler.compact import Shared, share, shareable, taken
from kfp_jupyter.compiler.dags import Dags
from kfp_jupyter.compiler.data_passing import DataPassing, Port
from kfp_jupyter.compiler.dataflow import Dataflow
from kfp_jupyter.compiler.templates import Body, body, output_paths
from kfp_jupyter.compiler.volume_passing import passing_on_volume
from kfp_jupyter.components.structures.dense_json import dense_json
from kfp_jupyter.dsl.data_passing_methods import KubernetesVolume
from kfp_jupyter.dsl.graph import PipelineGraph, Task
from kfp_jupyter.naming import k8s_name, parameter_name, unique_name
from kfp_jupyter.workflow.dialect import (
    API_VERSION,
    COMPILATION_TIME,
    KIND,
    PIPELINE_SPEC,
    SDK_VERSION,
    SERVICE_ACCOUNT,
    sdk_version,
)
from kfp_jupyter.workflow.tags import workflow_tag

Data = dict[str, Any]


def create_workflow(graph: PipelineGraph, compiled_at: datetime, *, compact: bool = False) -> Data:
    """Return the Workflow that runs a pipeline, as plain data.

    Args:
        graph: The pipeline.
        compiled_at: The time to note in it.
        compact: Whether tasks of one component share a template.

    Raises:
        CompileError: No Workflow can be made of it.
    """
    names = {*graph.tasks, *(group.name.lower() for outer in graph.root.groups for group in outer.walk())}
    entrypoint = unique_name(k8s_name(graph.name) or "pipeline", names)
    generic = shareable(graph) if compact else {}
    bodies = {name: taken(task) if generic.get(name) else body(task) for name, task in graph.tasks.items()}
    dataflow = Dataflow(graph, entrypoint)
    wanted = DataPassing(dataflow, bodies, dataflow.wanted_around())
    shared, sharers = share(graph, wanted, generic) if compact else ({}, {})
    templates = [
        _template(task, bodies[task.name], wanted.outputs_by_value)
        for task in graph.tasks.values()
        if task.name not in sharers
    ]
    templates += [_shared_template(template) for template in shared.values()]
    templates += Dags(dataflow, wanted, bodies, sharers).templates()
    templates.sort(key=lambda template: str(template["name"]))
    spec: Data = {
        "entrypoint": entrypoint,
        "templates": templates,
        "arguments": _arguments(
            graph, {name for template, name in wanted.inputs_by_artifact if template == entrypoint}
        ),
        "serviceAccountName": SERVICE_ACCOUNT,
        **graph.conf.spec,
    }
    handler = next((group.exit_task for group in graph.root.groups if group.exit_task), "")
    if handler:
        spec["onExit"] = handler
    if graph.conf.image_pull_policy:
        _set_pull_policy(templates, graph.conf.image_pull_policy)
    workflow: Data = {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"generateName": f"{entrypoint}-"},
        "spec": spec,
    }
    workflow = _passing_data(workflow, graph.conf.data_passing_method)
    metadata = workflow.setdefault("metadata", {})
    metadata.setdefault("annotations", {}).update(
        {
            SDK_VERSION: sdk_version(),
            COMPILATION_TIME: compiled_at.isoformat(),
            PIPELINE_SPEC: dense_json(_pipeline_spec(graph)),
        }
    )
    metadata.setdefault("labels", {})[SDK_VERSION] = sdk_version()
    return workflow


def _template(task: Task, body: Body, wanted: Collection[Port]) -> Data:
    """A task's template with what is handed in and out.

    Args:
        task: The task.
        body: What `templates.body` made of it.
        wanted: Outputs that are handed on by value.
    """
    template = body.fields
    inputs: Data = {
        "parameters": [{"name": name} for name in sorted(body.values)],
        "artifacts": [
            {"name": file.name, "path": file.path} | ({} if file.source else {"raw": {"data": file.text}})
            for file in body.files
        ],
    }
    paths = output_paths(task)
    if task.resource is not None:
        outputs: Data = {"parameters": [{"name": n, "valueFrom": {"jsonPath": path}} for n, path in paths.items()]}
    else:
        by_value = [name for name in paths if (task.name, name) in wanted]
        shown = [{"name": name, "path": path} for name, path in task.shown_outputs.items()]
        outputs = {
            "parameters": [{"name": name, "valueFrom": {"path": paths[name]}} for name in by_value],
            "artifacts": shown + [{"name": name, "path": path} for name, path in paths.items()],
        }
    return _with_ports(template, inputs, outputs)


def lone_template(task: Task) -> Data:
    """Return the template of a task by itself: whatever it takes and gives is a parameter, outputs are files too.

    Args:
        task: The task.
    """
    return _template(task, body(task), {(task.name, name) for name in output_paths(task)})


def _shared_template(shared: Shared) -> Data:
    """A template that hands nothing in and out but under its component's own names."""
    task, template = shared.task, shared.body().fields
    files = sorted((parameter_name(file.name), file.path) for file in shared.files)
    inputs: Data = {
        "parameters": [{"name": reference.name} for reference in sorted(task.references)],
        "artifacts": [{"name": name, "path": path} for name, path in files],
    }
    outputs: Data = {
        "parameters": [
            {"name": parameter_name(name), "valueFrom": {"path": task.outputs[name]}}
            for name in sorted(shared.outputs_by_value)
        ],
        "artifacts": [{"name": name, "path": path} for name, path in task.shown_outputs.items()]
        + [{"name": parameter_name(name), "path": path} for name, path in sorted(task.outputs.items())],
    }
    return _with_ports(template, inputs, outputs)


def _with_ports(template: Data, inputs: Data, outputs: Data) -> Data:
    for key, ports in (("inputs", inputs), ("outputs", outputs)):
        if any(ports.values()):
            template[key] = {kind: entries for kind, entries in ports.items() if entries}
    return template


def _arguments(graph: PipelineGraph, files: set[str]) -> Data:
    arguments: Data = {
        "parameters": [
            {"name": parameter_name(p.name)} | ({"value": p.default} if p.default is not None else {})
            for p in graph.parameters
        ]
    }
    if files:
        names = [p["name"] for p in arguments["parameters"] if p["name"] in files]
        arguments["artifacts"] = [{"name": name, "raw": {"data": workflow_tag(name)}} for name in names]
    return arguments


def _set_pull_policy(templates: list[Data], policy: str) -> None:
    for template in templates:
        if "container" in template:
            template["container"].setdefault("imagePullPolicy", policy)


def _passing_data(workflow: Data, method: Any) -> Data:
    if method is None:
        return workflow
    if isinstance(method, KubernetesVolume):
        return passing_on_volume(workflow, method)
    changed: Data = method(workflow)
    return changed


def _pipeline_spec(graph: PipelineGraph) -> Mapping[str, Any]:
    spec: Data = {"name": graph.name}
    if graph.description is not None:
        spec["description"] = graph.description
    if graph.parameters:
        spec["inputs"] = [p.to_dict() for p in graph.parameters]
    if graph.outputs:
        spec["outputs"] = [o.to_dict() for o in graph.outputs]
    return spec
