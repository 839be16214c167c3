"""A component that is a graph of components: called in a pipeline, it makes a task of each.

Source: ``_resolve_graph_task`` in ``kfp/components/_components.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from kfp_jupyter.components.component import Component, StepSettings, TaskMaker
from kfp_jupyter.components.graph_resolver import GraphResolver
from kfp_jupyter.components.structures import (
    Argument,
    ComponentReference,
    ComponentSpec,
    GraphImplementation,
    GraphInputArgument,
    GraphSpec,
    TaskOutputArgument,
    TaskSpec,
)
from kfp_jupyter.components.structures.component import Outputs


def component_of_spec(
    spec: ComponentSpec,
    function: Callable[..., Any] | None = None,
    settings: StepSettings | None = None,
    reference: ComponentReference | None = None,
) -> Component:
    """Return the component that a spec describes: a `GraphComponent` for a graph, otherwise a `Component`.

    Args:
        spec: The component's spec.
        function: The Python function that a call outside a pipeline runs; None for none.
        settings: Settings of its tasks.
        reference: Where the spec came from.
    """
    made = GraphComponent if isinstance(spec.implementation, GraphImplementation) else Component
    return made(spec, function, settings, reference)


@dataclasses.dataclass(frozen=True, slots=True)
class GraphTask:
    """What calling a graph component in a pipeline returns: it represents the tasks that were made.

    Attributes:
        component_spec: The graph component.
        component_ref: Where it came from.
        outputs: The graph's outputs by name; each is an output of one of the tasks.
        task_arguments: The arguments of the call.
        tasks: The tasks, by their ids in the graph.
    """

    component_spec: ComponentSpec
    component_ref: ComponentReference
    outputs: Mapping[str, Any]
    task_arguments: Mapping[str, Any]
    tasks: Mapping[str, Any]

    @property
    def output(self) -> Any:
        """The graph's only output.

        Raises:
            PipelineError: It has none, or several.
        """
        return Outputs(self.outputs).only()

    def after(self, *ops: Any) -> GraphTask:
        """Start every task of the graph only after other tasks have finished; return this."""
        for task in self.tasks.values():
            task.after(*ops)
        return self


class GraphComponent(Component):
    """A graph component that can be called; the arguments are those of `Component`."""

    known: Mapping[str, ComponentSpec] = {}
    """Components by task id, where they need not be found because the graph was made of them here."""

    def make_task(self, arguments: dict[str, Any], make_task: TaskMaker) -> GraphTask:
        """Make a task of each component of the graph.

        Args:
            arguments: By input name.
            make_task: Makes one task.

        Raises:
            ComponentError: The graph contains itself, has too many tasks, or one of its components isn't found.
        """
        parts = GraphResolver(self.component_spec, self.known)
        parts.check(self.reference)
        return self._make_tasks(arguments, _Expansion(parts, make_task))

    def _make_tasks(self, arguments: dict[str, Any], expansion: _Expansion) -> GraphTask:
        graph = self._graph
        given = {i.name: i.default for i in self.component_spec.inputs if i.default is not None} | arguments
        tasks: dict[str, Any] = {}
        for task_id, task in graph.sorted_tasks().items():
            _warn_of_what_is_ignored(task_id, task)
            component = expansion.component(self.component_spec, task_id, task)
            passed = {}
            for name, value in (task.arguments or {}).items():
                found = self._value(value, given, tasks)
                if found is not _ABSENT:
                    passed[name] = found
            component.check_arguments(passed, f"task {task_id!r} of the graph component {self.name!r}")
            tasks[task_id] = (
                component._make_tasks(passed, expansion)
                if isinstance(component, GraphComponent)
                else component.make_task(passed, expansion.make_task)
            )
        outputs = {name: self._value(value, given, tasks) for name, value in (graph.output_values or {}).items()}
        outputs = {name: value for name, value in outputs.items() if value is not _ABSENT}
        return GraphTask(self.component_spec, self.reference, Outputs(outputs), arguments, tasks)

    @property
    def _graph(self) -> GraphSpec:
        implementation = self.component_spec.implementation
        assert isinstance(implementation, GraphImplementation)  # noqa: S101  (see component_of_spec)
        return implementation.graph

    def _value(self, argument: Argument, given: Mapping[str, Any], tasks: Mapping[str, Any]) -> Any:
        if isinstance(argument, TaskOutputArgument):
            reference = argument.task_output
            return tasks[str(reference.task_id)].outputs[reference.output_name]
        if not isinstance(argument, GraphInputArgument):
            return argument
        return given.get(argument.graph_input.input_name, _ABSENT)


@dataclasses.dataclass(frozen=True, slots=True)
class _Expansion:
    """The state of making the tasks of a graph and of the graphs inside it.

    Attributes:
        parts: The components.
        make_task: Makes one task.
        components: Those that can be called already, by the identity of their tasks in the graphs.
    """

    parts: GraphResolver
    make_task: TaskMaker
    components: dict[int, Component] = dataclasses.field(default_factory=dict)

    def component(self, graph: ComponentSpec, task_id: str, task: TaskSpec) -> Component:
        """Return the component of a task of a graph."""
        if id(task) not in self.components:
            reference = dataclasses.replace(task.component_ref, spec=None)
            spec = self.parts.spec(graph, task_id, task.component_ref)
            self.components[id(task)] = component_of_spec(spec, reference=reference)
        return self.components[id(task)]


_ABSENT = object()
"""An optional input of the graph that was given nothing."""


def _warn_of_what_is_ignored(task_id: str, task: Any) -> None:
    ignored = {"isEnabled": task.is_enabled, "executionOptions": task.execution_options}
    for key, value in ignored.items():
        if value is not None:
            warnings.warn(f"The {key} of the graph's task {task_id!r} has no effect, as in KFP v1.", stacklevel=5)
