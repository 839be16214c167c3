"""A component and its arguments → a task.

Source: ``_create_container_op_from_component_and_arguments`` in ``kfp/dsl/_component_bridge.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.components.arguments import command_line, input_path
from kfp_jupyter.components.component import Component
from kfp_jupyter.components.structures import CachingStrategySpec, InputSpec, TaskOutputArgument, TaskSpec
from kfp_jupyter.components.types import shown, to_text
from kfp_jupyter.dsl.base_op import BaseOp, task_outside
from kfp_jupyter.dsl.conditions import Test
from kfp_jupyter.dsl.container_op import ContainerOp
from kfp_jupyter.dsl.graph import Use
from kfp_jupyter.dsl.groups import OpsGroup
from kfp_jupyter.dsl.outputs import Outputs
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.tracing import note, required_trace
from kfp_jupyter.dsl.types import InconsistentTypeException, fits
from kfp_jupyter.errors import ComponentError, PipelineError, author_position

VOLATILE = "volatile_component"
"""The annotation of a component whose results are never taken from the cache when it is ``true``."""


def make_task(component: Component, arguments: Mapping[str, Any]) -> ContainerOp:
    """Make a task of a component.

    Args:
        component: The component.
        arguments: Values by input name.

    Raises:
        PipelineError: Outside of a pipeline, or an argument is missing or isn't of the declared type.
    """
    spec = component.component_spec
    texts = _texts(component, arguments)
    line = command_line(spec, texts)
    task = ContainerOp(
        component.name, spec.container.image, list(line.command), list(line.args), file_outputs=line.output_paths
    )
    task._set_metadata(spec)
    for name, text in texts.items():
        if name not in line.by_value:
            task.input_artifact_paths[name] = line.input_paths.get(name) or input_path(name)
            task.artifact_arguments[name] = text
    for name, value in arguments.items():
        if value is None:
            # Nobody reads these, but a Workflow of KFP v1 has a file for an optional input that is given None.
            task.input_artifact_paths[name] = input_path(name)
            task.artifact_arguments[name] = "None"
    task.component = Use(spec, component.spec_json, component.reference_json, line.by_value)
    _apply_settings(task, component)
    if line.by_address:
        note(
            f"The step of the component {component.name!r} gets a placeholder instead of the URI of "
            f"{', '.join(map(repr, line.by_address))}, as in KFP v1: only newer versions of Kubeflow "
            "Pipelines support URIs. Use inputPath and outputPath for files."
        )
    return task


def _apply_settings(task: ContainerOp, component: Component) -> None:
    """Apply the component's settings to one of its tasks."""
    spec, settings = component.component_spec, component.settings
    task.enable_caching, task.isolated = settings.cache, settings.isolated
    if settings.cpu:
        task.container.add_resource_limit("cpu", settings.cpu)
    if settings.memory:
        task.container.add_resource_limit("memory", settings.memory)
    if settings.gpu:
        vendor, number = settings.gpu
        task.container.set_gpu_limit(number, vendor)
    if settings.retry:
        task.set_retry(settings.retry)
    if settings.timeout:
        task.set_timeout(settings.timeout)
    for label, value in settings.node_selector.items():
        task.add_node_selector_constraint(label, value)
    if spec.container.env:
        task.container.env = [{"name": name, "value": value} for name, value in spec.container.env.items()]
    task.pod_annotations.update(spec.annotations)
    task.pod_labels.update(spec.labels)
    if spec.annotations.get(VOLATILE) == "true":
        task.execution_options.caching_strategy = CachingStrategySpec("P0D")


def _texts(component: Component, arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return the arguments as text, with defaults filled in."""
    texts = {}
    for spec in component.component_spec.inputs:
        value = arguments.get(spec.name, spec.default)
        if value is not None or spec.name in arguments:
            text = _text(component, spec, value)
            if text is not None:
                texts[spec.name] = text
    return texts


def _text(component: Component, spec: InputSpec, value: Any) -> str | None:
    if isinstance(value, PipelineParam):
        return _reference(component, spec, value)
    what = f"input {spec.name!r} of component {component.name!r}"
    if isinstance(value, str) and "<task '" in value:
        _check_no_task(value, what)
    if isinstance(value, (BaseOp, OpsGroup)):
        names = ", ".join(f'.outputs["{name}"]' for name in getattr(value, "outputs", ())) or "it has no outputs"
        raise PipelineError(
            f"The task {value.name!r} itself was passed to {what}.",
            remedy=f"Pass one of its outputs: .output, {names}.",
            position=author_position(),
        )
    if isinstance(value, Outputs):
        names = ", ".join(f'.outputs["{name}"]' for name in value)
        raise PipelineError(
            f"All outputs of a task were passed to {what}.",
            remedy=f"Pass one of them: {names or 'it has none'}.",
            position=author_position(),
        )
    if isinstance(value, Test):
        raise PipelineError(
            f"A comparison was passed to {what}, and its result is known only when the pipeline runs.",
            remedy="Compare in a component, and pass that component's output on; "
            "or use `with dsl.Condition(...)` around the tasks that depend on it.",
            position=author_position(),
        )
    if isinstance(value, (TaskSpec, TaskOutputArgument)):
        raise task_outside(what)
    if value is None:
        if spec.optional:
            return None
        raise PipelineError(
            f"None was passed to {what}, which is not optional.",
            remedy="Give the function's parameter a default to make it so.",
            position=author_position(),
        )
    try:
        return to_text(_default(spec, value), spec.type, what)
    except ComponentError as error:
        if isinstance(value, str) and (component.python_func is None or value is spec.default):
            # KFP v1 takes any text; what runs in the container may read it in a way of its own.
            if value and value is not spec.default:
                note(error.message)
            return value
        raise PipelineError(error.message, remedy=error.remedy, position=author_position()) from None


def _check_no_task(text: str, what: str) -> None:
    """Refuse a task that was formatted into a string: its output was probably meant."""
    trace = required_trace("A task")
    for name in re.findall(r"<task '([-\w]+)'>", text):
        if name in trace.ops:
            raise PipelineError(
                f"The task {name!r} was formatted into the string for {what}.",
                remedy="Format its .output instead.",
                position=author_position(),
            )


def _reference(component: Component, spec: InputSpec, param: PipelineParam) -> str:
    trace = required_trace(f"A task of component {component.name!r}")
    task, name = param._ref
    if task and task not in trace.ops:
        raise PipelineError(
            f"An argument of component {component.name!r} is an output of the task {task!r}, "
            "which is not in this pipeline.",
            remedy="Make the task inside the pipeline function.",
            position=author_position(),
        )
    if not fits(param._type, spec.type):
        described = f"output {name!r} of task {task!r}" if task else f"parameter {name!r}"
        given, expected = shown(param._type), shown(spec.type)
        if given == expected:
            given, expected = str(param._type), str(spec.type)
        message = (
            f"The {described} has type {given}, but input {spec.name!r} of component {component.name!r} takes "
            f"{expected}."
        )
        if trace.type_check:
            remedy = "Change one of the declared types, or pass it with .ignore_type()."
            raise InconsistentTypeException(message, remedy=remedy, position=author_position())
        note(message)
    return str(param)


def _default(spec: InputSpec, value: Any) -> Any:
    """Numbers among defaults pass through a number, as in KFP v1: the default ``3`` of a Float becomes ``3.0``."""
    if value is spec.default and spec.optional and isinstance(value, str) and spec.type in ("Integer", "Float"):
        with contextlib.suppress(ValueError):
            return int(value) if spec.type == "Integer" else float(value)
    return value
