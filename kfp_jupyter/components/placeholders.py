"""What may stand on a component's command line for its inputs and outputs. The public names are KFP v1's."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class InputValuePlaceholder:
    """Stands for an input's value."""

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
class ConcatPlaceholder:
    """Stands for the texts of its items, one behind the other."""

    items: tuple[CommandPart, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the placeholder as component.yaml writes it."""
        return {"concat": [part_to_dict(item) for item in self.items]}


@dataclasses.dataclass(frozen=True, slots=True)
class IsPresentPlaceholder:
    """Stands for whether an input was passed."""

    input_name: str

    def to_dict(self) -> dict[str, Any]:
        """Return the placeholder as component.yaml writes it."""
        return {"isPresent": self.input_name}


@dataclasses.dataclass(frozen=True, slots=True)
class IfPlaceholderStructure:
    """What an `IfPlaceholder` decides between.

    Attributes:
        condition: What decides: a truth value, its text, or a placeholder for one.
        then_value: What stands there if it is true, one part or several.
        else_value: What stands there if it is not; None for nothing.
    """

    condition: bool | str | IsPresentPlaceholder | InputValuePlaceholder
    then_value: CommandPart | tuple[CommandPart, ...]
    else_value: CommandPart | tuple[CommandPart, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the structure as component.yaml writes it."""
        condition = self.condition
        structure = {"cond": condition if isinstance(condition, (bool, str)) else condition.to_dict()}
        structure["then"] = _branch_to_dict(self.then_value)
        if self.else_value is not None:
            structure["else"] = _branch_to_dict(self.else_value)
        return structure


@dataclasses.dataclass(frozen=True, slots=True)
class IfPlaceholder:
    """Stands for one of two things."""

    if_structure: IfPlaceholderStructure

    def to_dict(self) -> dict[str, Any]:
        """Return the placeholder as component.yaml writes it."""
        return {"if": self.if_structure.to_dict()}


CommandPart = (
    str | InputValuePlaceholder | InputPathPlaceholder | OutputPathPlaceholder | ConcatPlaceholder | IfPlaceholder
)
"""One word of a command line."""


def part_to_dict(part: CommandPart) -> Any:
    """Return a word of a command line as component.yaml writes it."""
    return part if isinstance(part, str) else part.to_dict()


def _branch_to_dict(branch: CommandPart | tuple[CommandPart, ...]) -> Any:
    return [part_to_dict(part) for part in branch] if isinstance(branch, tuple) else part_to_dict(branch)
