"""Which iteration of a step the details show: the one that the user picked, or the most urgent one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import ipywidgets

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import NodeState
from kfp_jupyter.widget.step_status import Iteration, StepStatus, most_urgent
from kfp_jupyter.widget.style import elapsed, node_appearance

MAX_OPTIONS = 500


def iteration_to_show(status: StepStatus, current: str | None, *, picked: bool) -> Iteration:
    """Return the iteration that the details show.

    Args:
        status: The step's status.
        current: Id of the node shown now; None for none.
        picked: Whether the user picked it; otherwise another one is shown once it is done or another has failed.
    """
    known = [iteration for iteration in status.iterations if iteration.node is not None]
    now = next((iteration for iteration in known if iteration.node and iteration.node.id == current), None)
    urgent = most_urgent(known)
    if urgent is None or urgent.node is None:
        return Iteration()
    if now is not None and now.node is not None:
        stays = picked or (not now.node.phase.finished and not urgent.node.phase.bad)
        return now if stays or now.node.phase == urgent.node.phase else urgent
    return urgent


class IterationPicker(ipywidgets.Box):
    """A list of the iterations to choose from; hidden if there is one.

    Args:
        on_pick: Called when the user has picked another.
    """

    def __init__(self, on_pick: Callable[[], None]) -> None:
        self._list = ipywidgets.Dropdown(description="Iteration", layout={"width": "auto"})
        super().__init__([self._list])
        self.add_class("kfp-jupyter-iterations")
        self._on_pick = on_pick
        self._current: str | None = None
        self._picked = False
        self._filling = False
        self._list.observe(self._on_change, names="value")
        self.clear()

    def clear(self) -> None:
        """Forget what was picked."""
        self._current, self._picked = None, False
        self.layout.display = "none"

    def show(self, status: StepStatus, now: datetime) -> Iteration:
        """Offer the iterations, and return the one to show.

        Args:
            status: Status of the step or group.
            now: The current time.
        """
        iteration = iteration_to_show(status, self._current, picked=self._picked)
        self._current = iteration.node.id if iteration.node else None
        if not status.repeated or iteration.node is None:
            self.layout.display = "none"
            return iteration
        options = tuple((_option(label, node, now), node.id) for label, node in status.nodes[:MAX_OPTIONS])
        self._filling = True  # what follows is not the user's choice
        try:
            if options != self._list.options:
                self._list.options = options
            if any(value == self._current for _, value in options) and self._list.value != self._current:
                self._list.value = self._current
        finally:
            self._filling = False
        self.layout.display = None
        return iteration

    def _on_change(self, change: dict[str, object]) -> None:
        value = change["new"]
        if not self._filling and isinstance(value, str):
            self._current, self._picked = value, True
            self._on_pick()


def _option(label: str, node: NodeState, now: datetime) -> str:
    told = " · ".join(filter(None, [node_appearance(node).word, elapsed(node, now) if node.phase.finished else ""]))
    return f"{one_line(label, 60)} ({told})"
