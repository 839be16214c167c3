"""Which cells display which views, so that no run continues unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kfp_jupyter.engines.base import RunRef
    from kfp_jupyter.widget.run_view import RunView


class DisplayedViews:
    """The views of a notebook by the cells that show them."""

    def __init__(self) -> None:
        self._by_cell: dict[str | None, list[RunView]] = {}
        self._cleared: list[RunView] = []
        self._cell: str | None = None

    def begin(self, cell_id: str | None) -> None:
        """Note that a cell is about to run: the front end clears what it shows.

        Args:
            cell_id: Id of the cell in its notebook; None where the front end gives none.
        """
        self._cell = cell_id
        self._cleared = self._by_cell.pop(cell_id, []) if cell_id is not None else []

    def add(self, view: RunView) -> None:
        """Note that the cell that runs now shows a view."""
        self._by_cell.setdefault(self._cell, []).append(view)

    def unseen_runs(self) -> list[RunRef]:
        """Return the runs under way that the cell showed before it ran, and that no cell shows now."""
        shown = {view.run for views in self._by_cell.values() for view in views}
        runs = dict.fromkeys(view.run for view in self._cleared if view.under_way)
        return [run for run in runs if run is not None and run not in shown]
