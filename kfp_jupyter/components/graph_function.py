"""A pipeline function that only calls components → a graph component.

Source: ``kfp/components/_python_to_graph_component.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from typing import Any

from kfp_jupyter.components.callables import called
from kfp_jupyter.components.component import Component, task_maker
from kfp_jupyter.components.functions import human_name, metadata_of
from kfp_jupyter.components.graph_component import GraphComponent
from kfp_jupyter.components.signature import FunctionInterface, interface_of
from kfp_jupyter.components.structures import (
    ComponentReference,
    ComponentSpec,
    GraphImplementation,
    GraphInputArgument,
    GraphInputReference,
    GraphSpec,
    InputSpec,
    OutputSpec,
    TaskOutputArgument,
    TaskSpec,
)
from kfp_jupyter.components.types import compatible, shown, to_text
from kfp_jupyter.errors import ComponentError, PipelineError, author_position
from kfp_jupyter.naming import UniqueNames


def create_graph_component_from_pipeline_func(
    pipeline_func: Callable[..., Any],
    output_component_file: str | os.PathLike[str] | None = None,
    embed_component_specs: bool = False,
    annotations: Mapping[str, str] | None = None,
) -> Component:
    """Make a component from a function that calls components and passes their outputs on.

    Such a component can't contain conditions, loops or settings of tasks.

    Args:
        pipeline_func: The function; it may return outputs of its tasks as a tuple, a named tuple or a dict.
        output_component_file: Where to write the component, for others to load.
        embed_component_specs: Whether that file holds the components too, rather than where they are to be found.
        annotations: Put into the component's metadata.

    Raises:
        ComponentError: The function can't become a component.
        PipelineError: Its wiring is wrong.
    """
    interface = interface_of(pipeline_func)
    for i in interface.inputs:
        if i.style != "value":
            raise ComponentError(
                f"The parameter {i.parameter!r} of the graph component {called(pipeline_func)!r} is a file.",
                remedy="Declare only its type: each step's component defines whether the step reads a file.",
            )
    trace = _Trace()
    result = trace.run(pipeline_func, [i.spec.name for i in interface.inputs])
    values = _output_values(result, interface)
    outputs = tuple(o.spec for o in interface.outputs) or tuple(
        OutputSpec(name, value.task_output.type) for name, value in values.items()
    )
    known = {task_id: task.component_ref.spec for task_id, task in trace.tasks.items() if task.component_ref.spec}
    if not embed_component_specs:
        for task in trace.tasks.values():
            task.component_ref = _without_spec(task.component_ref)
    spec = ComponentSpec(
        name=getattr(pipeline_func, "_component_human_name", None) or human_name(called(pipeline_func)),
        description=interface.description,
        metadata=metadata_of(annotations),
        inputs=tuple(i.spec for i in interface.inputs),
        outputs=outputs,
        implementation=GraphImplementation(GraphSpec(trace.tasks, values)),
    )
    if output_component_file:
        spec.save(output_component_file)
    component = GraphComponent(spec, pipeline_func)
    component.known = known
    return component


def _without_spec(reference: ComponentReference) -> ComponentReference:
    found_elsewhere = reference.name or reference.url or reference.digest
    return dataclasses.replace(reference, spec=None) if found_elsewhere else reference


class _Trace:
    """The tasks that a function makes while it runs."""

    def __init__(self) -> None:
        self.tasks: dict[str, TaskSpec] = {}
        self._ids = UniqueNames(" ")

    def run(self, function: Callable[..., Any], inputs: list[str]) -> Any:
        """Run the function with references to its inputs; return what it returns."""
        token = task_maker.set(self._make_task)
        try:
            return function(**{name: GraphInputReference(name).as_argument() for name in inputs})
        except AttributeError as error:
            if not isinstance(error.obj, (TaskSpec, GraphInputArgument, TaskOutputArgument)):
                raise
            raise PipelineError(
                f"A graph component stores only its components and what they pass on, so its tasks have no "
                f"{error.name!r}.",
                remedy="Write it as a pipeline function, or remove that call.",
                position=author_position(),
            ) from None
        finally:
            task_maker.reset(token)

    def _make_task(self, component: Component, arguments: dict[str, Any]) -> TaskSpec:
        spec = component.component_spec
        # What isn't optional but has a default counts as given, as in KFP v1.
        given = {i.name: i.default for i in spec.inputs if i.default is not None and not i.optional} | arguments
        inputs = {i.name: i for i in spec.inputs}
        passed = {name: _argument(component, inputs[name], value) for name, value in given.items() if value is not None}
        task = TaskSpec(dataclasses.replace(component.reference, spec=spec), passed)
        task.task_id = self._ids.new(spec.name or "Task")
        self.tasks[task.task_id] = task
        return task


def _argument(component: Component, spec: InputSpec, value: Any) -> Any:
    what = f"input {spec.name!r} of component {component.name!r}"
    if isinstance(value, GraphInputArgument):
        given = value.graph_input.type
    elif isinstance(value, TaskOutputArgument):
        given = value.task_output.type
    elif isinstance(value, TaskSpec):
        raise PipelineError(
            f"The task {value.task_id!r} itself was passed to {what}.",
            remedy="Pass one of its outputs: .output or .outputs[…].",
            position=author_position(),
        )
    else:
        try:
            return to_text(value, spec.type, what)
        except ComponentError as error:
            raise PipelineError(error.message, remedy=error.remedy, position=author_position()) from None
    if not compatible(given, spec.type):
        raise PipelineError(
            f"An output of type {shown(given)} was passed to {what}, which takes {shown(spec.type)}.",
            remedy="Change one of the declared types, or pass it with .without_type().",
            position=author_position(),
        )
    return value


def _output_values(result: Any, interface: FunctionInterface) -> dict[str, TaskOutputArgument]:
    declared = [o.spec.name for o in interface.outputs]
    if interface.single:
        result = (result,)
    if hasattr(result, "_asdict"):
        result = result._asdict()
    if result is None:
        values = {}
    elif isinstance(result, Mapping):
        values = dict(result)
    elif isinstance(result, (list, tuple)):
        names = declared or [getattr(getattr(v, "task_output", None), "output_name", str(v)) for v in result]
        if len(names) != len(result) or len(set(names)) != len(names):
            raise _wrong(f"{len(result)} values for the outputs {', '.join(map(repr, names))}")
        values = dict(zip(names, result, strict=True))
    else:
        raise _wrong(repr(result)[:80])
    if declared and set(values) != set(declared):
        raise _wrong(f"{', '.join(map(repr, values)) or 'nothing'} for the outputs {', '.join(map(repr, declared))}")
    for name, value in values.items():
        if not isinstance(value, TaskOutputArgument):
            raise _wrong(f"{str(type(value).__name__)!r} as {name!r}, which is not an output of a task")
    return values


def _wrong(what: str) -> PipelineError:
    return PipelineError(
        f"The function of a graph component returned {what}.",
        remedy="Return outputs of its tasks: a tuple with one for each declared output, or a dict by name.",
    )
