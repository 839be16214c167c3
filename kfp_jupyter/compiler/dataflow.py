"""What every task takes from where, and which outputs somebody takes by value."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from kfp_jupyter.dsl.checks import predecessors
from kfp_jupyter.dsl.graph import InputFile, PipelineGraph, Task
from kfp_jupyter.dsl.text import Reference, references
from kfp_jupyter.naming import parameter_name, unique_name


@dataclasses.dataclass(frozen=True, slots=True)
class TaskFlow:
    """What one task takes.

    Attributes:
        values: References it takes by value, by the name of the template's input parameter.
        files: Files it takes as artifacts, by the name of the template's input artifact, in the order of inputs' names.
        dependencies: Names of the tasks that must be done before, sorted.
    """

    values: Mapping[str, Reference]
    files: Mapping[str, InputFile]
    dependencies: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Dataflow:
    """What all tasks of a pipeline take.

    Attributes:
        tasks: By task name.
        taken_by_value: Outputs that some task takes by value.
        parameters: Pipeline parameters that some task takes by value, sorted.
        files: Pipeline parameters that some task takes as a file, sorted.
    """

    tasks: Mapping[str, TaskFlow]
    taken_by_value: frozenset[Reference]
    parameters: tuple[str, ...]
    files: tuple[str, ...]


def full_name(reference: Reference) -> str:
    """Return the name of a reference as an Argo parameter or artifact."""
    return parameter_name(reference.full_name)


def dataflow(graph: PipelineGraph) -> Dataflow:
    """Return what the pipeline's tasks take from each other and from its parameters."""
    flows = {task.name: _flow(task) for task in graph.tasks}
    values = {reference for flow in flows.values() for reference in flow.values.values()}
    files = {file.source for flow in flows.values() for file in flow.files.values() if file.source}
    return Dataflow(
        tasks=flows,
        taken_by_value=frozenset(reference for reference in values if reference.task),
        parameters=tuple(sorted(full_name(reference) for reference in values if not reference.task)),
        files=tuple(sorted(full_name(reference) for reference in files if not reference.task)),
    )


def _flow(task: Task) -> TaskFlow:
    texts = list(task.by_value.values())
    files: dict[str, InputFile] = {}
    for file in sorted(task.input_files, key=lambda file: file.name):
        # kfp gives two files of one source the same name, and Argo refuses them.
        files[unique_name(full_name(file.source) if file.source else parameter_name(file.name), files)] = file
        if not file.source:
            texts.append(file.data)
    values = {full_name(reference): reference for text in texts for reference in references(text)}
    return TaskFlow(dict(sorted(values.items())), files, tuple(sorted(set(predecessors(task)))))
