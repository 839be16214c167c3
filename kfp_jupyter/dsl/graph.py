"""A pipeline as an immutable value: the result of tracing, and the input of the compiler.

Plain data in it (``Data``) is what JSON knows; its strings may contain placeholders of references, see `placeholders`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kfp_jupyter.components.structures import ComponentSpec, InputSpec, OutputSpec
from kfp_jupyter.dsl.conditions import Test
from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.dsl.placeholders import Reference
from kfp_jupyter.errors import Position

Data = Any


class InputFile(NamedTuple):
    """Data that a task reads from a file.

    Attributes:
        name: Name of the component's input.
        path: Where the program finds it.
        data: What is in it: text, or the placeholder of one reference.
    """

    name: str
    path: str
    data: str


@dataclasses.dataclass(frozen=True, slots=True)
class Retry:
    """How often and when a task is retried.

    Attributes:
        limit: The most retries; 0 for Argo's own default.
        policy: When to retry; None for Argo's own default.
        backoff: Argo's backoff: duration, factor, maxDuration.
    """

    limit: Data
    policy: str | None
    backoff: Mapping[str, Data]


@dataclasses.dataclass(frozen=True, slots=True)
class Pod:
    """Settings of a task's pod.

    Attributes:
        node_selector: Labels of the nodes it runs on.
        tolerations: Taints that it tolerates.
        affinity: The pod's affinity.
        annotations: Annotations of the pod.
        labels: Labels of the pod.
        init_containers: Containers that run before its own.
        sidecars: Containers that run beside its own.
        volumes: Volumes that its containers can mount.
        retry: None for no retries.
        timeout: Seconds it may run; 0 for no limit.
    """

    node_selector: Mapping[str, Data]
    tolerations: list[Data]
    affinity: Mapping[str, Data]
    annotations: Mapping[str, Data]
    labels: Mapping[str, Data]
    init_containers: list[Data]
    sidecars: list[Data]
    volumes: list[Data]
    retry: Retry | None
    timeout: int


class Use(NamedTuple):
    """The component that a task runs.

    Attributes:
        spec: The component.
        spec_json: The component as JSON.
        reference_json: Where it came from, as JSON; None if unknown.
        arguments: Text of the arguments on the command line, by input name.
    """

    spec: ComponentSpec
    spec_json: str
    reference_json: str | None = None
    arguments: Mapping[str, str] = {}


class Task(NamedTuple):
    """One step.

    Attributes:
        name: Unique in the pipeline and safe for Kubernetes.
        display_name: The name to display instead; empty for none.
        container: The container, in Kubernetes' JSON form; None for a task on a resource.
        resource: What is done with a Kubernetes object, in Argo's JSON form, with the object as ``manifest``; or None.
        component: The component that it runs; None for none.
        input_files: The data that it reads from files.
        outputs: Output name to the path that holds it, or to the JSON path of a resource's field.
        shown_outputs: Artifact name to path, of outputs that are only displayed.
        after: Names of tasks and groups that must be done before, without passing data.
        pod: Settings of its pod.
        cache: Whether an earlier result may be used: ``true``, ``false`` or a placeholder.
        max_cache_staleness: How old a cached result may be, in ISO 8601; None for any age.
        isolated: Whether the local engine runs it without what the notebook has installed.
        line: File and line that made it.
        references: Every parameter, output and loop item that any of it holds, each once.
    """

    name: str
    display_name: str
    container: dict[str, Data] | None
    resource: dict[str, Data] | None
    component: Use | None
    input_files: tuple[InputFile, ...]
    outputs: Mapping[str, str]
    shown_outputs: Mapping[str, str]
    after: tuple[str, ...]
    pod: Pod | None
    cache: str
    max_cache_staleness: str | None
    isolated: bool
    line: tuple[str, int] | None
    references: tuple[Reference, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Loop:
    """The items that a group is repeated for.

    Attributes:
        item: The item that its tasks see.
        items: The items themselves, or the reference that holds them as JSON.
    """

    item: Reference
    items: list[Data] | Reference


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Tasks and groups that belong together.

    Attributes:
        name: Unique in the pipeline and safe for Kubernetes; that of the repeated group where this is a recursion.
        kind: One of pipeline, exit_handler, condition, for_loop, subgraph, graph.
        tasks: Names of the tasks directly in it, in the order they were made.
        groups: The groups directly in it, in the order they were made.
        after: Names of tasks and groups that must finish first.
        parallelism: How many of its pods may run at once; None for no limit.
        condition: The condition for running it; None for always.
        loop: What it is repeated over; None for nothing.
        recursion: Arguments of the repeated group, as (name that the group knows it by, what is passed); None where
            this is no recursion.
        exit_task: Name of the task that runs when it has ended; empty for none.
        position: The line that made it.
    """

    name: str
    kind: str
    tasks: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    after: tuple[str, ...] = ()
    parallelism: int | None = None
    condition: Test | None = None
    loop: Loop | None = None
    recursion: tuple[tuple[Reference, Reference], ...] | None = None
    exit_task: str = ""
    position: Position | None = None

    def walk(self) -> Iterator[Group]:
        """Yield the group and all groups in it, outer ones first."""
        yield self
        for group in self.groups:
            yield from group.walk()


@dataclasses.dataclass(frozen=True, slots=True)
class Conf:
    """Settings of the whole Workflow, in its own JSON form.

    Attributes:
        spec: Fields of the Workflow's spec.
        image_pull_policy: Of every container that has none of its own; None for none.
        data_passing_method: See `PipelineConf`.
    """

    spec: Mapping[str, Data]
    image_pull_policy: str | None
    data_passing_method: Any


@dataclasses.dataclass(frozen=True, slots=True)
class PipelineGraph:
    """A pipeline.

    Attributes:
        name: The pipeline's name.
        description: The pipeline's description; None for none.
        parameters: Its parameters, in the order of the function's.
        outputs: What its function is declared to return.
        tasks: Its tasks by name, in the order they were made.
        root: The group that holds all others.
        conf: Settings of the whole Workflow.
        notes: Warnings for its author.
    """

    name: str
    description: str | None
    parameters: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    tasks: Mapping[str, Task]
    root: Group
    conf: Conf
    notes: tuple[Note, ...]
