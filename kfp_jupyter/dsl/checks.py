"""Checks of a whole pipeline: names, exit handlers and dependencies.

Source: ``_validate_exit_handler`` in ``kfp/compiler/compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import graphlib
from collections.abc import Collection, Iterable, Iterator, Mapping

from kfp_jupyter.dsl.graph import PipelineGraph, Task
from kfp_jupyter.dsl.tracing import line_position
from kfp_jupyter.errors import PipelineError, Position
from kfp_jupyter.naming import parameter_name


def check(graph: PipelineGraph) -> None:
    """Check a pipeline.

    Raises:
        PipelineError: Dependencies are circular, an exit handler doesn't contain all tasks, or names collide.
    """
    _check_names(graph)
    _check_exit_handlers(graph)
    _check_order(graph)


def _check_names(graph: PipelineGraph) -> None:
    groups = {group.name for outer in graph.root.groups for group in outer.walk()}
    for name in groups & graph.tasks.keys():
        raise PipelineError(
            f"A task and a group are both called {name!r}.",
            remedy="Give the task another name.",
            position=line_position(graph.tasks[name].line),
        )
    first = graph.root.position
    _check_distinct([p.name for p in graph.parameters], f"Parameters of the pipeline {graph.name!r}", first)
    for task in graph.tasks.values():
        _check_distinct(task.outputs, f"Outputs of the task {task.name!r}", None, task)
        _check_distinct([f.name for f in task.input_files], f"Inputs of the task {task.name!r}", None, task)


def _check_distinct(names: Collection[str], what: str, position: Position | None, task: Task | None = None) -> None:
    if len(names) < 2 and all(name.isascii() and name.isidentifier() for name in names):
        return
    seen: dict[str, str] = {}
    for name in names:
        sanitised = parameter_name(name)
        other = seen.setdefault(sanitised, name)
        if not sanitised or other is not name:
            raise PipelineError(
                f"{what} are named {other!r} and {name!r}, and a Workflow has one name for both: {sanitised!r}."
                if sanitised
                else f"{what} include the name {name!r}, which has no character that a Workflow allows in a name.",
                remedy="Rename one of them." if sanitised else "Use letters a to z, digits, - and _.",
                position=line_position(task.line) if task else position,
            )


def _check_exit_handlers(graph: PipelineGraph) -> None:
    handlers = [group for group in graph.root.walk() if group.kind == "exit_handler"]
    if not handlers:
        return
    others = [name for name in graph.root.tasks if name != handlers[0].exit_task]
    if len(handlers) > 1 or handlers[0] not in graph.root.groups or len(others) > 1:
        raise PipelineError(
            "An exit handler must contain the whole pipeline: its task runs when the run has ended."
            if len(handlers) == 1
            else f"The pipeline has {len(handlers)} exit handlers, but a pipeline can have only one.",
            remedy="Put all tasks into one `with dsl.ExitHandler(...)` that is not inside another group.",
            position=handlers[-1].position,
        )
    task = graph.tasks[handlers[0].exit_task]
    taken = next((reference.task for reference in task.references if reference.task), None)
    if taken is not None:
        raise PipelineError(
            f"The exit task {task.name!r} uses an output of {taken!r}, which may never be produced.",
            remedy="Pass pipeline parameters only.",
            position=line_position(task.line),
        )
    _check_nothing_waits_for(task, graph)


def _check_nothing_waits_for(exit_task: Task, graph: PipelineGraph) -> None:
    late = {exit_task.name}
    waits = [
        task for task in graph.tasks.values() if not late.isdisjoint((*task.after, *(r.task for r in task.references)))
    ]
    for task in waits:
        raise PipelineError(
            f"The task {task.name!r} waits for the exit task {exit_task.name!r}, which runs after everything else.",
            remedy="Take the value from another task.",
            position=line_position(task.line),
        )
    for group in graph.root.walk():
        if exit_task.name in group.after:
            raise PipelineError(
                f"A group waits for the exit task {exit_task.name!r}, which runs after everything else.",
                remedy="Remove its .after().",
                position=group.position,
            )


def _check_order(graph: PipelineGraph) -> None:
    if _in_order_as_made(graph):
        return
    order: dict[str, set[str]] = {}
    members: dict[str, list[str]] = {}
    for group in graph.root.walk():
        if group.recursion is None:
            members[group.name] = [name for inner in group.walk() for name in inner.tasks]
    for task in graph.tasks.values():
        order[task.name] = set(_expanded((*(r.task for r in task.references), *task.after), members, graph.tasks, task))
    for group in graph.root.walk():
        # A repeated call has the name of the group that it repeats, and no tasks of its own.
        for name in members.get(group.name, ()) if group.after and group.recursion is None else ():
            order[name].update(_expanded(group.after, members, graph.tasks, None))
    try:
        graphlib.TopologicalSorter(order).prepare()
    except graphlib.CycleError as error:
        circle = error.args[1]
        raise PipelineError(
            f"Tasks of the pipeline {graph.name!r} depend on each other in a circle: {' → '.join(circle)}.",
            remedy="Remove one .after().",
            position=line_position(graph.tasks[circle[0]].line),
        ) from None


def _in_order_as_made(graph: PipelineGraph) -> bool:
    """Whether every task depends only on tasks made before it, as is the case unless `after` refers to later ones."""
    made: set[str] = set()
    for task in graph.tasks.values():
        if not made.issuperset(task.after) or not all(r.task in made for r in task.references if r.task):
            return False
        made.add(task.name)
    return not any(group.after for group in graph.root.walk())


def _expanded(
    names: Iterable[str], members: Mapping[str, list[str]], tasks: Mapping[str, Task], task: Task | None
) -> Iterator[str]:
    """Yield the tasks with these names; a group's name means the tasks in it."""
    for name in names:
        if name in tasks:
            yield name
        elif name in members:
            if task is not None and task.name in members[name]:
                raise PipelineError(
                    f"The task {task.name!r} waits for the group {name!r}, which contains it.",
                    remedy="Remove its .after().",
                    position=line_position(task.line),
                )
            yield from members[name]
        elif name:
            raise PipelineError(
                f"{f'The task {task.name!r}' if task else 'A group'} waits for {name!r}, "
                "which is not in this pipeline.",
                remedy="Make it inside the pipeline function.",
                position=line_position(task.line) if task else None,
            )
