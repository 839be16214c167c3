"""A component and its arguments → the command line of one task."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from kfp_jupyter.components.placeholders import (
    CommandPart,
    ConcatPlaceholder,
    IfPlaceholderStructure,
    InputPathPlaceholder,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    OutputPathPlaceholder,
)
from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.components.types import truth

INPUTS_DIR, OUTPUTS_DIR = "/tmp/inputs", "/tmp/outputs"
"""Where a step finds the data of its inputs and leaves that of its outputs, as in KFP v1."""


@dataclasses.dataclass(frozen=True, slots=True)
class CommandLine:
    """A command line with all placeholders replaced.

    Attributes:
        command: The program and its first words.
        args: What follows.
        by_value: Inputs that stand on the command line, with the text that stands there.
        input_paths: Inputs read from files, with their paths.
        output_paths: Outputs and the paths they are written to.
    """

    command: tuple[str, ...]
    args: tuple[str, ...]
    by_value: Mapping[str, str]
    input_paths: Mapping[str, str]
    output_paths: Mapping[str, str]


def command_line(spec: ComponentSpec, arguments: Mapping[str, str]) -> CommandLine:
    """Return the command line of a component with these arguments.

    Args:
        spec: The component.
        arguments: Text by input name; inputs that are absent must be optional.
    """
    expansion = _Expansion(arguments, dict(spec.container.file_outputs or {}))
    command, args = expansion.words(spec.container.command or ()), expansion.words(spec.container.args or ())
    input_paths = {name: path for name, path in expansion.input_paths.items() if name not in expansion.by_value}
    return CommandLine(tuple(command), tuple(args), expansion.by_value, input_paths, expansion.output_paths)


class _Expansion:
    """Replaces placeholders and remembers what it met."""

    def __init__(self, arguments: Mapping[str, str], output_paths: dict[str, str]) -> None:
        self.arguments = arguments
        self.by_value: dict[str, str] = {}
        self.input_paths: dict[str, str] = {}
        self.output_paths = output_paths

    def words(self, parts: Sequence[CommandPart]) -> list[str]:
        return [word for part in parts for word in self._part(part)]

    def _part(self, part: CommandPart) -> list[str]:
        if isinstance(part, str):
            return [part]
        if isinstance(part, OutputPathPlaceholder):
            path = self.output_paths[part.output_name] = _path(OUTPUTS_DIR, part.output_name)
            return [path]
        if isinstance(part, ConcatPlaceholder):
            return ["".join(self.words(part.items))]
        if isinstance(part, InputPathPlaceholder):
            return [self._input_path(part.input_name)] if part.input_name in self.arguments else []
        if isinstance(part, InputValuePlaceholder):
            return [self._value(part.input_name)] if part.input_name in self.arguments else []
        return self._branch(part.if_structure)

    def _input_path(self, name: str) -> str:
        path = self.input_paths[name] = input_path(name)
        return path

    def _value(self, name: str) -> str:
        value = self.by_value[name] = self.arguments[name]
        return value

    def _branch(self, structure: IfPlaceholderStructure) -> list[str]:
        chosen = structure.then_value if self._is_true(structure) else structure.else_value
        if chosen is None:
            return []
        return self.words(chosen if isinstance(chosen, tuple) else (chosen,))

    def _is_true(self, structure: IfPlaceholderStructure) -> bool:
        condition = structure.condition
        if isinstance(condition, IsPresentPlaceholder):
            return condition.input_name in self.arguments
        if isinstance(condition, InputValuePlaceholder):
            return condition.input_name in self.arguments and truth(self._value(condition.input_name))
        return condition if isinstance(condition, bool) else truth(condition)


def input_path(name: str) -> str:
    """Return where a step finds the data of an input."""
    return _path(INPUTS_DIR, name)


def output_path(name: str) -> str:
    """Return where a step leaves the data of an output."""
    return _path(OUTPUTS_DIR, name)


def _path(directory: str, name: str) -> str:
    return f"{directory}/{re.sub('[^-_.0-9a-zA-Z]+', '_', name)}/data"
