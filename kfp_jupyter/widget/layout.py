"""Where everything in a graph goes: the one layout of the graph on screen and of the static picture."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

from kfp_jupyter.printable import one_line
from kfp_jupyter.widget.graph_rank import Edge, Layers, assign_layers, components
from kfp_jupyter.widget.text import letters
from kfp_jupyter.widget.x_positions import x_positions
from kfp_jupyter.workflow.step_graph import GroupNode, Item, StepGraph, StepNode

Point = tuple[float, float]

MAX_WIDTH = 1060
"""How wide a layer may be, unless there is very much to show."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sizes:
    """How large things are drawn, in pixels.

    Attributes:
        step_width: Of a step that runs a program.
        resource_width: Of a step that does something to an object of the cluster.
        step_height: Of a step.
        tall_height: Of a step with a second line.
        gap_x: Between neighbours.
        gap_y: Between layers.
        side: Between a group's border and what is in it.
        header: Height of a group's title.
        test: Height of a test on an edge.
        letter: Width of a letter of titles and conditions.
    """

    step_width: float
    resource_width: float
    step_height: float
    tall_height: float
    gap_x: float = 26
    gap_y: float = 40
    side: float = 16
    header: float = 34
    test: float = 22
    letter: float = 7.0


MAX_TITLE = 46
"""Letters of a title or a test that are shown; all of it is among the details."""

_TEST_GAP, _TEST_SIDES = 10, 24
_RECURSION = 22
_COUNT_LETTERS = 14
"""Letters reserved for the count of iterations after the title."""


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes, the upper left corner being 0, 0.

    Attributes:
        boxes: Path of a step or group → its box.
        routes: Edge → the corners of its line, from the lower edge of one box to the upper edge of the other.
        loops: Path of a step that runs a group again → the corners of the line back to it.
        tests: Path of a step or group → the box of the test on the way into it.
        order: Paths of the steps as their author wrote them, or else in reading order.
        width: Of the whole.
        height: Of the whole.
    """

    boxes: Mapping[str, Box]
    routes: Mapping[Edge, tuple[Point, ...]]
    loops: Mapping[str, tuple[Point, ...]]
    tests: Mapping[str, Box]
    order: tuple[str, ...]
    width: float
    height: float


def layout(graph: StepGraph, sizes: Sizes) -> Layout:
    """Return where everything in the graph goes.

    Args:
        graph: Steps and groups of the pipeline.
        sizes: How large things are drawn.
    """
    drawing = _Drawing(graph, sizes)
    whole = drawing.measure("")
    drawing.emit(whole, 0.0, 0.0)
    loops = {node.path: drawing.way_back(node) for node in graph.nodes if node.again is not None}
    order = [node.path for node in graph.nodes] if graph.written else drawing.order
    return Layout(drawing.boxes, drawing.routes, loops, drawing.tests, tuple(order), whole.width, whole.height)


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """The content of one group, placed from its own upper left corner.

    Attributes:
        places: Path of a member → its box.
        ways: Edge → corners of its line.
        order: The members in reading order.
        inside: Path of a member that is a group → its content.
    """

    places: dict[str, Box]
    ways: dict[Edge, tuple[Point, ...]]
    order: list[str]
    inside: dict[str, _Part]
    width: float = 0.0
    height: float = 0.0


class _Drawing:
    def __init__(self, graph: StepGraph, sizes: Sizes) -> None:
        self.boxes: dict[str, Box] = {}
        self.routes: dict[Edge, tuple[Point, ...]] = {}
        self.tests: dict[str, Box] = {}
        self.order: list[str] = []
        self._graph, self._sizes = graph, sizes
        self._items = {item.path: item for item in graph.items}
        self._last = _on_the_way_back(graph)
        self._edges: dict[str, list[Edge]] = {}
        for source, target in graph.edges:
            self._edges.setdefault(self._items[target].group, []).append((source, target))

    def measure(self, group: str) -> _Part:
        """Return a group's inside; members without edges between them are placed in rows, like words."""
        members = {item.path: item for item in self._graph.members(group)}
        inside = {path: self.measure(path) for path, item in members.items() if isinstance(item, GroupNode)}
        size = {path: self._size(item, inside.get(path)) for path, item in members.items()}
        edges = self._edges.get(group, [])
        parts = []
        for names in components(members, edges):
            known = set(names)
            own = edges if len(known) == len(members) else [edge for edge in edges if edge[0] in known]
            parts.append(self._component(names, own, size))
        parts.sort(key=lambda part: not self._last.isdisjoint(part.places))
        whole = _in_lines(parts, self._sizes)
        return dataclasses.replace(whole, inside=inside)

    def emit(self, part: _Part, x: float, y: float) -> None:
        """Write down where everything in a group is, its inside being at this point."""
        for path in part.order:
            item, box = self._items[path], _moved(part.places[path], x, y)
            if self._graph.has_condition_on_edge(item):
                width = _letters(item.test, self._sizes) + _TEST_SIDES
                self.tests[path] = Box(
                    box.centre[0] - width / 2, box.y - _TEST_GAP - self._sizes.test, width, self._sizes.test
                )
            self.boxes[path] = box
            if isinstance(item, StepNode):
                self.order.append(path)
                continue
            inner = part.inside[path]
            room = box.width - 2 * self._sizes.side - (_RECURSION if item.recursive else 0)
            left = box.x + self._sizes.side + (room - inner.width) / 2
            self.emit(inner, left, box.y + self._sizes.header)
        for edge, way in part.ways.items():
            self.routes[edge] = tuple((px + x, py + y) for px, py in way)

    def way_back(self, node: StepNode) -> tuple[Point, ...]:
        """Return the line from a step to the title of the group that it runs again."""
        box, target = self.boxes[node.path], self.boxes[node.again or ""]
        right, title = target.x + target.width - _RECURSION / 2 - 1, target.y + self._sizes.header / 2
        below, middle = box.bottom + self._sizes.side / 2, box.centre[0]
        return (middle, box.bottom), (middle, below), (right, below), (right, title), (right - 16, title)

    def _size(self, item: Item, inside: _Part | None) -> tuple[float, float]:
        sizes = self._sizes
        if inside is None or isinstance(item, StepNode):
            tall, resource = has_note(self._graph, item), isinstance(item, StepNode) and item.resource
            width = sizes.resource_width if resource else sizes.step_width
            return width, sizes.tall_height if tall else sizes.step_height
        extra = _RECURSION if item.recursive else 0
        counted = _COUNT_LETTERS * sizes.letter if item.loop or item.recursive else 0
        title = _letters(self._graph.title(item), sizes) + 34 + counted + extra
        width = max(inside.width + 2 * sizes.side + extra, title)
        return width, sizes.header + inside.height + sizes.side

    def _component(self, names: list[str], edges: list[Edge], size: Mapping[str, tuple[float, float]]) -> _Part:
        sizes = self._sizes
        tests = {name: self._items[name].test for name in names if self._graph.has_condition_on_edge(self._items[name])}
        # A test may be wider than what it leads to.
        widths = {name: max(size[name][0], _letters(tests.get(name, ""), sizes) + _TEST_SIDES) for name in names}
        most = max(MAX_WIDTH, 1.6 * math.sqrt(sum((w + sizes.gap_x) * size[n][1] * 2 for n, w in widths.items())))
        found = assign_layers(
            names, edges, {name: width + sizes.gap_x for name, width in widths.items()}, most, self._last
        )
        x = x_positions(found, widths, sizes.gap_x)
        left = min(x[name] - widths.get(name, 0) / 2 for name in x)
        places: dict[str, Box] = {}
        spans: dict[str, tuple[float, float]] = {}
        y = 0.0
        for row in found.rows:
            zone = max((sizes.test + _TEST_GAP + 8 for name in row if name in tests), default=0.0)
            height = max((size[name][1] for name in row if name in size), default=0.0)
            for name in row:
                if name in size:
                    width, own = size[name]
                    places[name] = Box(x[name] - left - width / 2, y + zone, width, own)
                spans[name] = (y, y + zone + height)
            y += zone + height + sizes.gap_y
        right = max(x[name] + widths.get(name, 0) / 2 for name in x)
        middles = {name: middle - left for name, middle in x.items()}
        ways = {edge: _way(edge, found, middles, places, spans) for edge in edges}
        order = [name for row in found.rows for name in row if name in size]
        return _Part(places, ways, order, {}, right - left, y - sizes.gap_y)


