"""A component and its arguments → the command line of one task.

Source: ``_resolve_command_line_and_paths`` in ``kfp/components/_components.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kfp_jupyter.components.structures import (
    CommandPart,
    ComponentSpec,
    ConcatPlaceholder,
    IfPlaceholderStructure,
    InputPathPlaceholder,
    InputUriPlaceholder,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    OutputPathPlaceholder,
    OutputUriPlaceholder,
    changes,
)
from kfp_jupyter.components.types import truth
from kfp_jupyter.errors import ComponentError

INPUTS_DIR, OUTPUTS_DIR = "/tmp/inputs", "/tmp/outputs"
"""Where a step finds the data of its inputs and leaves that of its outputs, as in KFP v1."""


@dataclasses.dataclass(frozen=True, slots=True)
class CommandLine:
    """A command line with all placeholders replaced.

    Attributes:
        command: The program and its first words.
        args: What follows.
        by_value: Inputs whose values are on the command line, with these values.
        input_paths: Inputs read from files, with their paths.
        output_paths: Outputs and the paths they are written to.
        by_address: Inputs and outputs whose URI is on the command line.
    """

    command: tuple[str, ...]
    args: tuple[str, ...]
    by_value: Mapping[str, str]
    input_paths: Mapping[str, str]
    output_paths: Mapping[str, str]
    by_address: tuple[str, ...]


def command_line(spec: ComponentSpec, arguments: Mapping[str, str]) -> CommandLine:
    """Return the command line of a component with these arguments.

    Args:
        spec: The component.
        arguments: Text by input name; inputs that are absent must be optional.

    Raises:
        ComponentError: An output is to be written to two places, or a condition is neither true nor false.
    """
    plan: _Plan | None = spec._plan
    if plan is None or (plan.made_at != changes() and plan.source != _source(spec)):
        plan = _plan(_source(spec))
        # Not a change of the component, so it must not look like one.
        object.__setattr__(spec, "_plan", plan)
    found = _Found(arguments, {}, {}, dict(plan.fixed_paths), {})
    command = plan.words if plan.words is not None else tuple(_expanded(plan.command, found))
    args = tuple(_expanded(plan.args, found))
    input_paths = found.input_paths
    if input_paths:
        input_paths = {name: path for name, path in input_paths.items() if name not in found.by_value}
    return CommandLine(command, args, found.by_value, input_paths, found.output_paths, tuple(found.by_address))


# A part of a command line, made ready once for all tasks of a component: what it is, a name or text, and more.
_TEXT, _VALUE, _INPUT_PATH, _OUTPUT_PATH, _INPUT_URI, _OUTPUT_URI, _CONCAT, _IF_PRESENT, _IF_TRUE = range(9)
_INPUTS, _OUTPUTS = (_INPUT_PATH, _INPUT_URI), (_OUTPUT_PATH, _OUTPUT_URI)
_Step = tuple[int, str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class _Plan:
    """The parts of a component's command line.

    Attributes:
        made_at: What `changes` said.
        source: What it was made of.
        words: The command, if it has no placeholders.
        command: Its parts.
        args: Parts of what follows.
        fixed_paths: Outputs that the program always writes to the same path.
    """

    made_at: int
    source: _Source
    words: tuple[str, ...] | None
    command: tuple[_Step, ...]
    args: tuple[_Step, ...]
    fixed_paths: dict[str, str]


@dataclasses.dataclass(slots=True)
class _Found:
    """What the expansion of a command line uses."""

    arguments: Mapping[str, str]
    by_value: dict[str, str]
    input_paths: dict[str, str]
    output_paths: dict[str, str]
    by_address: dict[str, None]

    def address(self, kind: str, name: str) -> str:
        """Record that an artifact's URI is used; return its placeholder."""
        self.by_address[name] = None
        return f"{{{{$.{kind}.artifacts['{name}'].uri}}}}"


_Source = tuple[tuple[CommandPart, ...], tuple[CommandPart, ...], dict[str, str], tuple[str, ...]]
"""Command, arguments, outputs that are written without being told where, and names of outputs."""


def _source(spec: ComponentSpec) -> _Source:
    """Return what a plan is made of: all of it changes as a whole, so comparing it costs next to nothing."""
    container = spec.container
    names = tuple([output.name for output in spec.outputs])
    return container.command or (), container.args or (), dict(container.file_outputs or {}), names


