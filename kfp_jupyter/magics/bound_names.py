"""What a cell without a function is called."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import Any

from kfp_jupyter.components.component import Component, python_name
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.errors import Position, UsageError

LONGEST = 60
"""A comment with more characters than this is prose, no name."""

_DIRECTIVE = re.compile(r"!|%|-\*-|(?:noqa|type|fmt|isort|pylint|ruff|mypy|flake8|shellcheck)\b")


def title_from_comment(cell: str) -> str:
    """Return the comment that a cell begins with, if it can be a name; else nothing."""
    line = next((line for line in cell.splitlines() if line.strip()), "")
    return title_from_text(line.lstrip("#")) if line.startswith("#") and not _DIRECTIVE.match(line.lstrip("# ")) else ""


def title_from_text(text: str) -> str:
    """Return the first line of a text, without the full stop, if it can be a name; else nothing."""
    title = text.strip().partition("\n")[0].strip().removesuffix(".")
    return title if len(title) <= LONGEST and python_name(title) else ""


def rebinding_note(name: str, kind: type, namespace: Mapping[str, Any]) -> list[str]:
    """Return what to tell when a name is bound that stands for something else; nothing where that is the same kind.

    Args:
        name: The name.
        kind: What will be bound to it.
        namespace: The notebook's.
    """
    new, way = kind.__name__.lower(), f"as=… on the first line binds it to another name; del {name}"
    if name == "dsl" and name not in namespace:
        lost = f"'dsl' is now the {new}, so pipelines can't use dsl.Condition and the rest of dsl."
        return [f"{lost} {way} restores it."]
    is_builtin = hasattr(builtins, name)
    if isinstance(namespace.get(name), kind) or not (is_builtin or name in namespace):
        return []
    if is_builtin:
        return [f"{name!r} is now the {new} and no longer Python's own {name}. {way} restores Python's."]
    what = _description(namespace[name])
    return [f"{name!r} was {what} in this notebook and is now the {new}. {way.partition(';')[0]}."]


def _description(value: Any) -> str:
    if isinstance(value, ModuleType):
        return f"the module {value.__name__}"
    kinds = {type: "a class", FunctionType: "a function", Component: "a component", Pipeline: "a pipeline"}
    words = next((words for kind, words in kinds.items() if isinstance(value, kind)), "")
    return words or f"of type {type(value).__name__}"


def bound_name(title: str, kind: type, namespace: Mapping[str, Any], line: Position) -> str:
    """Return the Python name derived from a display name.

    Args:
        title: The display name.
        kind: What will be bound to it.
        namespace: The notebook's.
        line: The magic line.

    Raises:
        UsageError: Python takes no such name, or something else of the notebook has it.
    """
    name = python_name(title)
    if not name.isidentifier():
        raise UsageError(
            f"The name {title!r} can't be turned into a Python name.", remedy="Set one with as=my_name.", position=line
        )
    if hasattr(builtins, name) or (name in namespace and not isinstance(namespace[name], kind)):
        raise UsageError(
            f"{title!r} would be bound to {name}, which this notebook already uses for something else.",
            remedy="Set another with as=my_name.",
            position=line,
        )
    return name
