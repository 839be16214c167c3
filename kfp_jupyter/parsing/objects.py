"""Parts of a Kubernetes object: a field that is absent, null or of another type counts as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Object = Mapping[str, Any]
"""A Kubernetes object, or a part of one, as plain data."""

_EMPTY: Object = {}


def section(value: object, *path: str) -> Object:
    """Return the mapping at a path of an object; an empty one if there is none.

    Args:
        value: An object, or nothing.
        *path: The fields that lead there: ``"metadata", "labels"``.
    """
    for field in path:
        value = value.get(field) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else _EMPTY


def entries(value: object, *path: str) -> list[Object]:
    """Return the mappings in the list at a path of an object; none if there is no list.

    Args:
        value: An object, or nothing.
        *path: The fields that lead there: ``"status", "conditions"``.
    """
    found = section(value, *path[:-1]).get(path[-1])
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, (list, tuple)) else []


def text(value: object, *path: str) -> str:
    """Return the text at a path of an object; empty if there is none.

    Args:
        value: An object, or nothing.
        *path: The fields that lead there: ``"status", "phase"``.
    """
    found = section(value, *path[:-1]).get(path[-1])
    return "" if found is None else str(found)
