"""Finds components that graphs refer to by name, digest or address.

A store finds them, and may load another graph. So that neither module imports the other, the package registers the
store here (``components/__init__.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kfp_jupyter.components.component import Component
    from kfp_jupyter.components.structures import ComponentReference

_finders: list[Callable[[ComponentReference], Component]] = []


def use_finder(find: Callable[[ComponentReference], Component]) -> None:
    """Set the function that finds components.

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
