"""A pipeline as a value: what tracing leaves and the compiler takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from kfp_jupyter.components.structures import ComponentReference, ComponentSpec, InputSpec
from kfp_jupyter.dsl.text import Reference, Text


@dataclasses.dataclass(frozen=True, slots=True)
class InputFile:
    """Data that a task reads from a file.

    Attributes:
        name: Name of the component's input.
        path: Where the program finds it.
        data: What is in it: one reference, or text.
    """

    name: str
    path: str
    data: Text

    @property
    def source(self) -> Reference | None:
        """The output or parameter that is the data, when the data is nothing else."""
        only = self.data[0] if len(self.data) == 1 else None
        return only if isinstance(only, Reference) else None


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """One step.

    Attributes:
        name: Unique in the pipeline and safe for Kubernetes.
        display_name: What people read instead; empty for the name.
        component: What it runs.
        reference: Where the component came from.
        command: The program and its first words.
        args: What follows.
        by_value: Arguments that stand on the command line, by input name.
        input_files: Arguments that are read from files.
        outputs: Output name to the path that holds it.
        after: Names of tasks that must be done before, without passing data.
        limits: Container resource limits.
        requests: Container resource requests.
        cache: Whether an earlier result may be used.
        isolated: Whether the local engine runs it without what the notebook has installed.
    """

    name: str
    display_name: str
    component: ComponentSpec
    reference: ComponentReference
    command: tuple[Text, ...]
    args: tuple[Text, ...]
    by_value: Mapping[str, Text]
    input_files: tuple[InputFile, ...]
    outputs: Mapping[str, str]
    after: tuple[str, ...]
    limits: Mapping[str, str]
    requests: Mapping[str, str]
    cache: bool
    isolated: bool


@dataclasses.dataclass(frozen=True, slots=True)
class PipelineGraph:
    """A pipeline.

    Attributes:
        name: For people.
        description: For people; may be empty.
        parameters: Its parameters, in the order of the function's.
        tasks: Its tasks, in the order they were made.
    """

    name: str
    description: str
    parameters: tuple[InputSpec, ...]
    tasks: tuple[Task, ...]
