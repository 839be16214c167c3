"""Warnings about a pipeline that can be compiled: unused parameters, outputs that may be missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from kfp_jupyter.dsl.graph import Group, PipelineGraph
from kfp_jupyter.dsl.groups import comparisons
from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.dsl.placeholders import Reference, references
from kfp_jupyter.dsl.tracing import line_position
from kfp_jupyter.errors import Position
from kfp_jupyter.naming import parameter_name
from kfp_jupyter.workflow.values import WORD_LIMIT

_KINDS = {"condition": "the condition", "for_loop": "the loop"}


def lint(graph: PipelineGraph, line_of: Callable[[str], Position | None]) -> PipelineGraph:
    """Return the graph with notes on unused parameters, on outputs that may be missing, on steps that can't start.

    Args:
        graph: The graph.
        line_of: Returns the line of a parameter of the pipeline.
    """
    used = _used(graph)
    notes = [*graph.notes, *_unused(graph, used, line_of), *_from_outside(graph), *_too_long(graph)]
    return dataclasses.replace(graph, notes=tuple(notes))


def _used(graph: PipelineGraph) -> set[str]:
    """Return the names of the pipeline parameters that are used."""
    names = set()
    for task in graph.tasks.values():
        names |= {parameter_name(r.name) for r in task.references if not r.task}
    for group in graph.root.walk():
        names |= {parameter_name(r.name) for r in _of_group(group) if not r.task}
    return names


def _unused(graph: PipelineGraph, used: set[str], line_of: Callable[[str], Position | None]) -> Iterator[Note]:
    for parameter in graph.parameters:
        if parameter_name(parameter.name) not in used and parameter.name != "pipeline-root":
            yield Note(f"Nothing in the pipeline uses its parameter {parameter.name!r}.", line_of(parameter.name))


def _of_group(group: Group) -> Iterator[Reference]:
    if group.condition is not None:
        for comparison in comparisons(group.condition):
            for operand in (comparison.operand1, comparison.operand2):
                yield from (operand,) if isinstance(operand, Reference) else references(operand)
    if group.loop is not None:
        items = group.loop.items
        yield from (items,) if isinstance(items, Reference) else references(items)
    for _, passed in group.recursion or ():
        yield passed


def _from_outside(graph: PipelineGraph) -> Iterator[Note]:
    """Yield a note for each output that is used outside the condition or loop that produces it."""
    around: dict[str, tuple[Group, ...]] = {}

    def walk(group: Group, outer: tuple[Group, ...]) -> None:
        here = (*outer, group)
        around.update(dict.fromkeys(group.tasks, here))
        for inner in group.groups:
            walk(inner, here)

    walk(graph.root, ())
    if len(graph.root.groups) == 0:
        return
    for name, groups in around.items():
        for reference in graph.tasks[name].references:
            inside = (g for g in around.get(reference.task, ()) if g not in groups and g.kind in _KINDS)
            group = next(inside, None)
            if group is not None:
                yield Note(
                    f"The task {name!r} uses the output {reference.name!r} of {reference.task!r} outside "
                    f"{_KINDS[group.kind]} that produces it, where it may be missing.",
                    line_position(graph.tasks[name].line),
                )


def _too_long(graph: PipelineGraph) -> Iterator[Note]:
    """Yield a note for each step whose command line has a longer word than Linux accepts."""
    for name, task in graph.tasks.items():
        container = task.container or {}
        for word in (*container.get("command", ()), *container.get("args", ())):
            # No character has more than 4 bytes.
            if len(word) * 4 > WORD_LIMIT and (size := len(word.encode(errors="surrogatepass"))) > WORD_LIMIT:
                yield Note(
                    f"The step {name!r} can't start: a part of its command line has {size:,} bytes, but Linux accepts "
                    f"at most {WORD_LIMIT:,}. Read large data from a file or an address instead of writing it into "
                    "the component or its arguments.",
                    line_position(task.line),
                )
