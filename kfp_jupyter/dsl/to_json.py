"""Any value of a task's settings → what JSON can hold, with placeholders for references.

Source: ``convert_k8s_obj_to_json`` in ``kfp/compiler/_k8s_helper.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.placeholders import references
from kfp_jupyter.errors import PipelineError, author_position

_BUILT_IN = frozenset((str, int, float, bool))


def to_json(value: Any, what: str) -> Any:
    """Return a value as plain data: what JSON knows, and the JSON form of the Kubernetes client's objects.

    Args:
        value: Plain data, parameters and outputs, objects of the Kubernetes client, and lists and mappings of these.
        what: How an error calls the value's place.

    Raises:
        PipelineError: Something in it has no JSON form.
    """
    if value is None or type(value) in _BUILT_IN:
        return value
    if isinstance(value, PipelineParam):
        return str(value) if value._value is None else to_json(value._value, what)
    if isinstance(value, dict):
        return {to_json(key, what): to_json(inner, what) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [inner if type(inner) is str else to_json(inner, what) for inner in value]
    known = _of_known_library(value)
    if known is not None:
        return known
    fields = getattr(value, "attribute_map", None)
    if isinstance(fields, dict):
        given = ((key, getattr(value, attribute, None)) for attribute, key in fields.items())
        return {key: to_json(inner, what) for key, inner in given if inner is not None}
    raise PipelineError(
        f"{what[:1].upper()}{what[1:]} holds {value!r:.80}, a {type(value).__name__}, which a Workflow can't store.",
        remedy="Use strings, numbers, lists, mappings or objects of the Kubernetes client.",
        position=author_position(),
    )


def _of_known_library(value: Any) -> Any:
    """Return the text or number that a value of the standard library or of numpy is; None for any other value."""
    if isinstance(value, str):
        return str.__str__(value)  # What an enum's member is, and not its name.
    if isinstance(value, (int, float)):
        return int.__pos__(value) if isinstance(value, int) else float.__pos__(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return value.tolist() if type(value).__module__ == "numpy" and hasattr(value, "tolist") else None


def params_in(value: Any, what: str) -> list[PipelineParam]:
    """Return the parameters, outputs and loop items that a value holds, each once.

    Args:
        value: As `to_json` takes it.
        what: How an error calls the value's place.
    """
    found = dict.fromkeys(references(to_json(value, what)))
    return [PipelineParam(reference.name, reference.task or None) for reference in found]


def is_kubernetes_object(value: Any, kind: str) -> bool:
    """Whether a value is an object of the Kubernetes client of this kind; the client isn't imported.

    Args:
        value: Any value.
        kind: Name of a class of the client, such as ``V1Volume``.
    """
    return any(cls.__name__ == kind for cls in type(value).__mro__)
