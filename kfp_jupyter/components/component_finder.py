"""Finds components that graphs refer to by name, digest or address.

A store finds them, and what it loads may be a graph again: so that neither module needs the other, the package names
the store here (``components/__init__.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kfp_jupyter.components.component import Component
    from kfp_jupyter.components.structures import ComponentReference

_finders: list[Callable[[ComponentReference], Component]] = []


def use_finder(find: Callable[[ComponentReference], Component]) -> None:
    """Find components with a function from now on.

    Args:
        find: Returns the component that a reference names, or raises a `ComponentError`.
    """
    _finders[:] = [find]


def find_component(reference: ComponentReference) -> Component:
    """Return the component that a reference names.

    Args:
        reference: Name, digest or address.

    Raises:
        ComponentError: There is none.
    """
    return _finders[0](reference)