def has_note(graph: StepGraph, step: Item) -> bool:
    """Whether a step's box has a second line: its resource, condition or iterations.

    Args:
        graph: Steps and groups of the pipeline.
        step: The step or group.
    """
    if isinstance(step, GroupNode):
        return False
    around = graph.groups_around(step.path)
    repeated = bool(step.loop) or any(group.loop or group.recursive for group in around)
    return repeated or bool(step.resource) or (bool(step.test) and not graph.has_condition_on_edge(step))


def truncate_title(text: str) -> str:
    """Return a title or a condition, truncated to the available width."""
    return one_line(text, MAX_TITLE)


def _letters(text: str, sizes: Sizes) -> float:
    return letters(truncate_title(text)) * sizes.letter


def _on_the_way_back(graph: StepGraph) -> frozenset[str]:
    """Return the items with a recursion edge: placed rightmost, so that the edge crosses nothing."""
    found: set[str] = set()
    for node in graph.nodes:
        if node.again is not None:
            inside = [group.path for group in graph.groups_around(node.path)]
            found |= {node.path, *inside[: inside.index(node.again)]}
    return frozenset(found)


def _moved(box: Box, x: float, y: float) -> Box:
    return Box(box.x + x, box.y + y, box.width, box.height)


def _way(
    edge: Edge,
    found: Layers,
    x: Mapping[str, float],
    places: Mapping[str, Box],
    spans: Mapping[str, tuple[float, float]],
) -> tuple[Point, ...]:
    """Return the corners of an edge: slanting between layers, upright inside them, so that it meets no box."""
    source, target = edge
    corners = [(x[source], places[source].bottom), (x[source], spans[source][1])]
    for name in found.ways.get(edge, ()):
        corners += [(x[name], spans[name][0]), (x[name], spans[name][1])]
    corners += [(x[target], spans[target][0]), (x[target], places[target].y)]
    kept = [corners[0]]
    for point, following in zip(corners[1:], [*corners[2:], None], strict=True):
        straight = following is not None and kept[-1][0] == point[0] == following[0]
        if point != kept[-1] and not straight:
            kept.append(point)
    return tuple(kept)


def _in_lines(parts: Sequence[_Part], sizes: Sizes) -> _Part:
    """Return parts beside and below each other."""
    area = sum((part.width + sizes.gap_x) * (part.height + sizes.gap_y) for part in parts)
    most = max(MAX_WIDTH, 1.3 * math.sqrt(area))
    whole = _Part({}, {}, [], {})
    x = y = line = width = 0.0
    for part in parts:
        if x and x + part.width > most:
            x, y, line = 0.0, y + line + sizes.gap_y, 0.0
        whole.places.update({path: _moved(box, x, y) for path, box in part.places.items()})
        whole.ways.update({edge: tuple((px + x, py + y) for px, py in way) for edge, way in part.ways.items()})
        whole.order.extend(part.order)
        width, line = max(width, x + part.width), max(line, part.height)
        x += part.width + sizes.gap_x
    return dataclasses.replace(whole, width=width, height=y + line)
