"""A cell → a component."""

from __future__ import annotations
import __future__

import typing
from collections.abc import Sequence
from typing import Any

from kfp_jupyter.components.annotations import FILE_ANNOTATIONS
from kfp_jupyter.components.component import Component, StepSettings
from kfp_jupyter.components.functions import component_of
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
) -> Component:
    """Run a cell in a namespace of its own and make a component of its function.

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
    # The step never evaluates annotations, so they aren't evaluated here either until they are asked for.
    code = compile(source.tree, source.file, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(code, namespace)  # noqa: S102  (running the author's cell is the purpose)
    try:
        return component_of(
            namespace[chosen.name],
            source.travelling(STRANGERS),
            image=image,
            packages=packages,
            name=name,
            settings=settings,
            vocabulary=VOCABULARY,
        )
    except ComponentError as error:
        raise ComponentError(error.message, remedy=error.remedy, position=source.at(chosen.lineno)) from None
