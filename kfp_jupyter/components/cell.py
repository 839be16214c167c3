"""A cell → a component."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from typing import Any

from kfp_jupyter.components.annotations import FILE_ANNOTATIONS
from kfp_jupyter.components.component import Component, StepSettings
from kfp_jupyter.components.functions import component_of
from kfp_jupyter.components.namespace import run_cell
from kfp_jupyter.components.program import CELL_LINE
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.errors import ComponentError

STRANGERS = frozenset({"kfp_jupyter", "kfp"})
"""Packages that a step hasn't: their names serve in annotations, and the cell's imports of them stay behind."""

VOCABULARY: dict[str, Any] = {
    **{annotation.__name__: annotation for annotation in FILE_ANNOTATIONS},
    **{name: getattr(typing, name) for name in ("Any", "Dict", "List", "NamedTuple", "Optional", "Union")},
}
"""What a signature may use without an import: annotations never reach the step."""


def component_from_cell(
    source: CellSource,
    *,
    function: str = "",
    image: str,
    packages: Sequence[str] = (),
    name: str = "",
    settings: StepSettings | None = None,
) -> tuple[Component, list[str]]:
    """Run a cell in a namespace of its own; return the component of its function, and modules that aren't here.

    Args:
        source: The cell.
        function: Name of the function; empty for the one that nothing else in the cell uses.
        image: Image to run it in.
        packages: Requirements that pip installs before.
        name: The component's name; made of the function's unless given.
        settings: What its tasks are given.

    Raises:
        ComponentError: The cell can't become a component; the position is a line of the cell.
        Exception: Whatever the cell itself raises.
    """
    chosen = source.choose(function, "component")
    source.check_names(STRANGERS)
    source.check_returns(chosen)
    namespace, missing = run_cell(source)
    try:
        component = component_of(
            namespace[chosen.name],
            f"{CELL_LINE}\n{source.travelling(STRANGERS)}",
            image=image,
            packages=packages,
            name=name,
            settings=settings,
            vocabulary=VOCABULARY,
        )
    except ComponentError as error:
        raise ComponentError(error.message, remedy=error.remedy, position=source.at(chosen.lineno)) from None
    return component, missing
