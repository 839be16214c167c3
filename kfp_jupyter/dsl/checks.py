"""What must be true of a pipeline's wiring as a whole."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator

from kfp_jupyter.dsl.graph import PipelineGraph, Task
from kfp_jupyter.dsl.text import references
from kfp_jupyter.errors import PipelineError


def check_order(graph: PipelineGraph) -> None:
    """Check that the tasks can be put in an order.

    Raises:
        PipelineError: Tasks wait for each other in a circle.
    """
    try:
        graphlib.TopologicalSorter({task.name: set(predecessors(task)) for task in graph.tasks}).prepare()
    except graphlib.CycleError as error:
        circle = " → ".join(error.args[1])
        raise PipelineError(
            f"Tasks of the pipeline {graph.name!r} wait for each other: {circle}.", remedy="Take one .after() out."
        ) from None


def predecessors(task: Task) -> Iterator[str]:
    """Yield the names of the tasks that must be done before this one, perhaps repeated."""
    for text in (*task.by_value.values(), *(file.data for file in task.input_files)):
        yield from (reference.task for reference in references(text) if reference.task)
    yield from task.after
