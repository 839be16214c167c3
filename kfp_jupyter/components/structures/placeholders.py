"""The placeholders on a component's command line: for values, paths, conditions and concatenations."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from kfp_jupyter.components.structures.model import Model, StructureError


class _Placeholder(Model):
    __slots__ = ()
    _what = "A placeholder"


@dataclasses.dataclass(frozen=True, slots=True)
class InputValuePlaceholder(_Placeholder):
    """Stands for an input's value."""

    _keys: ClassVar[Mapping[str, str]] = {"input_name": "inputValue"}

    input_name: str


@dataclasses.dataclass(frozen=True, slots=True)
class InputPathPlaceholder(_Placeholder):
    """Stands for the path of a file with an input's data."""

    _keys: ClassVar[Mapping[str, str]] = {"input_name": "inputPath"}

    input_name: str


@dataclasses.dataclass(frozen=True, slots=True)
class OutputPathPlaceholder(_Placeholder):
    """Stands for the path where an output's data must be written."""

    _keys: ClassVar[Mapping[str, str]] = {"output_name": "outputPath"}

    output_name: str


@dataclasses.dataclass(frozen=True, slots=True)
class InputUriPlaceholder(_Placeholder):
    """Stands for the address of an input's data, which only newer Kubeflow Pipelines fill in."""

    _keys: ClassVar[Mapping[str, str]] = {"input_name": "inputUri"}

    input_name: str


@dataclasses.dataclass(frozen=True, slots=True)
class OutputUriPlaceholder(_Placeholder):
    """Stands for the address where an output's data must be written, which only newer Kubeflow Pipelines fill in."""

    _keys: ClassVar[Mapping[str, str]] = {"output_name": "outputUri"}

    output_name: str


@dataclasses.dataclass(frozen=True, slots=True)
class ConcatPlaceholder(_Placeholder):
    """Stands for the texts of its items, one behind the other."""

    _keys: ClassVar[Mapping[str, str]] = {"items": "concat"}

    items: tuple[CommandPart, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))


@dataclasses.dataclass(frozen=True, slots=True)
class IsPresentPlaceholder(_Placeholder):
    """Stands for whether an input was passed."""

    _keys: ClassVar[Mapping[str, str]] = {"input_name": "isPresent"}

    input_name: str


@dataclasses.dataclass(frozen=True, slots=True)
class IfPlaceholderStructure(Model):
    """What an `IfPlaceholder` decides between.

    Attributes:
        condition: What decides: a truth value, its text, or a placeholder for one.
        then_value: What replaces it if it is true, one part or several.
        else_value: What replaces it otherwise; None for nothing.
    """

    _what = "An if"
    _keys: ClassVar[Mapping[str, str]] = {"condition": "cond", "then_value": "then", "else_value": "else"}

    condition: bool | str | IsPresentPlaceholder | InputValuePlaceholder
    then_value: CommandPart | tuple[CommandPart, ...]
    else_value: CommandPart | tuple[CommandPart, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("then_value", "else_value"):
            if isinstance(getattr(self, name), list):
                object.__setattr__(self, name, tuple(getattr(self, name)))


@dataclasses.dataclass(frozen=True, slots=True)
class IfPlaceholder(_Placeholder):
    """Stands for one of two things."""

    _keys: ClassVar[Mapping[str, str]] = {"if_structure": "if"}

    if_structure: IfPlaceholderStructure


@dataclasses.dataclass(frozen=True, slots=True)
class _NewerPlaceholder(_Placeholder):
    """A placeholder that a step of KFP v1 has nothing for; making one is an error that says so."""

    _newer = "it is supported only by newer versions of Kubeflow Pipelines"

    name: Any = None

    def __post_init__(self) -> None:
        self._refuse()

    @classmethod
    def from_dict(cls, struct: Mapping[str, Any]) -> NoReturn:  # noqa: ARG003  (there is nothing to read)
        cls._refuse()

    @classmethod
    def _refuse(cls) -> NoReturn:
        raise StructureError(f"The placeholder {cls._keys['name']!r} can't be used: {cls._newer}.")


class InputMetadataPlaceholder(_NewerPlaceholder):
    """A file with an input's metadata; not available in a step of KFP v1."""

    _keys: ClassVar[Mapping[str, str]] = {"name": "inputMetadata"}


class InputOutputPortNamePlaceholder(_NewerPlaceholder):
    """The name of the output that an input comes from; not available in a step of KFP v1."""

    _keys: ClassVar[Mapping[str, str]] = {"name": "inputOutputPortName"}


class OutputMetadataPlaceholder(_NewerPlaceholder):
    """A file with the outputs' metadata; not available in a step of KFP v1."""

    _keys: ClassVar[Mapping[str, str]] = {"name": "outputMetadata"}


class ExecutorInputPlaceholder(_NewerPlaceholder):
    """Stands for all that newer Kubeflow Pipelines tell a step."""

    _keys: ClassVar[Mapping[str, str]] = {"name": "executorInput"}


CommandPart = (
    str
    | InputValuePlaceholder
    | InputPathPlaceholder
    | OutputPathPlaceholder
    | ConcatPlaceholder
    | IfPlaceholder
    | InputUriPlaceholder
    | OutputUriPlaceholder
    | InputMetadataPlaceholder
    | InputOutputPortNamePlaceholder
    | OutputMetadataPlaceholder
    | ExecutorInputPlaceholder
)
"""One word of a command line."""
