"""A component that is a graph of components: called in a pipeline, it makes a task of each."""

from __future__ import annotations

import contextlib
import dataclasses
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from kfp_jupyter.components.component import Component, StepSettings, TaskMaker
from kfp_jupyter.components.structures import (
    Argument,
    ComponentReference,
    ComponentSpec,
    GraphImplementation,
    GraphInputArgument,
    GraphSpec,
    TaskOutputArgument,
)
from kfp_jupyter.components.structures.component import Outputs
from kfp_jupyter.errors import ComponentError


def component_of_spec(
    spec: ComponentSpec,
    function: Callable[..., Any] | None = None,
    settings: StepSettings | None = None,
    reference: ComponentReference | None = None,
) -> Component:
    """Return the component that a spec describes; the arguments are those of `Component`."""
    made = GraphComponent if isinstance(spec.implementation, GraphImplementation) else Component
    return made(spec, function, settings, reference)


@dataclasses.dataclass(frozen=True, slots=True)
class GraphTask:
    """What calling a graph component in a pipeline returns: it stands for the tasks that were made.

    Attributes:
        component_spec: The graph component.
        component_ref: Where it came from.
        outputs: The graph's outputs by name; each is an output of one of the tasks.
        task_arguments: What it was called with.
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
        """Start every task of the graph only when the others are done; return this."""
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
            ComponentError: The graph refers to itself, or to one that refers to it.
        """
        with _opened(self.reference, self.name):
            return self._make_tasks(arguments, make_task)

    def _make_tasks(self, arguments: dict[str, Any], make_task: TaskMaker) -> GraphTask:
        graph = self._graph
        given = {i.name: i.default for i in self.component_spec.inputs if i.default is not None} | arguments
        tasks: dict[str, Any] = {}
        for task_id, task in graph.sorted_tasks().items():
            _warn_of_what_is_ignored(task_id, task)
            component = self._part(task_id, task.component_ref)
            passed = {}
            for name, value in (task.arguments or {}).items():
                found = self._value(value, given, tasks)
                if found is not _ABSENT:
                    passed[name] = found
            component.check_arguments(passed, f"task {task_id!r} of the graph component {self.name!r}")
            tasks[task_id] = component.make_task(passed, make_task)
        outputs = {name: self._value(value, given, tasks) for name, value in (graph.output_values or {}).items()}
        missing = [name for name, value in outputs.items() if value is _ABSENT]
        for name in missing:
            del outputs[name]
        return GraphTask(self.component_spec, self.reference, Outputs(outputs), arguments, tasks)

    @property
    def _graph(self) -> GraphSpec:
        implementation = self.component_spec.implementation
        assert isinstance(implementation, GraphImplementation)  # noqa: S101  (see component_of_spec)
        return implementation.graph

    def _part(self, task_id: str, reference: ComponentReference) -> Component:
        spec = reference.spec or self.known.get(task_id) or _found(reference)
        return component_of_spec(spec, reference=dataclasses.replace(reference, spec=None))

    def _value(self, argument: Argument, given: Mapping[str, Any], tasks: Mapping[str, Any]) -> Any:
        if isinstance(argument, TaskOutputArgument):
            reference = argument.task_output
            return tasks[str(reference.task_id)].outputs[reference.output_name]
        if not isinstance(argument, GraphInputArgument):
            return argument
        return given.get(argument.graph_input.input_name, _ABSENT)


@contextlib.contextmanager
def _opened(reference: ComponentReference, name: str) -> Iterator[None]:
    """Refuse a graph inside itself, which has no end."""
    outer = _OPEN.get()
    if reference in outer:
        where = reference.url or reference.name or "its address"
        raise ComponentError(
            f"The graph component {name!r} contains itself: one of its tasks refers to {where} again.",
            remedy="Let the task refer to another component.",
        )
    # Graphs that are written out in one place come without an address; they end where the place does.
    token = _OPEN.set((*outer, reference) if reference.url or reference.name or reference.digest else outer)
    try:
        yield
    finally:
        _OPEN.reset(token)


_OPEN: ContextVar[tuple[ComponentReference, ...]] = ContextVar("graphs whose tasks are made", default=())


def _found(reference: ComponentReference) -> ComponentSpec:
    """Return the component that a task of a graph refers to."""
    # The store costs 13 ms to import, and few graphs name components that aren't in them.
    from kfp_jupyter.components.component_store import ComponentStore  # noqa: PLC0415  (lazy, see above)

    return ComponentStore.default_store.find(reference).component_spec


_ABSENT = object()
"""An optional input of the graph that was given nothing."""


def _warn_of_what_is_ignored(task_id: str, task: Any) -> None:
    ignored = {"isEnabled": task.is_enabled, "executionOptions": task.execution_options}
    for key, value in ignored.items():
        if value is not None:
            warnings.warn(f"The {key} of the graph's task {task_id!r} has no effect, as in KFP v1.", stacklevel=5)
