"""The modules that a cell imports: those that aren't installed here, and those beside the notebook."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
from collections.abc import Collection, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

from kfp_jupyter.components.cell_syntax import imported_packages


def missing_modules(tree: ast.Module, authoring_packages: Collection[str]) -> list[str]:
    """Return the modules that a cell imports at its top level and that are not installed here.

    Args:
        tree: The cell.
        authoring_packages: Packages whose imports don't go into the step.
    """
    modules = {
        module: None for node in tree.body for module in sorted(imported_packages(node) - set(authoring_packages))
    }
    return [module for module in modules if module != "__main__" and _spec(module) is None]


def modules_beside(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the modules that a cell imports from the notebook's folder, and the number of the line that does.

    Args:
        tree: The cell.
    """
    here = Path.cwd()
    seen: set[str] = set()
    for node in ast.walk(tree):
        for module in sorted(imported_packages(node) - seen):
            seen.add(module)
            if any(_is_below(place, here) for place in _places(module)) and not _is_installed(module):
                yield module, node.lineno  # type: ignore[attr-defined]  # imports have one


def _spec(module: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None


def _places(module: str) -> Iterator[Path]:
    spec = _spec(module)
    if spec is not None:
        places = [
            *(spec.submodule_search_locations or ()),
            *([spec.origin] if spec.has_location and spec.origin else []),
        ]
        yield from map(Path, places)


def _is_below(place: Path, folder: Path) -> bool:
    return place.is_relative_to(folder) and not {"site-packages", "dist-packages"} & set(place.parts)


def _is_installed(module: str) -> bool:
    """Whether a distribution has brought a module, such as one that is installed for editing."""
    return module in importlib.metadata.packages_distributions()
