"""KFP v1's ``kfp.components._data_passing``: types by name, and values as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kfp_jupyter.components.types import canonical, python_type, to_text, type_name


def get_canonical_type_name_for_type(typ: Any) -> str | None:
    """Return the name of a Python type that has a text form; None for any other."""
    name = type_name(typ) if isinstance(typ, type) else None
    return name if isinstance(name, str) and canonical(name) == name else None


def get_canonical_type_for_type_name(type_name: str) -> type | None:
    """Return the Python type of a type's name; None for any other."""
    return python_type(type_name)


def get_serializer_func_for_type_name(type_name: str) -> Callable[[Any], str] | None:
    """Return what makes text of values of a type; None for a type without a text form."""
    return (lambda value: serialize_value(value, type_name)) if canonical(type_name) else None


def serialize_value(value: Any, type_name: str) -> str:
    """Return a value as the text that a step is given; text stays as it is.

    Args:
        value: The value.
        type_name: The type's name.

    Raises:
        ComponentError: It isn't of that type.
    """
    return value if isinstance(value, str) else to_text(value, type_name, "an argument")
