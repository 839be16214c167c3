"""Steps, groups, tests and edges as ipycytoscape's widgets, each where the layout puts it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import ipycytoscape

from kfp_jupyter.printable import one_line
from kfp_jupyter.widget.graph_style import LETTER
from kfp_jupyter.widget.labels import group_title, step_note
from kfp_jupyter.widget.layout import Box, Layout, Point, has_note, truncate_title
from kfp_jupyter.widget.step_status import NO_STATUS, StepStatus
from kfp_jupyter.widget.style import NOT_STARTED, Appearance
from kfp_jupyter.workflow.step_graph import ON_EXIT, GroupNode, Item, StepGraph, StepNode


@dataclasses.dataclass(frozen=True, slots=True)
class Elements:
    """What a graph is made of on screen.

    Attributes:
        items: Path of a step or group → its node.
        tests: Path of a step or group → the node of the test on the way into it.
        edges: The edges by the paths they lead from and to.
        others: What only holds other things in place.
        paths: Id of a node → what it belongs to.
    """

    items: dict[str, ipycytoscape.Node]
    tests: dict[str, ipycytoscape.Node]
    edges: dict[tuple[str, str], ipycytoscape.Edge]
    others: list[ipycytoscape.Node | ipycytoscape.Edge]
    paths: dict[str, str]

    @property
    def widgets(self) -> list[ipycytoscape.Node | ipycytoscape.Edge]:
        """All of them."""
        return [*self.items.values(), *self.tests.values(), *self.edges.values(), *self.others]


def elements(graph: StepGraph, placed: Layout) -> Elements:
    """Return the elements of a graph.

    Args:
        graph: Steps and groups of the pipeline.
        placed: Where everything goes.
    """
    ids = {item.path: f"n{index}" for index, item in enumerate(graph.items)}
    found = Elements({}, {}, {}, [], {id_: path for path, id_ in ids.items()})
    for item in graph.items:
        box = placed.boxes[item.path]
        found.items[item.path] = _node(
            ids[item.path], box, classes_of(graph, item, NOT_STARTED), label_of(graph, item, NO_STATUS, box.width)
        )
    for item in graph.items:
        if item.path in placed.tests:
            id_ = f"t{ids[item.path]}"
            found.paths[id_] = item.path
            found.tests[item.path] = _node(id_, placed.tests[item.path], "test", truncate_title(item.test))
    for index, (source, target) in enumerate(graph.edges):
        ends = placed.boxes[source].centre, placed.boxes[target].centre
        data: dict[str, object] = {"id": f"e{index}", "source": ids[source], "target": ids[target]}
        kinds = "directed exit" if target == ON_EXIT else "directed"
        found.edges[source, target] = _edge(data, kinds, placed.routes[source, target], ends)
    for path, way in placed.loops.items():
        found.others.extend(_way_back(ids[path], way))
    return found


def classes_of(graph: StepGraph, item: Item, appearance: Appearance, *, selected: bool = False) -> str:
    """Return an element's CSS classes: its kind and its status.

    Args:
        graph: Steps and groups of the pipeline.
        item: The step or group.
        appearance: How it is shown.
        selected: Whether it is selected.
    """
    group = isinstance(item, GroupNode)
    names = {
        "group": group,
        "tall": has_note(graph, item),
        "resource": isinstance(item, StepNode) and bool(item.resource),
        f"{'group' if group else 'phase'}-{appearance.key}": True,
        "selected": selected,
    }
    return " ".join(name for name, wanted in names.items() if wanted)


def label_of(graph: StepGraph, item: Item, status: StepStatus, width: float) -> str:
    """Return an element's label; two lines are truncated to the box here, a single one on screen.

    Args:
        graph: Steps and groups of the pipeline.
        item: The step or group.
        status: Status of the step or group.
        width: Width of its box in pixels.
    """
    if isinstance(item, GroupNode):
        return group_title(graph, item, status)
    note = step_note(graph, item, status) if has_note(graph, item) else ""
    letters = int((width - 46) / LETTER)
    return f"{one_line(item.label, letters)}\n{one_line(note, letters)}" if note else one_line(item.label, 60)


def _node(id_: str, box: Box, kinds: str, label: str) -> ipycytoscape.Node:
    # Data given to a constructor travels with the element's first message; set later it would be lost.
    data: dict[str, object] = {"id": id_, "label": label}
    if kinds.startswith(("group", "test")):
        data |= {"width": box.width, "height": box.height, "inset": 12 - box.width}
    x, y = box.centre
    return ipycytoscape.Node(data=data, classes=kinds, position={"x": x, "y": y}, grabbable=False)


def _edge(data: dict[str, object], kinds: str, way: Sequence[Point], ends: tuple[Point, Point]) -> ipycytoscape.Edge:
    corners = way[1:-1]
    if corners:
        kinds = f"{kinds} bent"
        data |= _bends(corners, *ends)
    return ipycytoscape.Edge(data=data, classes=kinds)


def _bends(corners: Sequence[Point], start: Point, end: Point) -> dict[str, object]:
    """Return corners as cytoscape has them: how far along the line between two nodes, and how far beside it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    square = dx * dx + dy * dy or 1.0
    length = square**0.5
    away = [(x - start[0], y - start[1]) for x, y in corners]
    return {
        "weights": " ".join(f"{(x * dx + y * dy) / square:.4f}" for x, y in away),
        "distances": " ".join(f"{(y * dx - x * dy) / length:.2f}" for x, y in away),
    }


def _way_back(step: str, way: Sequence[Point]) -> list[ipycytoscape.Node | ipycytoscape.Edge]:
    """Return the line from a step that runs a group again to the group: a line into what holds its own beginning.

    Cytoscape has no such lines, so it leads from one point to another.
    """
    ids = f"{step}-from", f"{step}-to"
    points = [
        ipycytoscape.Node(data={"id": id_, "label": ""}, classes="corner", position={"x": x, "y": y}, grabbable=False)
        for id_, (x, y) in zip(ids, (way[0], way[-1]), strict=True)
    ]
    data: dict[str, object] = {"id": f"{step}-again", "source": ids[0], "target": ids[1]}
    return [*points, ipycytoscape.Edge(data=data | _bends(way[1:-1], way[0], way[-1]), classes="directed again")]
