"""What a component is: its name, inputs, outputs and what runs it. The public names are KFP v1's.

The shape is that of a KFP v1 component.yaml: `ComponentSpec.to_dict` gives it back, `component_yaml` reads it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.components.placeholders import CommandPart, part_to_dict
from kfp_jupyter.components.types import TypeName

Primitive = str | int | float | bool


@dataclasses.dataclass(frozen=True, slots=True)
class InputSpec:
    """An input.

    Attributes:
        name: As the author wrote it.
        type: Declared type, None for none.
        description: For people.
        default: Value when nothing is passed, as text or as component.yaml has it; None for none.
        optional: Whether the component runs without it.
        annotations: Of other tools.
    """

    name: str
    type: TypeName = None
    description: str | None = None
    default: Primitive | None = None
    optional: bool = False
    annotations: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the input as component.yaml writes it."""
        return _without_nothing(
            name=self.name,
            type=self.type,
            description=self.description,
            default=self.default,
            optional=self.optional or None,
            annotations=self.annotations,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class OutputSpec:
    """An output.

    Attributes:
        name: As the author wrote it.
        type: Declared type, None for none.
        description: For people.
        annotations: Of other tools.
    """

    name: str
    type: TypeName = None
    description: str | None = None
    annotations: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the output as component.yaml writes it."""
        return _without_nothing(
            name=self.name, type=self.type, description=self.description, annotations=self.annotations
        )


@dataclasses.dataclass(frozen=True, slots=True)
class ContainerSpec:
    """The container that runs a component.

    Attributes:
        image: Name of the image.
        command: The program and its first words; None where the component says nothing of it.
        args: What follows; None where the component says nothing of it.
        env: Environment variables.
        file_outputs: Output name to the path that the program writes without being told.
    """

    image: str
    command: tuple[CommandPart, ...] | None = None
    args: tuple[CommandPart, ...] | None = None
    env: Mapping[str, str] | None = None
    file_outputs: Mapping[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the container as component.yaml writes it."""
        return _without_nothing(
            image=self.image,
            command=None if self.command is None else [part_to_dict(part) for part in self.command],
            args=None if self.args is None else [part_to_dict(part) for part in self.args],
            env=None if self.env is None else dict(self.env),
            fileOutputs=None if self.file_outputs is None else dict(self.file_outputs),
        )


@dataclasses.dataclass(frozen=True, slots=True)
class ContainerImplementation:
    """A component that is a container.

    Attributes:
        container: What runs.
    """

    container: ContainerSpec

    def to_dict(self) -> dict[str, Any]:
        """Return the implementation as component.yaml writes it."""
        return {"container": self.container.to_dict()}


@dataclasses.dataclass(frozen=True, slots=True)
class MetadataSpec:
    """What is put on every pod of a component.

    Attributes:
        annotations: Of the pod.
        labels: Of the pod.
    """

    annotations: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the metadata as component.yaml writes it."""
        return _without_nothing(annotations=self.annotations, labels=self.labels)


@dataclasses.dataclass(frozen=True, slots=True)
class ComponentReference:
    """Where a component came from.

    Attributes:
        url: Its address; None when it was made here.
        digest: SHA-256 of its text; None when it has none.
    """

    url: str | None = None
    digest: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the reference as an annotation of the template writes it."""
        return _without_nothing(digest=self.digest, url=self.url)


@dataclasses.dataclass
class CachingStrategySpec:
    """Whether an earlier result may stand for a task's.

    Attributes:
        max_cache_staleness: How old it may be, in ISO 8601 (``P30D``; ``P0D`` for never); None for any age.
    """

    max_cache_staleness: str | None = None


@dataclasses.dataclass
class ExecutionOptionsSpec:
    """How a task is run.

    Attributes:
        caching_strategy: Whether an earlier result may stand for it.
    """

    caching_strategy: CachingStrategySpec | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ComponentSpec:
    """A component.

    Attributes:
        name: For people; task names are made from it.
        description: For people.
        metadata: What is put on every pod of it.
        inputs: In the order of the signature.
        outputs: In the order of the signature, files before returned values.
        implementation: What runs.
    """

    name: str | None
    implementation: ContainerImplementation | None
    description: str | None = None
    metadata: MetadataSpec | None = None
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()

    @property
    def container(self) -> ContainerSpec:
        """The container that runs."""
        assert self.implementation is not None
        return self.implementation.container

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
        """The name for people; a component.yaml may have none."""
        return self.name or "Component"

    def to_dict(self) -> dict[str, Any]:
        """Return the component as component.yaml writes it."""
        return _without_nothing(
            name=self.name,
            description=self.description,
            metadata=None if self.metadata is None else self.metadata.to_dict(),
            inputs=[i.to_dict() for i in self.inputs] or None,
            outputs=[o.to_dict() for o in self.outputs] or None,
            implementation=self.implementation.to_dict() if self.implementation else None,
        )


def _without_nothing(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}