def _plan(source: _Source) -> _Plan:
    command_parts, arg_parts, file_outputs, names = source
    fixed = {name: file_outputs[name] for name in names if name in file_outputs}
    command, args = _steps(command_parts, fixed), _steps(arg_parts, fixed)
    _check_paths((*command, *args), {})
    words = tuple(text for kind, text, _ in command if kind == _TEXT)
    return _Plan(
        made_at=changes(),
        source=source,
        words=words if len(words) == len(command) else None,
        command=command,
        args=args,
        fixed_paths=fixed,
    )


def _steps(parts: Sequence[CommandPart], fixed: Mapping[str, str]) -> tuple[_Step, ...]:
    return tuple(step for part in parts for step in _step(part, fixed))


def _step(part: CommandPart, fixed: Mapping[str, str]) -> tuple[_Step, ...]:
    if isinstance(part, str):
        return ((_TEXT, part, None),)
    if isinstance(part, InputValuePlaceholder):
        return ((_VALUE, part.input_name, None),)
    if isinstance(part, (InputPathPlaceholder, InputUriPlaceholder)):
        kind = _INPUT_PATH if isinstance(part, InputPathPlaceholder) else _INPUT_URI
        return ((kind, part.input_name, input_path(part.input_name)),)
    if isinstance(part, (OutputPathPlaceholder, OutputUriPlaceholder)):
        name, path = part.output_name, output_path(part.output_name)
        if fixed.get(name, path) != path:
            raise ComponentError(
                f"The output {name!r} is both on the command line and under fileOutputs, with the path {fixed[name]}.",
                remedy="Remove one of the two.",
            )
        return ((_OUTPUT_PATH if isinstance(part, OutputPathPlaceholder) else _OUTPUT_URI, name, path),)
    if isinstance(part, ConcatPlaceholder):
        return ((_CONCAT, "", _steps(part.items, fixed)),)
    return _branch(part.if_structure, fixed)  # type: ignore[union-attr]  # placeholders of newer KFP can't be made


def _branch(structure: IfPlaceholderStructure, fixed: Mapping[str, str]) -> tuple[_Step, ...]:
    then, other = (
        () if branch is None else _steps(branch if isinstance(branch, (tuple, list)) else (branch,), fixed)
        for branch in (structure.then_value, structure.else_value)
    )
    condition = structure.condition
    if isinstance(condition, IsPresentPlaceholder):
        return ((_IF_PRESENT, condition.input_name, (then, other)),)
    if isinstance(condition, InputValuePlaceholder):
        return ((_IF_TRUE, condition.input_name, (then, other)),)
    return then if (condition if isinstance(condition, bool) else truth(condition)) else other


def _check_paths(steps: Sequence[_Step], names: dict[str, str]) -> None:
    """Refuse two names with the same path; in KFP v1 one would overwrite the other."""
    for kind, name, more in steps:
        if kind in (*_INPUTS, *_OUTPUTS) and names.setdefault(more, name) != name:
            what = "inputs" if kind in _INPUTS else "outputs"
            raise ComponentError(
                f"The {what} {names[more]!r} and {name!r} of the component have the same path, {more}.",
                remedy="Rename one.",
            )
        for part in more if kind in (_IF_PRESENT, _IF_TRUE) else (more,) if kind == _CONCAT else ():
            _check_paths(part, names)


def _expanded(steps: tuple[_Step, ...], found: _Found) -> list[str]:
    """Return the words that steps expand to, and record the inputs and outputs that they use."""
    words: list[str] = []
    for kind, name, more in steps:
        if kind == _TEXT:
            words.append(name)
        elif kind in _OUTPUTS:
            found.output_paths[name] = more
            words.append(more if kind == _OUTPUT_PATH else found.address("outputs", name))
        elif kind == _CONCAT:
            words.append("".join(_expanded(more, found)))
        elif name not in found.arguments:
            if kind in (_IF_PRESENT, _IF_TRUE):
                words += _expanded(more[1], found)
        elif kind == _VALUE:
            value = found.by_value[name] = found.arguments[name]
            words.append(value)
        elif kind in _INPUTS:
            found.input_paths[name] = more
            words.append(more if kind == _INPUT_PATH else found.address("inputs", name))
        elif kind == _IF_PRESENT:
            words += _expanded(more[0], found)
        else:
            text = found.by_value[name] = found.arguments[name]
            words += _expanded(more[0] if text and truth(text) else more[1], found)
    return words


def input_path(name: str) -> str:
    """Return where a step finds the data of an input."""
    return _path(INPUTS_DIR, name)


def output_path(name: str) -> str:
    """Return where a step leaves the data of an output."""
    return _path(OUTPUTS_DIR, name)


def _path(directory: str, name: str) -> str:
    return f"{directory}/{re.sub('[^-_.0-9a-zA-Z]+', '_', name)}/data"
