"""Declarations of components, as magic lines make them."""

from __future__ import annotations

import inspect
from typing import Any

from kfp_jupyter.components.declaration import Declaration
from kfp_jupyter.errors import Position


def params(**kinds: Any) -> list[inspect.Parameter]:
    """Parameters with these annotations; a tuple is an annotation and a default."""
    found = []
    for name, kind in kinds.items():
        annotation, default = kind if isinstance(kind, tuple) else (kind, inspect.Parameter.empty)
        found.append(
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation, default=default)
        )
    return found


def declared(
    inputs: list[inspect.Parameter] | None = None, outputs: list[inspect.Parameter] | None = None
) -> Declaration:
    line = Position("cell [1]", 1, "%%component …")
    return Declaration("My step", "my_step", inputs or [], outputs or [], "python:3.11", line)
