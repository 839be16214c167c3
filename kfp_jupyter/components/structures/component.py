"""A component, and a graph of components that is one itself."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from typing import Any, ClassVar

from kfp_jupyter.components.structures.checks import check_component, sorted_tasks
from kfp_jupyter.components.structures.container import ContainerImplementation, ContainerSpec
from kfp_jupyter.components.structures.files import write_whole
from kfp_jupyter.components.structures.interface import InputSpec, MetadataSpec, OutputSpec
from kfp_jupyter.components.structures.model import Changeable, StructureError, last_change
from kfp_jupyter.components.structures.options import ExecutionOptionsSpec
from kfp_jupyter.components.structures.predicates import Predicate
from kfp_jupyter.components.structures.references import Argument, TaskOutputArgument, TaskOutputReference
from kfp_jupyter.errors import ComponentError, PipelineError, author_position

VERSION = "google.com/cloud/pipelines/component/v1"
"""The version of a component.yaml that names none."""


@dataclasses.dataclass(slots=True, eq=False)
class ComponentSpec(Changeable):
    """A component.

    Attributes:
        name: Its title; task names are made from it.
        description: Its description.
        metadata: What is put on every pod of it.
        inputs: In the order of the signature.
        outputs: In the order of the signature, files before returned values.
        implementation: What runs.
        version: Of the format.
    """

    _what = "A component"

    name: str | None = None
    description: str | None = None
    metadata: MetadataSpec | None = None
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    implementation: ContainerImplementation | GraphImplementation | None = None
    version: str = VERSION
    # What `arguments.command_line` has made ready of it.
    _plan: Any = dataclasses.field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.inputs is None:
            self.inputs = ()
        if self.outputs is None:
            self.outputs = ()
        check_component(self)

    @property
    def last_change(self) -> int:
        """See `last_change`: the same, without looking for parts where a component of one container has them."""
        implementation = self.implementation
        if not isinstance(implementation, ContainerImplementation):
            return last_change(self)
        parts = (self, implementation, implementation.container, self.metadata, *self.inputs, *self.outputs)
        return max([getattr(part, "_changed", 0) for part in parts])

    @property
    def container(self) -> ContainerSpec:
        """The container that runs.

        Raises:
            ComponentError: The component is no container.
        """
        if isinstance(self.implementation, ContainerImplementation):
            return self.implementation.container
        what = "is a graph of others" if self.implementation else "has no implementation"
        raise ComponentError(f"The component {self.title!r} {what}, so no container runs it.")

    @property
    def annotations(self) -> Mapping[str, str]:
        """Annotations of every pod."""
        return (self.metadata and self.metadata.annotations) or {}

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of every pod."""
        return (self.metadata and self.metadata.labels) or {}

    @property
    def title(self) -> str:
        """The component's name, or a default: a component.yaml may have none."""
        return self.name or "Component"

    def save(self, file_path: str | os.PathLike[str]) -> None:
        """Write the component to a file that `load_component_from_file` reads; folders are made.

        Args:
            file_path: The file.
        """
        from kfp_jupyter.components.structures.yaml_text import to_yaml  # noqa: PLC0415  (PyYAML costs 10 ms)

        write_whole(file_path, to_yaml(self.to_dict()))


@dataclasses.dataclass(slots=True, eq=False)
class ComponentReference(Changeable):
    """Where a component is to be found.

    Attributes:
        name: Its name in a `ComponentStore`.
        digest: SHA-256 of its text.
        tag: Name of a version of it.
        url: Its address, or the file it came from.
        spec: The component itself.
    """

    _what = "A reference to a component"

    name: str | None = None
    digest: str | None = None
    tag: str | None = None
    url: str | None = None
    spec: ComponentSpec | None = None


class OutsideAttributeError(PipelineError, AttributeError):
    """What only a task of a pipeline has was asked of one that is in none; programs may ask for it with ``hasattr``."""


