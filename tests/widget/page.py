"""A run view as a person has it before them: what stands in it, and what can be pressed, chosen and typed.

Everything is found as a browser finds it, by the class names of widgets and by what is written on them: how a view
keeps its parts is its own business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ipycytoscape
import ipywidgets

_ITEM, _TEST = re.compile(r"n\d+"), re.compile(r"tn\d+")
"""Ids of the nodes that stand for steps and groups, and of those for tests on the way into them."""


class Page:
    """One view, or a part of one, as it is on screen at each moment.

    Args:
        shown: Its widget.
    """

    def __init__(self, shown: ipywidgets.Widget) -> None:
        self._shown = shown

    @property
    def title(self) -> str:
        """The pipeline's name, as HTML; so are all texts below."""
        return self._html("title")

    @property
    def progress(self) -> str:
        """The line that says how the run stands."""
        return self._html("progress")

    @property
    def banner(self) -> str:
        """Why the run failed, or what the view says against the last attempt."""
        return self._html("banner")

    @property
    def trouble(self) -> str:
        """What hinders the view now."""
        return self._html("trouble")

    @property
    def replaced(self) -> str:
        """What says that another cell has made the pipeline anew."""
        return self._html("replaced")

    @property
    def summary(self) -> str:
        """The metrics of all steps."""
        return self._html("summary")

    @property
    def submit(self) -> Button:
        """Submit run."""
        return self._button("submit")

    @property
    def stop(self) -> Button:
        """Stop."""
        return self._button("stop")

    @property
    def suspend(self) -> Button:
        """Suspend or Resume."""
        return self._button("suspend")

    @property
    def retry(self) -> Button:
        """Retry."""
        return self._button("retry")

    @property
    def steps(self) -> list[Button]:
        """The buttons of the steps."""
        return [Button(widget) for widget in _found(self._shown, "step")]

    def step(self, label: str) -> Button:
        """Return the button of the step with this label."""
        (button,) = [step for step in self.steps if step.description.partition("  ")[0] == label]
        return button

    @property
    def behind_steps(self) -> str:
        """What stands behind the last of these buttons."""
        (row,) = _found(self._shown, "steps")
        return str(row.children[-1].value)

    @property
    def step_list(self) -> str:
        """The same steps as a list, for those who can't see the graph."""
        (row,) = _found(self._shown, "steps")
        (around,) = [box for box in _all(self._shown) if isinstance(box, ipywidgets.Box) and row in box.children]
        (listed,) = [child for child in around.children if child is not row]
        return str(listed.value)

    @property
    def items(self) -> list[ipycytoscape.Node]:
        """The graph's nodes for steps and groups, in the order in which they are drawn."""
        return [node for node in self._nodes if _ITEM.fullmatch(node.data["id"])]

    @property
    def tests(self) -> list[ipycytoscape.Node]:
        """The graph's nodes for tests on the way into steps and groups."""
        return [node for node in self._nodes if _TEST.fullmatch(node.data["id"])]

    @property
    def edges(self) -> list[ipycytoscape.Edge]:
        """The graph's edges between steps and groups."""
        return [edge for edge in self._canvas.graph.edges if _ITEM.fullmatch(edge.data["source"])]

    def item(self, label: str) -> ipycytoscape.Node:
        """Return the graph's node whose first line is this."""
        (node,) = [node for node in self.items if label_of(node) == label]
        return node

    def click_node(self, node: ipycytoscape.Node) -> None:
        """Click on a node of the graph, as the browser tells of it."""
        told = {"event": "click", "widget": "node", "data": {"data": node.data}}
        # ipywidgets has no other way to be told something without a browser.
        self._canvas._handle_custom_msg(told, [])  # noqa: SLF001

    @property
    def details(self) -> str:
        """All that is said of the chosen step."""
        (pane,) = _found(self._shown, "details")
        return "\n".join(widget.value for widget in _all(pane) if isinstance(widget, ipywidgets.HTML))

    @property
    def iterations(self) -> ipywidgets.Dropdown:
        """The list of the turns of a loop."""
        (around,) = _found(self._shown, "iterations")
        return around.children[0]

    @property
    def log(self) -> str:
        """The log on screen."""
        (box,) = _found(self._log, "log-box")
        return "".join(widget.value for widget in _all(box) if isinstance(widget, ipywidgets.HTML))

    @property
    def log_title(self) -> str:
        """What stands above the log."""
        return str(self._log.children[0].value)

    @property
    def log_is_there(self) -> bool:
        """Whether there is a log at all."""
        return bool(self._log.layout.display != "none")

    def field(self, name: str) -> Field:
        """Return the field of a parameter."""
        fields = [Field(widget) for widget in _found(self._shown, "field")]
        (field,) = [field for field in fields if field.name == name]
        return field

    @property
    def name_run(self) -> ipywidgets.ToggleButton:
        """The button that shows and hides the fields for the run's name and experiment."""
        (button,) = _found(self._shown, "name-run")
        return button

    @property
    def run_name(self) -> ipywidgets.Text:
        """The field for the run's name."""
        return self._names.children[0]

    @property
    def experiment(self) -> ipywidgets.Text:
        """The field for the run's experiment."""
        return self._names.children[1]

    @property
    def shows_names(self) -> bool:
        """Whether these fields are to be seen."""
        return bool(self._names.layout.display != "none")

    @property
    def _names(self) -> ipywidgets.HBox:
        (row,) = _found(self._shown, "names")
        return row

    @property
    def _canvas(self) -> ipycytoscape.CytoscapeWidget:
        (canvas,) = [widget for widget in _all(self._shown) if isinstance(widget, ipycytoscape.CytoscapeWidget)]
        return canvas

    @property
    def _nodes(self) -> list[ipycytoscape.Node]:
        # Where nothing is known of a pipeline, nothing is drawn.
        drawn = [widget for widget in _all(self._shown) if isinstance(widget, ipycytoscape.CytoscapeWidget)]
        return [node for canvas in drawn for node in canvas.graph.nodes]

    @property
    def _log(self) -> ipywidgets.Box:
        (pane,) = _found(self._shown, "log")
        return pane

    def _html(self, part: str) -> str:
        (widget,) = _found(self._shown, part)
        return str(widget.value)

    def _button(self, name: str) -> Button:
        (widget,) = _found(self._shown, name)
        return Button(widget)


