"""What an engine can be told, each with its type: what people type is read by it."""

from __future__ import annotations

import dataclasses
import enum
import os
from collections.abc import Mapping, Sequence
from typing import Any

from kfp_jupyter.errors import UsageError
from kfp_jupyter.parsing.truth import truth_of
from kfp_jupyter.redaction import remember_address, remember_secret


class OptionType(enum.Enum):
    """What an option is; the value completes the sentence "it must be …"."""

    TEXT = "a text"
    SECRET = "a secret string"  # noqa: S105  (no password)
    ADDRESS = "an address"
    FLAG = "true or false"
    COUNT = "a whole number of at least 1"
    LABELS = "labels, written key=value,key=value"


@dataclasses.dataclass(frozen=True, slots=True)
class EngineOption:
    """One option of an engine.

    Attributes:
        name: The parameter of the engine's class.
        type: What it is.
        help: One line of help.
    """

    name: str
    type: OptionType
    help: str

    def read(self, engine: str, text: str) -> Any:
        """Return the value that a text stands for.

        Args:
            engine: Name of the engine, for messages.
            text: What was typed.

        Raises:
            UsageError: It isn't of the option's type.
        """
        _remember(self.type, text)
        value = _value(self.type, text)
        if value is None:
            shown = text if text.isdecimal() else repr(text)
            raise UsageError(f"The {engine} engine's {self.name}={shown} must be {self.type.value}.")
        return value


def check_values(engine: str, options: Sequence[EngineOption], values: Mapping[str, Any]) -> None:
    """Refuse what a program has given an engine and isn't of its option's type; credentials are remembered.

    Args:
        engine: Name of the engine, for messages.
        options: What it can be told.
        values: What it was told, by option; None stands for the default.

    Raises:
        UsageError: A value is of another type.
    """
    for option in options:
        value = values[option.name]
        if value is None:
            continue
        kinds, name = _PYTHON[option.type]
        right = isinstance(value, kinds)
        if option.type is OptionType.COUNT:
            right = right and not isinstance(value, bool) and value > 0
        if not right:
            raise UsageError(f"The {engine} engine's {option.name}={value!r} must be {name}.")
        _remember(option.type, value)


_PYTHON: Mapping[OptionType, tuple[type | tuple[type, ...], str]] = {
    OptionType.TEXT: ((str, os.PathLike), "a string"),
    OptionType.SECRET: (str, "a string"),
    OptionType.ADDRESS: (str, "a string"),
    OptionType.FLAG: (bool, OptionType.FLAG.value),
    OptionType.COUNT: (int, OptionType.COUNT.value),
    OptionType.LABELS: (Mapping, "a mapping of names to values"),
}
"""Type of an option → types of its values in Python, and what to call them."""


def _remember(kind: OptionType, value: Any) -> None:
    """Have credentials left out of what is shown."""
    if kind is OptionType.SECRET:
        remember_secret(value)
    elif kind is OptionType.ADDRESS:
        remember_address(value)


def _value(kind: OptionType, text: str) -> Any:
    """Return the value; None where the text stands for none."""
    if kind is OptionType.FLAG:
        return truth_of(text)
    if kind is OptionType.COUNT:
        return int(text) if text.isascii() and text.isdecimal() and int(text) > 0 else None
    if kind is OptionType.LABELS:
        return _labels(text)
    return text


def _labels(text: str) -> Mapping[str, str] | None:
    pairs = [word.strip().partition("=") for word in text.split(",") if word.strip()]
    return {key: value for key, _, value in pairs} if pairs and all(key and sign for key, sign, _ in pairs) else None
