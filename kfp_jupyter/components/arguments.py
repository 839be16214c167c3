"""A component and its arguments → the command line of one task."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from kfp_jupyter.components.structures import (
    CommandPart,
    ComponentSpec,
    IfPresentPlaceholder,
    InputPathPlaceholder,
    InputValuePlaceholder,
    OutputPathPlaceholder,
)

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
    by_value: dict[str, str] = {}
    input_paths: dict[str, str] = {}
    output_paths: dict[str, str] = {}

    def expand(parts: tuple[CommandPart, ...]) -> list[str]:
        words: list[str] = []
        for part in parts:
            if isinstance(part, str):
                words.append(part)
            elif isinstance(part, OutputPathPlaceholder):
                path = output_paths[part.output_name] = _path(OUTPUTS_DIR, part.output_name)
                words.append(path)
            elif part.input_name not in arguments:
                continue
            elif isinstance(part, InputValuePlaceholder):
                by_value[part.input_name] = arguments[part.input_name]
                words.append(arguments[part.input_name])
            elif isinstance(part, InputPathPlaceholder):
                path = input_paths[part.input_name] = input_path(part.input_name)
                words.append(path)
            elif isinstance(part, IfPresentPlaceholder):
                words += expand(part.then)
        return words

    command, args = expand(spec.container.command), expand(spec.container.args or ())
    for name in by_value:
        input_paths.pop(name, None)
    return CommandLine(tuple(command), tuple(args), by_value, input_paths, output_paths)


def input_path(name: str) -> str:
    """Return where a step finds the data of an input."""
    return _path(INPUTS_DIR, name)


def _path(directory: str, name: str) -> str:
    return f"{directory}/{re.sub('[^-_.0-9a-zA-Z]+', '_', name)}/data"
