"""Type names of inputs and outputs, and values of those types as text.

Names and text forms are those of KFP v1: ``Integer``, ``Float``, ``Boolean``, ``String``, ``JsonArray``,
``JsonObject``; any other name is allowed and has no text form but text.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

from kfp_jupyter.errors import ComponentError

TypeName = str | Mapping[str, Any] | None
"""A type's name, a mapping of one name to its properties, or None where nothing was declared."""

_PYTHON_TYPES: dict[Any, str] = {
    str: "String",
    int: "Integer",
    float: "Float",
    bool: "Boolean",
    list: "JsonArray",
    dict: "JsonObject",
}
_CANONICAL = {name: name for name in (*_PYTHON_TYPES.values(), "Json")} | {
    "str": "String",
    "int": "Integer",
    "float": "Float",
    "bool": "Boolean",
    "Bool": "Boolean",
    "List": "JsonArray",
    "list": "JsonArray",
    "Dictionary": "JsonObject",
    "Dict": "JsonObject",
    "dict": "JsonObject",
}
_JSON = {"JsonArray", "JsonObject", "Json"}
_TRUE, _FALSE = {"y", "yes", "t", "true", "on", "1"}, {"n", "no", "f", "false", "off", "0"}


def type_name(annotation: Any) -> TypeName:
    """Return the type name that a signature's annotation stands for.

    Args:
        annotation: A Python type, a type name, a mapping of a name to properties, an object with ``to_dict``,
            or None.
    """
    annotation = strip_optional(annotation)
    if not annotation:
        return None
    if hasattr(annotation, "to_dict"):
        annotation = annotation.to_dict()
    if isinstance(annotation, Mapping):
        return annotation
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return _PYTHON_TYPES.get(annotation, annotation.__name__)
    text = getattr(annotation, "__forward_arg__", None) or str(annotation)
    by_name = {python.__name__: name for python, name in _PYTHON_TYPES.items()}
    return by_name.get(text, text)


def strip_optional(annotation: Any) -> Any:
    """Return T for ``Optional[T]`` and ``T | None``, anything else as it is."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        if len(inner) == 1 and len(inner) < len(get_args(annotation)):
            return inner[0]
    return annotation


def canonical(name: TypeName) -> str | None:
    """Return the canonical name of a type that has a text form (``typing.List[int]`` is ``JsonArray``), else None."""
    outer = next(iter(name), None) if isinstance(name, Mapping) else name
    match = re.match(r"(?:typing\.)?(\w+)(?:\[.+\])?$", outer or "")
    return _CANONICAL.get(match[1]) if match else None


def to_text(value: Any, name: TypeName, what: str) -> str:
    """Return a value as the text that a step is given.

    Args:
        value: A Python value, or text that is already in the type's text form.
        name: The declared type; None takes it from the value.
        what: How an error calls the value's place, such as ``input 'a' of component 'Add'``.

    Raises:
        ComponentError: The value isn't of the declared type.
    """
    kind = canonical(name) if name is not None else _PYTHON_TYPES.get(type(value))
    if isinstance(value, str):
        _check_text(value, kind, what)
        return value
    if name is not None and kind is None:
        raise ComponentError(
            f"The value {_short(value)} of {what} can't be written as text of type {shown(name)}.",
            remedy="Pass text, or declare one of str, int, float, bool, list, dict.",
        )
    if kind == "Boolean" and isinstance(value, bool):
        return str(value)
    if kind == "Integer" and isinstance(value, int):
        return str(value)
    if kind == "Float" and isinstance(value, (int, float)):
        return str(value)
    if kind in _JSON and (kind == "Json" or isinstance(value, list if kind == "JsonArray" else dict)):
        return _json(value, what)
    expected = f" instead of {shown(name)}" if name is not None else ", which has no text form"
    raise ComponentError(
        f"The value {_short(value)} of {what} has type {type(value).__name__}{expected}.",
        remedy=f"Pass a value of type {shown(name)}." if name is not None else "",
    )


def _json(value: Any, what: str) -> str:
    def struct(inner: Any) -> Any:
        if hasattr(inner, "to_struct"):
            return inner.to_struct()
        raise TypeError(f"{_short(inner)} of type {type(inner).__name__} has no JSON form")

    try:
        return json.dumps(value, default=struct, sort_keys=True)
    except (TypeError, ValueError) as error:
        raise ComponentError(f"The value of {what} can't be written as JSON: {error}.") from None


def _check_text(text: str, kind: str | None, what: str) -> None:
    """Text passes as it is when it reads back as the type; templates are filled in later and pass too."""
    if "{{" in text or kind in (None, "String"):
        return
    try:
        if kind == "Integer":
            int(text)
        elif kind == "Float":
            float(text)
        elif kind == "Boolean" and text.lower() not in _TRUE | _FALSE:
            raise ValueError
        elif kind in _JSON:
            json.loads(text)
    except ValueError:
        raise ComponentError(
            f"The text {_short(text)} of {what} can't be read as {shown(kind)}.",
            remedy=f"Pass a value of type {shown(kind)}.",
        ) from None


def shown(name: TypeName) -> str:
    """Return a type's name for a reader."""
    if isinstance(name, Mapping):
        return str(next(iter(name), "untyped"))
    return name or "untyped"


def compatible(given: TypeName, expected: TypeName) -> bool:
    """Whether an output of one type may be passed to an input of another: same name, same properties, or untyped."""
    if given is None or expected is None:
        return True
    if "artifact" in (str(given).lower(), str(expected).lower()):
        other = expected if str(given).lower() == "artifact" else given
        return canonical(other) is None
    return _parts(given) == _parts(expected)


def _parts(name: TypeName) -> tuple[str, Mapping[str, Any]]:
    if isinstance(name, Mapping):
        outer = str(next(iter(name), ""))
        properties = name.get(outer)
        return outer, properties if isinstance(properties, Mapping) else {}
    return name or "", {}


def truth(text: str) -> bool:
    """Return what a text says of true and false.

    Raises:
        ComponentError: It says neither.
    """
    if text.lower() not in _TRUE | _FALSE:
        raise ComponentError(f"{_short(text)} is neither true nor false.", remedy="Write True or False.")
    return text.lower() in _TRUE


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
