"""The graph on screen: a shell around ipycytoscape that changes classes and counts and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import ipycytoscape
import ipywidgets

from kfp_jupyter.printable import one_line
from kfp_jupyter.widget.graph_elements import Elements, classes_of, elements, label_of
from kfp_jupyter.widget.graph_style import cytoscape_style
from kfp_jupyter.widget.labels import status_appearance
from kfp_jupyter.widget.layout import Layout, Sizes, layout
from kfp_jupyter.widget.step_status import NO_STATUS, Statuses, StepStatus
from kfp_jupyter.widget.style import DIMMED, box_width
from kfp_jupyter.workflow.step_graph import Item, StepGraph, StepNode

PADDING = 16
MIN_HEIGHT, MAX_HEIGHT = 120, 900
ZOOM_FROM = 40
"""The mouse wheel zooms graphs with at least this many steps; over smaller ones it scrolls the notebook."""


class GraphView(ipywidgets.Box):
    """The steps as boxes, coloured by phase, in frames for groups.

    Args:
        on_select: Gets the path of a step or group that was clicked.
    """

    def __init__(self, on_select: Callable[[str], None]) -> None:
        super().__init__()
        self.add_class("kfp-jupyter-graph")
        self._on_select = on_select
        self._graph = StepGraph()
        self._sizes = Sizes(0, 0, 0, 0)
        self._elements = Elements({}, {}, {}, [], {})
        self._labels: dict[str, str] = {}

    def load(self, graph: StepGraph) -> Layout:
        """Draw another graph and return where everything in it is."""
        old = self._drop()
        self._graph, self._sizes = graph, _sizes(graph)
        placed = layout(graph, self._sizes)
        made = self._elements = elements(graph, placed)
        self._labels = {path: element.data["label"] for path, element in made.items.items()}
        style, frame, canvas = _canvas(graph, placed, self._sizes)
        with canvas.graph.hold_sync():
            nodes = [*made.items.values(), *made.tests.values()]
            loose = [other for other in made.others if isinstance(other, ipycytoscape.Node)]
            canvas.graph.add_nodes([*nodes, *loose])
            lines = [other for other in made.others if isinstance(other, ipycytoscape.Edge)]
            canvas.graph.add_edges([*made.edges.values(), *lines], directed=True)
        canvas.on("node", "click", lambda element: self._on_select(made.paths[element["data"]["id"]]))
        self.children = (style, frame)
        for widget in old:
            widget.close()
        return placed

    def show(self, statuses: Statuses, *, selected: str | None, ended: bool) -> None:
        """Colour by phase, count iterations and mark the selected item; only changes are sent.

        Args:
            statuses: Status of each step and group, by path.
            selected: Path of the selected step or group; None for none.
            ended: Whether the run has ended.
        """
        dim: set[str] = set()
        for item in self._graph.items:
            own = statuses.get(item.path, NO_STATUS)
            appearance = status_appearance(own, ended=ended)
            if appearance in DIMMED:
                dim.add(item.path)
            classes = classes_of(self._graph, item, appearance, selected=item.path == selected)
            _set_classes(self._elements.items[item.path], classes)
            self._set_label(item, own)
        for path, element in self._elements.tests.items():
            _set_classes(element, "test ghost" if path in dim else "test")
        for ends, element in self._elements.edges.items():
            _set_classes(element, f"{element.classes.removesuffix(' dim')}{'' if dim.isdisjoint(ends) else ' dim'}")

    def close(self) -> None:
        """End the widget and all elements."""
        for widget in self._drop():
            widget.close()
        super().close()

    def _set_label(self, item: Item, own: StepStatus) -> None:
        label = label_of(self._graph, item, own, self._width(item))
        if self._labels[item.path] != label:
            self._labels[item.path] = label
            element = self._elements.items[item.path]
            element.data = {**element.data, "label": label}  # set as a whole: a change inside it would not be sent

    def _width(self, item: Item) -> float:
        resource = isinstance(item, StepNode) and item.resource
        return self._sizes.resource_width if resource else self._sizes.step_width

    def _drop(self) -> list[ipywidgets.Widget]:
        """Forget what is on screen and return it, to be closed when something else is there."""
        frames = [child for child in self.children if isinstance(child, ipywidgets.Box)]
        canvases = [canvas for frame in frames for canvas in frame.children]
        graphs = [canvas.graph for canvas in canvases if isinstance(canvas, ipycytoscape.CytoscapeWidget)]
        old = [*self._elements.widgets, *graphs, *canvases, *self.children]
        self._graph, self._elements, self._labels = StepGraph(), Elements({}, {}, {}, [], {}), {}
        return old


def _sizes(graph: StepGraph) -> Sizes:
    width = box_width(one_line(node.label, 60) for node in graph.nodes)
    return Sizes(width, max(width, box_width(node.resource for node in graph.nodes)), 38, 52)


def _canvas(
    graph: StepGraph, placed: Layout, sizes: Sizes
) -> tuple[ipywidgets.HTML, ipywidgets.Box, ipycytoscape.CytoscapeWidget]:
    """Return the style sheet that sizes an empty canvas, the frame around it, and the canvas.

    The size comes by a class and not by the widget's layout, which reaches the browser after the graph was fitted
    into its box. A canvas no wider than the graph stays centred whatever the width of the notebook. Where the
    notebook is narrower, the graph gets smaller in a canvas as high as before; its frame hides what that leaves empty.
    """
    width = round(placed.width + 2 * PADDING)
    natural = round(placed.height + 2 * PADDING)
    height = min(MAX_HEIGHT, max(MIN_HEIGHT, natural))
    name = f"kfp-jupyter-canvas-{width}x{height}"
    many = len(graph.nodes) >= ZOOM_FROM
    canvas = ipycytoscape.CytoscapeWidget(
        cytoscape_layout={"name": "preset", "padding": PADDING, "fit": True, "animate": False},
        cytoscape_style=cytoscape_style(sizes),
        min_zoom=0.1,
        max_zoom=2.0 if many else 1.0,
        user_zooming_enabled=many,
        auto_ungrabify=True,
        tooltip_source="",  # its tooltips are HTML made of data; none is wanted
    ).add_class(name)
    frame = ipywidgets.Box([canvas]).add_class("kfp-jupyter-frame").add_class(f"{name}-frame")
    rules = (
        f".kfp-jupyter-graph .{name}.custom-widget{{width:{width}px;height:{height}px}}"
        f".kfp-jupyter-graph .{name}-frame{{max-width:{width}px;max-height:{height}px;"
        f"aspect-ratio:{width}/{max(MIN_HEIGHT, natural)}}}"
    )
    return ipywidgets.HTML(f"<style>{rules}</style>").add_class("kfp-jupyter-style"), frame, canvas


def _set_classes(element: ipycytoscape.Node | ipycytoscape.Edge, classes: str) -> None:
    if element.classes != classes:
        element.classes = classes
