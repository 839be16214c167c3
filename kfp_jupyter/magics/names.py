"""What a cell without a function is called."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.components.component import python_name
from kfp_jupyter.errors import Position, UsageError

LONGEST = 60
"""A comment with more characters than this is prose, no name."""

_DIRECTIVE = re.compile(r"!|%|-\*-|(?:noqa|type|fmt|isort|pylint|ruff|mypy|flake8|shellcheck)\b")


def title_of_comment(cell: str) -> str:
    """Return the comment that a cell begins with, if it can be a name; else nothing."""
    line = next((line for line in cell.splitlines() if line.strip()), "")
    return as_title(line.lstrip("#")) if line.startswith("#") and not _DIRECTIVE.match(line.lstrip("# ")) else ""


def as_title(text: str) -> str:
    """Return the first line of a text, without the full stop, if it can be a name; else nothing."""
    title = text.strip().partition("\n")[0].strip().removesuffix(".")
    return title if len(title) <= LONGEST and python_name(title) else ""


def bound_name(title: str, kind: type, namespace: Mapping[str, Any], line: Position) -> str:
    """Return the Python name that is made of a name for people.

    Args:
        title: The name for people.
        kind: What will be bound to it.
        namespace: The notebook's.
        line: The magic line.

    Raises:
        UsageError: Python takes no such name, or something else of the notebook has it.
    """
    name = python_name(title)
    if not name.isidentifier():
        raise UsageError(
            f"The name {title!r} gives no name in Python.", remedy="Say which to bind: as=my_name.", position=line
        )
    if hasattr(builtins, name) or (name in namespace and not isinstance(namespace[name], kind)):
        raise UsageError(
            f"{title!r} would be bound to {name}, which is something else in this notebook already.",
            remedy="Say another: as=my_name.",
            position=line,
        )
    return name
