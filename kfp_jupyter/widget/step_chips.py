"""The steps as a row of buttons: the graph for the keyboard and for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import ipywidgets

from kfp_jupyter.printable import count, one_line, printable
from kfp_jupyter.widget.labels import short_label, status_appearance, tooltip
from kfp_jupyter.widget.progress import step_list_html
from kfp_jupyter.widget.step_status import NO_STATUS, Statuses
from kfp_jupyter.widget.style import APPEARANCES
from kfp_jupyter.workflow.step_graph import StepGraph

MAX_CHIPS = 120


class StepChips(ipywidgets.VBox):
    """A button a step, with its phase and duration.

    Args:
        on_select: Gets the path of the step whose button was pressed.
    """

    def __init__(self, on_select: Callable[[str], None]) -> None:
        self._row = ipywidgets.HBox()
        self._row.add_class("kfp-jupyter-steps")
        self._list = ipywidgets.HTML()
        super().__init__([self._row, self._list])
        self._on_select = on_select
        self._labels: dict[str, str] = {}
        self._places: dict[str, str] = {}
        self._chips: dict[str, ipywidgets.Button] = {}

    def load(self, graph: StepGraph, order: Sequence[str]) -> None:
        """Show the steps of a graph.

        Args:
            graph: The graph.
            order: The paths of its steps in the order of their buttons.
        """
        labels = {node.path: one_line(node.label, 60) for node in graph.nodes}
        old = self._row.children
        self._labels = {path: labels[path] for path in order}
        self._places = {path: _place(graph, path) for path in order}
        shared, style = ipywidgets.Layout(), ipywidgets.ButtonStyle()  # one of each serves all buttons
        self._chips = {
            path: self._chip(path, label, shared, style) for path, label in list(self._labels.items())[:MAX_CHIPS]
        }
        more = len(self._labels) - MAX_CHIPS
        rest = [ipywidgets.Label(f"and {count(more, 'more step')} in the graph")] if more > 0 else []
        self._row.children = (*self._chips.values(), *rest)
        for widget in old:
            widget.close()

    def show(self, steps: Statuses, *, selected: str | None, ended: bool, now: datetime) -> None:
        """Bring phases and durations up to date.

        Args:
            steps: Status of each step, by path.
            selected: Path of the selected step or group; None for none.
            ended: Whether the run has ended.
            now: The current time.
        """
        for path, chip in self._chips.items():
            own = steps.get(path, NO_STATUS)
            appearance = status_appearance(own, ended=ended)
            note = short_label(own, now)
            _set(chip, "description", f"{self._labels[path]}  {note}".rstrip())
            told = tooltip(own, now)
            words = f"{self._labels[path]}: {appearance.word}{f', {told}' if told else ''}{self._places[path]}"
            _set(chip, "tooltip", printable(words))
            others = [c for c in chip._dom_classes if not c.startswith("kfp-jupyter-phase-") and c != _SELECTED]
            marks = [f"kfp-jupyter-phase-{appearance.key}", *([_SELECTED] if path == selected else [])]
            _set(chip, "_dom_classes", (*others, *marks))
        ordered = {path: steps.get(path, NO_STATUS) for path in self._labels}
        _set(self._list, "value", step_list_html(self._labels, ordered, ended=ended))

    def _chip(
        self, path: str, label: str, layout: ipywidgets.Layout, style: ipywidgets.ButtonStyle
    ) -> ipywidgets.Button:
        chip = ipywidgets.Button(description=label, layout=layout, style=style)
        chip.add_class("kfp-jupyter-step").add_class(f"kfp-jupyter-phase-{APPEARANCES[0].key}")
        chip.on_click(lambda _: self._on_select(path))
        return chip


_SELECTED = "kfp-jupyter-selected"


def _place(graph: StepGraph, path: str) -> str:
    """Return in which groups a step stands, in words that follow others."""
    around = [one_line(group.label, 60) for group in graph.groups_around(path)]
    return f"; in {', in '.join(around)}" if around else ""


def _set(widget: ipywidgets.Widget, trait: str, value: object) -> None:
    if getattr(widget, trait) != value:
        setattr(widget, trait, value)