class Button:
    """A button.

    Args:
        widget: The widget.
    """

    def __init__(self, widget: ipywidgets.Button) -> None:
        self._widget = widget

    @property
    def description(self) -> str:
        """What is written on it."""
        return str(self._widget.description)

    @property
    def tooltip(self) -> str:
        """What is said where the mouse rests on it."""
        return str(self._widget.tooltip)

    @property
    def disabled(self) -> bool:
        """Whether it can't be pressed."""
        return bool(self._widget.disabled)

    @property
    def is_there(self) -> bool:
        """Whether it is on screen."""
        return bool(self._widget.layout.display != "none")

    @property
    def classes(self) -> tuple[str, ...]:
        """Its class names."""
        return _classes(self._widget)

    def click(self) -> None:
        """Press it."""
        self._widget.click()


class Field:
    """A parameter to fill in.

    Args:
        widget: The widget.
    """

    def __init__(self, widget: ipywidgets.Box) -> None:
        self._input, self._problem = widget.children

    @property
    def name(self) -> str:
        """The parameter's."""
        return str(self._input.description).partition(" ")[0]

    @property
    def problem(self) -> str:
        """What is wrong with what was typed."""
        return str(self._problem.value)

    def type(self, value: Any) -> None:
        """Put something else into it."""
        self._input.value = value


def label_of(node: ipycytoscape.Node) -> str:
    """Return the first line on a node of the graph."""
    return str(node.data["label"]).partition("\n")[0]


def _found(widget: ipywidgets.Widget, name: str) -> list[Any]:
    return [each for each in _all(widget) if f"kfp-jupyter-{name}" in _classes(each)]


def _all(widget: ipywidgets.Widget) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _all(child)


def _classes(widget: ipywidgets.Widget) -> tuple[str, ...]:
    return tuple(getattr(widget, "_dom_classes", ()))
