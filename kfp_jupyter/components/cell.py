"""A cell → a component."""

from __future__ import annotations

import ast
import typing
from collections.abc import Sequence
from typing import Any

from kfp_jupyter.components.annotations import FILE_ANNOTATIONS
from kfp_jupyter.components.cell_lines import remember_cell
from kfp_jupyter.components.component import Component, StepSettings
from kfp_jupyter.components.functions import component_of
from kfp_jupyter.components.run_cell import Missing, MissingModuleError, called_in, run_cell
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.components.step_source import check_names, step_source
from kfp_jupyter.errors import ComponentError

AUTHORING_PACKAGES = frozenset({"kfp_jupyter", "kfp"})
"""Packages that aren't in a step: only annotations may use their names, and the step gets no imports of them."""

VOCABULARY: dict[str, Any] = {
    **{annotation.__name__: annotation for annotation in FILE_ANNOTATIONS},
    **{name: getattr(typing, name) for name in ("Any", "Dict", "List", "NamedTuple", "Optional", "Tuple", "Union")},
}
"""What a signature may use without an import: annotations that use it stay behind when the cell goes into a step."""


def component_from_cell(
    source: CellSource,
    *,
    function: str = "",
    image: str,
    packages: Sequence[str] = (),
    name: str = "",
    settings: StepSettings | None = None,
) -> tuple[Component, list[str]]:
    """Run a cell in a module of its own; return the component of its function, and missing modules.

    Args:
        source: The cell.
        function: Name of the function; empty for the one that nothing else in the cell needs.
        image: Image to run it in.
        packages: Requirements that pip installs before.
        name: The component's name; made from the function's by default.
        settings: Settings of its tasks.

    Raises:
        ComponentError: The cell can't become a component; the position is a line of the cell.
        Exception: Whatever the cell itself raises.
    """
    chosen = source.choose(function, "component")
    text = step_source(source, authoring_packages=AUTHORING_PACKAGES, vocabulary=VOCABULARY, function=chosen.name)
    check_names(source, text)
    source.check_returns(chosen)
    module, missing = run_cell(source, VOCABULARY)
    defined = vars(module).get(chosen.name)
    if isinstance(defined, Missing):
        raise _not_defined(source, chosen, defined.module)
    if not callable(defined):
        raise ComponentError(
            f"{chosen.name!r} is not a function after the cell has run.",
            remedy="Check its decorators, and whether the cell assigns the name again.",
            position=source.at(chosen.lineno),
        )
    try:
        component = component_of(
            called_in(module, defined),
            text.removeprefix("\n"),
            image=image,
            packages=packages,
            name=name,
            settings=settings,
            vocabulary=VOCABULARY,
        )
    except MissingModuleError as error:
        raise _not_defined(source, chosen, error.module) from None
    except ComponentError as error:
        position = error.position or source.at(chosen.lineno)
        raise ComponentError(error.message, remedy=error.remedy, position=position) from None
    remember_cell(component.name, source.label, text)
    return component, missing


def _not_defined(source: CellSource, chosen: ast.FunctionDef, module: str) -> ComponentError:
    return ComponentError(
        f"The function {chosen.name!r} can't be defined here: a decorator, a default or an annotation of it uses the "
        f"module {module!r}, which is not installed in this notebook.",
        remedy="Install it here, or use it inside of the function only; data of such a type comes from a file, "
        "InputPath(), and goes into one, OutputPath().",
        position=source.at(chosen.lineno),
    )
