"""The graph on screen: a shell around ipycytoscape that changes classes and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ipycytoscape
import ipywidgets

from kfp_jupyter.runs import NodeState
from kfp_jupyter.widget.elements import StepGraph
from kfp_jupyter.widget.layout import layers
from kfp_jupyter.widget.style import NODE_HEIGHT, box_width, cytoscape_style, look_of
from kfp_jupyter.widget.text import one_line

GAP_X, GAP_Y, PADDING = 26, 40, 16
MIN_HEIGHT, MAX_HEIGHT = 120, 640
ZOOM_FROM = 40
"""From so many steps on the wheel zooms; below it scrolls the notebook, as people expect."""


class GraphView(ipywidgets.Box):
    """The steps as boxes, coloured by phase.

    Args:
        on_select: Gets the path of a step that was clicked.
    """

    def __init__(self, on_select: Callable[[str], None]) -> None:
        super().__init__()
        self.add_class("kfp-jupyter-graph")
        self._on_select = on_select
        self._graph: StepGraph | None = None
        self._nodes: dict[str, ipycytoscape.Node] = {}
        self._edges: list[ipycytoscape.Edge] = []

    def load(self, graph: StepGraph) -> None:
        """Draw another graph, unless it is the one on screen."""
        if graph == self._graph:
            return
        old = self._drop()
        self._graph = graph
        ids = {node.path: f"n{index}" for index, node in enumerate(graph.nodes)}
        # Data given to a constructor travels with the element's first message; set later it would be lost.
        self._nodes = {
            node.path: ipycytoscape.Node(
                data={"id": ids[node.path], "label": one_line(node.label, 60)}, grabbable=False
            )
            for node in graph.nodes
        }
        self._edges = [
            ipycytoscape.Edge(data={"id": f"e{i}", "source": ids[a], "target": ids[b]}, classes="directed")
            for i, (a, b) in enumerate(graph.edges)
        ]
        style, canvas = _canvas(graph)
        with canvas.graph.hold_sync():
            canvas.graph.add_nodes(list(self._nodes.values()))
            canvas.graph.add_edges(self._edges, directed=True)
        paths = {id_: path for path, id_ in ids.items()}
        canvas.on("node", "click", lambda element: self._on_select(paths[element["data"]["id"]]))
        self.show({}, selected=None, ended=False)
        self.children = (style, canvas)
        for widget in old:
            widget.close()

    def show(self, steps: Mapping[str, NodeState | None], *, selected: str | None, ended: bool) -> None:
        """Colour the steps by phase and mark the selected one; only steps that look different are sent."""
        for path, element in self._nodes.items():
            classes = f"phase-{look_of(steps.get(path), ended=ended).key}"
            if path == selected:
                classes += " selected"
            if element.classes != classes:
                element.classes = classes

    def close(self) -> None:
        """End the widget and all elements."""
        for widget in self._drop():
            widget.close()
        super().close()

    def _drop(self) -> list[ipywidgets.Widget]:
        """Forget what is on screen and return it, to be closed when something else is there."""
        graphs = [child.graph for child in self.children if isinstance(child, ipycytoscape.CytoscapeWidget)]
        old = [*self._nodes.values(), *self._edges, *graphs, *self.children]
        self._graph, self._nodes, self._edges = None, {}, []
        return old


def _canvas(graph: StepGraph) -> tuple[ipywidgets.HTML, ipycytoscape.CytoscapeWidget]:
    """Return an empty canvas as large as the graph, and the style sheet that says so.

    The size comes by a class and not by the widget's layout, which reaches the browser after the graph was fitted
    into its box. A canvas no wider than the graph stays centred whatever the width of the notebook.
    """
    box = box_width(one_line(node.label, 60) for node in graph.nodes)
    rows = layers(graph)
    widest = max(map(len, rows), default=1)
    width = widest * (box + GAP_X) + 2 * PADDING + min(300, 24 * _long_edges(graph, rows))
    height = min(MAX_HEIGHT, max(MIN_HEIGHT, len(rows) * (NODE_HEIGHT + GAP_Y) - GAP_Y + 2 * PADDING + 8))
    name = f"kfp-jupyter-canvas-{width}x{height}"
    many = len(graph.nodes) >= ZOOM_FROM
    canvas = ipycytoscape.CytoscapeWidget(
        cytoscape_layout={
            "name": "dagre",
            "rankDir": "TB",
            "nodeSep": GAP_X,
            "rankSep": GAP_Y,
            "padding": PADDING,
            "fit": True,
            "animate": False,
        },
        cytoscape_style=cytoscape_style(box),
        min_zoom=0.1,
        max_zoom=2.0 if many else 1.0,
        user_zooming_enabled=many,
        auto_ungrabify=True,
        tooltip_source="",  # its tooltips are HTML made of data; none is wanted
    ).add_class(name)
    rule = f".kfp-jupyter-graph .{name}.custom-widget{{width:{width}px;height:{height}px}}"
    return ipywidgets.HTML(f"<style>{rule}</style>").add_class("kfp-jupyter-style"), canvas


def _long_edges(graph: StepGraph, rows: list[list[str]]) -> int:
    """Return how many edges pass a row; they need room beside its boxes."""
    row_of = {path: index for index, row in enumerate(rows) for path in row}
    return sum(row_of[target] - row_of[source] > 1 for source, target in graph.edges)
