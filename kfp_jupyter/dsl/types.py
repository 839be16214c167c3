"""Types of inputs and outputs that pipelines of KFP v1 declare, and whether one fits another.

A type is a name, or a name with properties. The classes are annotations: ``def train(data: GCSPath()): ...``.

Source: ``kfp/dsl/types.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.components.types import TypeName
from kfp_jupyter.dsl.notes import PipelineWarning
from kfp_jupyter.dsl.tracing import current_trace
from kfp_jupyter.errors import PipelineError, author_position

_VALUES = {
    *("string", "str", "integer", "int", "float", "double"),
    *("bool", "boolean", "dict", "list", "jsonobject"),
}
"""Names that are values: the untyped ``Artifact`` doesn't fit them."""


class InconsistentTypeException(PipelineError):  # noqa: N818  (KFP v1's name)
    """A type that doesn't fit an input's."""


class InconsistentTypeWarning(PipelineWarning):
    """A type that doesn't fit an input's, where types aren't checked."""


class BaseType:
    """Base of the types that are written as annotations. Attributes are the type's properties."""

    def to_dict(self) -> dict[str, Any] | str:
        """Return the type as component.yaml writes it: its name, with the properties if it has any."""
        return {type(self).__name__: dict(vars(self))} if vars(self) else type(self).__name__


def _validated(name: str, doc: str, **schema: str) -> type[BaseType]:
    def initialise(self: Any) -> None:
        self.openapi_schema_validator = dict(schema)

    return type(name, (BaseType,), {"__init__": initialise, "__doc__": doc, "__module__": __name__})


Integer = _validated("Integer", "A whole number.", type="integer")
String = _validated("String", "Text.", type="string")
Float = _validated("Float", "A number.", type="number")
Bool = _validated("Bool", "True or false.", type="boolean")
List = _validated("List", "A JSON list.", type="array")
Dict = _validated("Dict", "A JSON object.", type="object")
GCSPath = _validated("GCSPath", "An address in Google Cloud Storage.", type="string", pattern="^gs://.*$")
GCRPath = _validated("GCRPath", "An image in Google Container Registry.", type="string", pattern=r"^.*gcr\.io/.*$")
GCPRegion = _validated("GCPRegion", "A region of Google Cloud.", type="string")
GCPProjectID = _validated("GCPProjectID", "A project of Google Cloud.", type="string")
LocalPath = _validated("LocalPath", "A path in the container.", type="string")


def fits(given: TypeName, expected: TypeName) -> bool:
    """Whether an output of one type may be passed to an input of another.

    Args:
        given: The output's type; None for untyped, which fits everything.
        expected: The input's type.
    """
    if given is None or expected is None or given == expected:
        return True
    if str(given).lower() == "artifact" and str(expected).lower() not in _VALUES:
        return True
    if str(expected).lower() == "artifact" and str(given).lower() not in _VALUES:
        return True
    return check_types(given, expected)


def verify_type_compatibility(given_type: Any, expected_type: Any, error_message_prefix: str = "") -> bool:
    """Whether a type fits an input's; one that doesn't is an error, or a warning where types aren't checked.

    Args:
        given_type: Type of what is passed.
        expected_type: Type of the input.
        error_message_prefix: What the message begins with.

    Raises:
        InconsistentTypeException: It doesn't fit.
    """
    if fits(given_type, expected_type):
        return True
    message = f"{error_message_prefix}{given_type!r} was passed where {expected_type!r} is expected."
    trace = current_trace()
    if trace is None or trace.type_check:
        raise InconsistentTypeException(message, position=author_position())
    warnings.warn(InconsistentTypeWarning(message), stacklevel=2)
    return False


def check_types(checked_type: Any, expected_type: Any) -> bool:
    """Whether a type has the name of another and no property that the other lacks or has otherwise.

    Args:
        checked_type: A type, its name, or a mapping of its name to properties.
        expected_type: The same, of the input.
    """
    (name, properties), (expected, allowed) = _parts(checked_type), _parts(expected_type)
    if not name or not expected:
        return True
    return name == expected and all(key in allowed and allowed[key] == value for key, value in properties.items())


_WRITTEN = {
    "str": "String",
    "int": "Integer",
    "float": "Float",
    "bool": "Boolean",
    "list": "JsonArray",
    "dict": "JsonObject",
}
"""What Python's own names mean where they were written as text."""


def _parts(kind: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(kind, BaseType):
        kind = kind.to_dict()
    if isinstance(kind, Mapping):
        name = next(iter(kind), "")
        properties = kind.get(name)
        return name, properties if isinstance(properties, Mapping) else {}
    return _WRITTEN.get(kind, kind) if kind else "", {}
