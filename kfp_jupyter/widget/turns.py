"""Which turn of a loop the details show: people pick one, or it is the one that most needs a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import ipywidgets

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import NodeState
from kfp_jupyter.widget.standing import Standing, Turn, most_urgent
from kfp_jupyter.widget.style import look_of, took

MAX_OPTIONS = 500


def turn_to_show(standing: Standing, current: str | None, *, picked: bool) -> Turn:
    """Return the turn that the details show.

    Args:
        standing: How the step stands.
        current: Id of the node shown now; None where none is.
        picked: Whether people chose that one; otherwise it gives way when it is done, or when another has failed.
    """
    known = [turn for turn in standing.turns if turn.node is not None]
    now = next((turn for turn in known if turn.node and turn.node.id == current), None)
    urgent = most_urgent(known)
    if urgent is None or urgent.node is None:
        return Turn()
    if now is not None and now.node is not None:
        stays = picked or (not now.node.phase.finished and not urgent.node.phase.bad)
        return now if stays or now.node.phase == urgent.node.phase else urgent
    return urgent


class TurnPicker(ipywidgets.Box):
    """A list of the turns to choose from; hidden where there is one.

    Args:
        on_pick: Called when people have chosen another.
    """

    def __init__(self, on_pick: Callable[[], None]) -> None:
        self._list = ipywidgets.Dropdown(description="Turn", layout={"width": "auto"})
        super().__init__([self._list])
        self.add_class("kfp-jupyter-turns")
        self._on_pick = on_pick
        self._current: str | None = None
        self._picked = False
        self._filling = False
        self._list.observe(self._on_change, names="value")
        self.clear()

    def clear(self) -> None:
        """Forget what was chosen."""
        self._current, self._picked = None, False
        self.layout.display = "none"

    def show(self, standing: Standing, now: datetime) -> Turn:
        """Offer the turns there are, and return the chosen one."""
        turn = turn_to_show(standing, self._current, picked=self._picked)
        self._current = turn.node.id if turn.node else None
        if not standing.repeated or turn.node is None:
            self.layout.display = "none"
            return turn
        options = tuple((_option(label, node, now), node.id) for label, node in standing.nodes[:MAX_OPTIONS])
        self._filling = True  # what follows is not people's choice
        try:
            if options != self._list.options:
                self._list.options = options
            if any(value == self._current for _, value in options) and self._list.value != self._current:
                self._list.value = self._current
        finally:
            self._filling = False
        self.layout.display = None
        return turn

    def _on_change(self, change: dict[str, object]) -> None:
        value = change["new"]
        if not self._filling and isinstance(value, str):
            self._current, self._picked = value, True
            self._on_pick()


def _option(label: str, node: NodeState, now: datetime) -> str:
    told = " · ".join(filter(None, [look_of(node).word, took(node, now) if node.phase.finished else ""]))
    return f"{one_line(label, 60)} ({told})"
