"""What holds a component together: names that are there, once, and a graph that has a beginning.

Source: ``ComponentSpec._post_init`` and ``GraphSpec._post_init`` in ``kfp/components/_structures.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from kfp_jupyter.components.structures.container import ContainerImplementation, ContainerSpec
from kfp_jupyter.components.structures.model import Path, StructureError
from kfp_jupyter.components.structures.placeholders import (
    ConcatPlaceholder,
    IfPlaceholder,
    InputPathPlaceholder,
    InputUriPlaceholder,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    OutputPathPlaceholder,
    OutputUriPlaceholder,
)
from kfp_jupyter.components.structures.references import GraphInputArgument, TaskOutputArgument
from kfp_jupyter.naming import closest


class Graph(Protocol):
    """What is checked of a `GraphSpec`, which is made of checked parts itself."""

    @property
    def tasks(self) -> Mapping[str, Any]:
        """Its `TaskSpec` by id."""

    @property
    def output_values(self) -> Mapping[str, Any] | None:
        """Where its outputs come from."""


class Component(Protocol):
    """What is checked of a `ComponentSpec`."""

    @property
    def inputs(self) -> Collection[Any]:
        """Its inputs."""

    @property
    def outputs(self) -> Collection[Any]:
        """Its outputs."""

    @property
    def implementation(self) -> Any:
        """A container, a graph or nothing."""


def check_component(spec: Component) -> None:
    """Check that a component uses what it declares.

    Raises:
        StructureError: It doesn't; the path leads to the part at fault.
    """
    inputs, outputs = _names("inputs", spec.inputs), _names("outputs", spec.outputs)
    implementation = spec.implementation
    if isinstance(implementation, ContainerImplementation):
        _check_container(implementation.container, inputs, outputs)
    elif implementation is not None:
        _check_interface(implementation.graph, inputs, outputs)


def _names(kind: str, specs: Collection[Any]) -> dict[str, None]:
    names: dict[str, None] = {}
    for index, spec in enumerate(specs):
        if spec.name in names:
            raise StructureError(f"Two {kind} have the name {spec.name!r}.", remedy="Rename one.", path=(kind, index))
        names[spec.name] = None
    return names


def _check_container(container: ContainerSpec, inputs: Collection[str], outputs: Collection[str]) -> None:
    top: Path = ("implementation", "container")
    for name in container.file_outputs or {}:
        _check_known(name, outputs, "output", (*top, "fileOutputs", name), at_key=True)
    for key, words in (("command", container.command), ("args", container.args)):
        for path, kind, name in _mentions(words or ()):
            _check_known(name, inputs if kind == "input" else outputs, kind, (*top, key, *path))


def _mentions(part: Any) -> Iterator[tuple[Path, str, str]]:
    """Yield the inputs and outputs that a part of a command line names, and where."""
    inner: Mapping[str | int, Any] = {}
    if isinstance(part, (InputValuePlaceholder, InputPathPlaceholder, InputUriPlaceholder, IsPresentPlaceholder)):
        yield (part._keys["input_name"],), "input", part.input_name
    elif isinstance(part, (OutputPathPlaceholder, OutputUriPlaceholder)):
        yield (part._keys["output_name"],), "output", part.output_name
    elif isinstance(part, (list, tuple)):
        inner = dict(enumerate(part))
    elif isinstance(part, ConcatPlaceholder):
        inner = {"concat": part.items}
    elif isinstance(part, IfPlaceholder):
        structure = part.if_structure
        branches = {"cond": structure.condition, "then": structure.then_value, "else": structure.else_value}
        for side, branch in branches.items():
            if not (side == "cond" and isinstance(branch, bool)):
                yield from ((("if", side, *path), kind, name) for path, kind, name in _mentions(branch))
    elif not isinstance(part, (str, type(None))):
        raise StructureError(f"{part!r} on the command line is not a string.", remedy=f"Quote it: {str(part)!r}.")
    for key, item in inner.items():
        yield from (((key, *path), kind, name) for path, kind, name in _mentions(item))


def _check_interface(graph: Graph, inputs: Collection[str], outputs: Collection[str]) -> None:
    top: Path = ("implementation", "graph")
    for name, value in (graph.output_values or {}).items():
        path = (*top, "outputValues", name)
        _check_known(name, outputs, "output", path, at_key=True)
        _check_graph_input(value, inputs, path)
    for task_id, task in graph.tasks.items():
        for name, value in (task.arguments or {}).items():
            _check_graph_input(value, inputs, (*top, "tasks", task_id, "arguments", name))


def _check_graph_input(value: Any, inputs: Collection[str], path: Path) -> None:
    if isinstance(value, GraphInputArgument):
        _check_known(value.graph_input.input_name, inputs, "input", (*path, "graphInput", "inputName"))


def _check_known(name: str, names: Collection[str], what: str, path: Path, *, at_key: bool = False) -> None:
    if name not in names:
        message = f"The component has no {what} {name!r}."
        raise StructureError(message, remedy=_nearest(name, names, f"Its {what}s"), path=path, at_key=at_key)


def _nearest(name: str, names: Collection[str], list_of_them: str) -> str:
    nearest = closest(name, names)
    return f"Did you mean {nearest!r}?" if nearest else f"{list_of_them}: {', '.join(names) or 'none'}."


def sorted_tasks(graph: Graph) -> dict[str, Any]:
    """Return the tasks of a graph, each behind those whose outputs it takes, otherwise as they are listed.

    Raises:
        StructureError: A task takes an output that isn't there, or tasks wait for each other.
    """
    waits_for: dict[str, set[str]] = {task_id: set() for task_id in graph.tasks}
    followers: dict[str, list[str]] = {task_id: [] for task_id in graph.tasks}
    for task_id, task in graph.tasks.items():
        for name, value in (task.arguments or {}).items():
            if isinstance(value, TaskOutputArgument):
                _check_task_output(value, graph, ("tasks", task_id, "arguments", name, "taskOutput"))
                waits_for[task_id].add(str(value.task_output.task_id))
    for name, value in (graph.output_values or {}).items():
        if isinstance(value, TaskOutputArgument):
            _check_task_output(value, graph, ("outputValues", name, "taskOutput"))
    for task_id, others in waits_for.items():
        for other in others:
            followers[other].append(task_id)
    done: dict[str, Any] = {}
    stack = [iter(graph.tasks)]
    while stack:
        # Depth first: a task's followers come right behind it, as KFP v1 has them.
        ready = next((i for i in stack[-1] if i not in done and waits_for[i] <= done.keys()), None)
        if ready is None:
            stack.pop()
            continue
        done[ready] = graph.tasks[ready]
        stack.append(iter(followers[ready]))
    stuck = [task_id for task_id in graph.tasks if task_id not in done]
    if stuck:
        raise StructureError(
            f"Tasks of the graph depend on each other in a circle: {', '.join(map(repr, stuck))}.",
            remedy="Take an argument of one of them from elsewhere.",
            path=("tasks", stuck[0]),
            at_key=True,
        )
    return done


def _check_task_output(value: TaskOutputArgument, graph: Graph, path: Path) -> None:
    reference = value.task_output
    task = graph.tasks.get(str(reference.task_id))
    if task is None:
        raise StructureError(
            f"The graph has no task {reference.task_id!r}.",
            remedy=_nearest(str(reference.task_id), graph.tasks, "Its tasks"),
            path=(*path, "taskId"),
        )
    spec = task.component_ref.spec
    names = [output.name for output in spec.outputs] if spec else [reference.output_name]
    if reference.output_name not in names:
        raise StructureError(
            f"The task {reference.task_id!r} has no output {reference.output_name!r}.",
            remedy=_nearest(reference.output_name, names, "Its outputs"),
            path=(*path, "outputName"),
        )