@dataclasses.dataclass(slots=True, eq=False)
class TaskSpec(Changeable):
    """A use of a component in a graph.

    Attributes:
        component_ref: What it runs.
        arguments: What its inputs are given.
        is_enabled: Whether it runs.
        execution_options: How it is to be run.
        annotations: Of other tools.
        task_id: Its id in its graph, once it has one.
    """

    _what = "A task"
    _keys: ClassVar[Mapping[str, str]] = {
        "component_ref": "componentRef",
        "is_enabled": "isEnabled",
        "execution_options": "executionOptions",
    }

    component_ref: ComponentReference
    arguments: Mapping[str, Argument] | None = None
    is_enabled: Predicate | None = None
    execution_options: ExecutionOptionsSpec | None = None
    annotations: Mapping[str, Any] | None = None
    task_id: str | None = dataclasses.field(default=None, init=False, compare=False)

    def __post_init__(self) -> None:
        reference = self.component_ref
        if not (reference.spec or reference.url or reference.name or reference.digest or reference.tag):
            raise StructureError(
                "A task names no component.", remedy="Give its componentRef a url or a spec.", path=("componentRef",)
            )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in type(self).__dataclass_fields__:
            raise AttributeError(name)
        raise OutsideAttributeError(
            f"A task that was made outside a pipeline has no {name!r}: nothing runs it.",
            remedy="Call the component inside the pipeline function.",
            position=author_position(),
        )

    @property
    def outputs(self) -> Outputs:
        """What other tasks may be given of this one, by name."""
        spec = self.component_ref.spec
        task = None if self.task_id else self
        return Outputs(
            {
                output.name: TaskOutputArgument(TaskOutputReference(output.name, self.task_id, task, output.type))
                for output in (spec.outputs if spec else ())
            }
        )

    @property
    def output(self) -> Any:
        """The task's only output.

        Raises:
            PipelineError: It has none, or several.
        """
        return self.outputs.only()


class Outputs(dict[str, Any]):
    """A task's outputs by name. A name that isn't there is an error that says which are."""

    def __missing__(self, name: str) -> Any:
        raise PipelineError(
            f"The task has no output {name!r}.",
            remedy=f"Its outputs: {', '.join(map(repr, self)) or 'none'}.",
            position=author_position(),
        )

    def only(self) -> Any:
        """Return the output, if it is the only one.

        Raises:
            PipelineError: It isn't.
        """
        if len(self) == 1:
            return next(iter(self.values()))
        names = ", ".join(f".outputs[{name!r}]" for name in self)
        raise PipelineError(
            f"The task has {len(self)} outputs, so .output is ambiguous."
            if self
            else "The task has no outputs, so it has no .output.",
            remedy=f"Use {names}." if names else "",
            position=author_position(),
        )


@dataclasses.dataclass(slots=True, eq=False)
class GraphSpec(Changeable):
    """Components, wired.

    Attributes:
        tasks: By id.
        output_values: Where the graph's outputs come from, by name.
    """

    _what = "The graph"
    _keys: ClassVar[Mapping[str, str]] = {"output_values": "outputValues"}

    tasks: Mapping[str, TaskSpec]
    output_values: Mapping[str, Argument] | None = None

    def __post_init__(self) -> None:
        sorted_tasks(self)

    def sorted_tasks(self) -> dict[str, TaskSpec]:
        """Return the tasks, each behind those whose outputs it takes."""
        return sorted_tasks(self)


@dataclasses.dataclass(slots=True, eq=False)
class GraphImplementation(Changeable):
    """An implementation that is a graph.

    Attributes:
        graph: The graph.
    """

    _what = "The implementation"

    graph: GraphSpec


@dataclasses.dataclass(slots=True, eq=False)
class PipelineRunSpec(Changeable):
    """What a run is asked to do.

    Attributes:
        root_task: The task that is the run.
    """

    _what = "The run"
    _keys: ClassVar[Mapping[str, str]] = {"root_task": "rootTask"}

    root_task: TaskSpec
