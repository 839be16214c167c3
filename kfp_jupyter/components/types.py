"""Type names of inputs and outputs, and values of those types as text.

Names and text forms are those of KFP v1: ``Integer``, ``Float``, ``Boolean``, ``String``, ``JsonArray``,
``JsonObject``, ``Base64Pickle``; any other name is allowed and has no text form but text.

Source: ``kfp/components/_data_passing.py`` and ``check_types`` in ``kfp/dsl/types.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import base64
import json
import pickle
import re
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

from kfp_jupyter.components.runtime import plain
from kfp_jupyter.errors import ComponentError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.truth import truth_of

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
_CANONICAL = {name: name for name in (*_PYTHON_TYPES.values(), "Json", "Base64Pickle")} | {
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
_PARAMETERS = frozenset(
    {"string", "str", "integer", "int", "float", "double", "bool", "boolean", "dict", "list", "jsonobject"}
)
"""Types that no artifact has, for KFP v1: an output of the type Artifact fits any other."""


def type_name(annotation: Any, *, as_written: bool = False) -> TypeName:
    """Return the type name of a signature's annotation.

    Args:
        annotation: A Python type, a type name, a mapping of a name to properties, an object with ``to_dict``,
            or None.
        as_written: Leave text as it is, and ``Optional[int]``, as KFP v1 does; else the text ``int`` is the type
            `int`, and ``Optional[int]`` is too.
    """
    annotation = annotation if as_written else strip_optional(annotation)
    if (hasattr(annotation, "to_struct") and not isinstance(annotation, type)) or not annotation:
        return None  # The former is a PipelineParam, as in the first pipelines of KFP v1: it says no type.
    if hasattr(annotation, "to_dict") and not isinstance(annotation, type):
        annotation = annotation.to_dict()
    if isinstance(annotation, Mapping):
        return annotation
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return _PYTHON_TYPES.get(annotation, annotation.__name__)
    text = getattr(annotation, "__forward_arg__", None) or str(annotation)
    if as_written:
        return text
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
    """Return the canonical name of a type that has a text form (``typing.List[int]`` is ``JsonArray``), else None.

    As in KFP v1 the first word decides.
    """
    outer = next(iter(name), None) if isinstance(name, Mapping) else name
    match = re.match(r"(?:typing\.)?(\w+)", outer or "")
    return _CANONICAL.get(match[1]) if match else None


def python_type(name: TypeName) -> type | None:
    """Return the Python type of a type's name; None for any other."""
    kind = canonical(name) if isinstance(name, str) else None
    return next((python for python, text in _PYTHON_TYPES.items() if text == kind), None)


def to_text(value: Any, name: TypeName, what: str) -> str:
    """Return a value as the text that a step is given.

    Args:
        value: A Python value, or text that is already in the type's text form.
        name: The declared type; None takes it from the value.
        what: How an error calls the value's place, such as ``input 'a' of component 'Add'``.

    Raises:
        ComponentError: The value isn't of the declared type.
    """
    # numpy's numbers are Python's, but a tuple of no declared type is no list.
    own = plain(value)
    kind = canonical(name) if name is not None else None if isinstance(value, tuple) else _PYTHON_TYPES.get(type(own))
    if isinstance(value, str):
        _check_text(value, kind, what)
        return value
    if name is not None and kind is None:
        raise ComponentError(
            f"The value {_short(value)} of {what} can't be written as text of type {shown(name)}.",
            remedy="Pass a string, or declare one of str, int, float, bool, list, dict.",
        )
    if isinstance(own, _TEXT_FORMS.get(kind or "", ())):
        # An enum's member has a text of its own, which is no number.
        return str(own * 1 if isinstance(own, (int, float)) and not isinstance(own, bool) else own)
    # A tuple is a list to JSON, and other objects may have a form of their own.
    if kind == "Json" or (kind in _NOT_JSON and not isinstance(own, _NOT_JSON[kind])):
        return _json(own, what)
    if kind == "Base64Pickle":
        return base64.b64encode(pickle.dumps(value)).decode("ascii")
    expected = f" instead of {shown(name)}" if name is not None else ", which has no text form"
    raise ComponentError(
        f"The value {_short(value)} of {what} has type {type(value).__name__}{expected}.",
        remedy=f"Pass a value of type {shown(name)}." if name is not None else "",
    )


def text_of_default(value: Any, name: TypeName, what: str) -> tuple[str | None, ComponentError | None]:
    """Return a default as text, as KFP v1 takes it, and what is wrong with it.

    Text and JSON are taken whatever their type says; of anything else that doesn't fit there is no text.

    Args:
        value: The default.
        name: The declared type.
        what: How an error calls the default's place.
    """
    try:
        return to_text(value, name, what), None
    except ComponentError as error:
        if isinstance(value, str):
            return value, error if value else None
        if name is not None and canonical(name) in _NOT_JSON:
            return _json(value, what), error
        return None, error


_TEXT_FORMS: dict[str, tuple[type, ...]] = {"Boolean": (bool,), "Integer": (int,), "Float": (int, float)}
_NOT_JSON: dict[str | None, tuple[type, ...]] = {
    "JsonArray": (dict, int, float, type(None)),
    "JsonObject": (list, tuple, int, float, type(None)),
}


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
        elif kind == "Boolean" and truth_of(text) is None:
            raise ValueError
        elif kind in ("JsonArray", "JsonObject", "Json"):
            read_json(text)
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
    """Whether an output of one type may be passed to an input of another.

    It may when both have one name and all properties of the first are properties of the second, or when one says
    nothing. ``float``, ``Float`` and ``float | None`` are one name.

    Args:
        given: The output's type.
        expected: The input's type.
    """
    if not given or not expected:
        return True
    words = str(given).lower(), str(expected).lower()
    for word, other in (words, words[::-1]):
        if word == "artifact" and other not in _PARAMETERS:
            return True
    (name, properties), (other_name, other_properties) = _parts(given), _parts(expected)
    if not name or not other_name:
        return True
    return name == other_name and all(
        key in other_properties and other_properties[key] == value for key, value in properties.items()
    )


def _parts(name: TypeName) -> tuple[str, Mapping[str, Any]]:
    if isinstance(name, Mapping):
        outer = str(next(iter(name), ""))
        properties = name.get(outer)
        return _CANONICAL.get(outer, outer), properties if isinstance(properties, Mapping) else {}
    plain = re.sub(r"^typing\.Optional\[(.+)\]$|^(.+) \| None$", r"\1\2", name or "")
    return _CANONICAL.get(plain, plain), {}


def truth(text: str) -> bool:
    """Return what a text says of true and false.

    Raises:
        ComponentError: It says neither.
    """
    found = truth_of(text)
    if found is None:
        raise ComponentError(f"{_short(text)} is neither true nor false.", remedy="Write True or False.")
    return found


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
