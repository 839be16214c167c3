"""What a component is: its name, inputs, outputs and the container that runs it.

The shape is that of a KFP v1 component.yaml, and `ComponentSpec.to_dict` gives it back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.components.types import TypeName


@dataclasses.dataclass(frozen=True, slots=True)
class InputSpec:
    """An input.

    Attributes:
        name: As the author wrote it.
        type: Declared type, None for none.
        description: For people.
        default: Value as text when nothing is passed; None for none.
        optional: Whether the component runs without it.
    """

    name: str
    type: TypeName = None
    description: str | None = None
    default: str | None = None
    optional: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the input as component.yaml writes it."""
        return _without_nothing(
            name=self.name,
            type=self.type,
            description=self.description,
            default=self.default,
            optional=self.optional or None,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class OutputSpec:
    """An output.

    Attributes:
        name: As the author wrote it.
        type: Declared type, None for none.
        description: For people.
    """

    name: str
    type: TypeName = None
    description: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the output as component.yaml writes it."""
        return _without_nothing(name=self.name, type=self.type, description=self.description)


@dataclasses.dataclass(frozen=True, slots=True)
class InputValuePlaceholder:
    """Stands for an input's value on the command line."""

    input_name: str

    def to_dict(self) -> dict[str, Any]:
        """Return the placeholder as component.yaml writes it."""
        return {"inputValue": self.input_name}


@dataclasses.dataclass(frozen=True, slots=True)
class InputPathPlaceholder:
    """Stands for the path of a file with an input's data."""

    input_name: str

    def to_dict(self) -> dict[str, Any]:
        """Return the placeholder as component.yaml writes it."""
        return {"inputPath": self.input_name}


@dataclasses.dataclass(frozen=True, slots=True)
class OutputPathPlaceholder:
    """Stands for the path where an output's data must be written."""

    output_name: str

    def to_dict(self) -> dict[str, Any]:
        """Return the placeholder as component.yaml writes it."""
        return {"outputPath": self.output_name}


@dataclasses.dataclass(frozen=True, slots=True)
class IfPresentPlaceholder:
    """Stands for some arguments when an input was passed, else for none."""

    input_name: str
    then: tuple[CommandPart, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the placeholder as component.yaml writes it."""
        return {"if": {"cond": {"isPresent": self.input_name}, "then": [part_to_dict(part) for part in self.then]}}


CommandPart = str | InputValuePlaceholder | InputPathPlaceholder | OutputPathPlaceholder | IfPresentPlaceholder
"""One word of a command line."""


@dataclasses.dataclass(frozen=True, slots=True)
class ContainerSpec:
    """The container that runs the component.

    Attributes:
        image: Name of the image.
        command: The program and its first words.
        args: What follows; None where the component says nothing of it.
    """

    image: str
    command: tuple[CommandPart, ...] = ()
    args: tuple[CommandPart, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the container as component.yaml writes it."""
        return _without_nothing(
            image=self.image,
            command=[part_to_dict(part) for part in self.command] or None,
            args=None if self.args is None else [part_to_dict(part) for part in self.args],
        )


@dataclasses.dataclass(frozen=True, slots=True)
class ComponentSpec:
    """A component.

    Attributes:
        name: For people; task names are made from it.
        description: For people.
        inputs: In the order of the signature.
        outputs: In the order of the signature, files before returned values.
        container: What runs.
        annotations: Put on every pod of the component.
        labels: Put on every pod of the component.
    """

    name: str
    container: ContainerSpec
    description: str | None = None
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    annotations: Mapping[str, str] = dataclasses.field(default_factory=dict)
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the component as component.yaml writes it."""
        metadata = _without_nothing(annotations=dict(self.annotations) or None, labels=dict(self.labels) or None)
        return _without_nothing(
            name=self.name,
            description=self.description,
            metadata=metadata or None,
            inputs=[i.to_dict() for i in self.inputs] or None,
            outputs=[o.to_dict() for o in self.outputs] or None,
            implementation={"container": self.container.to_dict()},
        )


def part_to_dict(part: CommandPart) -> Any:
    """Return a word of a command line as component.yaml writes it."""
    return part if isinstance(part, str) else part.to_dict()


def _without_nothing(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}
