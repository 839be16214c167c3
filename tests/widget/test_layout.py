"""Nothing lies on anything else, and every edge leads down, past all boxes."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.widget.layout import MAX_WIDTH, Box, Layout, Point, Sizes, layout
from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.step_graph import GroupNode, Item, StepGraph, StepNode
from tests.widget.groups import argo_run
from tests.widget.memory_engine import workflow

SIZES = Sizes(150, 200, 38, 52)
GOLDEN = sorted((Path(__file__).parents[1] / "golden").rglob("*.yaml"))
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SLACK = 0.01


@st.composite
def graphs(draw: st.DrawFn) -> StepGraph:
    """Any graph without a cycle, its steps in groups in groups."""
    groups: list[GroupNode] = []
    for index in range(draw(st.integers(0, 5))):
        around = draw(st.sampled_from(["", *(group.path for group in groups)]))
        test, loop = draw(st.sampled_from([("", ""), ("a == b", ""), ("", "[1, 2, 3]")]))
        groups.append(GroupNode(f"g{index}", "loop" if loop else "condition", "", "g", around, test, loop))
    places = st.sampled_from(["", *(group.path for group in groups)])
    nodes = [StepNode(f"s{i}", f"s{i}", "s", draw(places)) for i in range(draw(st.integers(0, 12)))]
    every: list[Item] = [*groups, *nodes]
    items = sorted(every, key=lambda item: item.path)
    pairs = [(a.path, b.path) for a, b in itertools.combinations(items, 2) if a.group == b.group]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return StepGraph(tuple(nodes), tuple(edges), tuple(groups))


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x + SLACK
        or other.x + other.width <= one.x + SLACK
        or one.bottom <= other.y + SLACK
        or other.bottom <= one.y + SLACK
    )


def inside(inner: Box, outer: Box) -> bool:
    return (
        inner.x >= outer.x - SLACK
        and inner.y >= outer.y - SLACK
        and inner.x + inner.width <= outer.x + outer.width + SLACK
        and inner.bottom <= outer.bottom + SLACK
    )


def crosses(start: Point, end: Point, box: Box) -> bool:
    """Whether a line that only goes down crosses a box: looked at in many places."""
    for part in range(1, 40):
        x = start[0] + (end[0] - start[0]) * part / 40
        y = start[1] + (end[1] - start[1]) * part / 40
        if box.x + 1 < x < box.x + box.width - 1 and box.y + 1 < y < box.bottom - 1:
            return True
    return False


def check(graph: StepGraph, placed: Layout) -> None:
    whole = Box(0, 0, placed.width, placed.height)
    for item in graph.items:
        assert inside(placed.boxes[item.path], placed.boxes[item.group] if item.group else whole)
    for group in {"", *(group.path for group in graph.groups)}:
        members = [item.path for item in graph.members(group)]
        things = [*(placed.boxes[path] for path in members), *(placed.tests[p] for p in members if p in placed.tests)]
        assert all(apart(one, other) for one, other in itertools.combinations(things, 2))
        for edge in [edge for edge in graph.edges if edge[0] in members]:
            way = placed.routes[edge]
            assert all(start[1] <= end[1] + SLACK for start, end in itertools.pairwise(way))
            others = [placed.boxes[path] for path in members if path not in edge]
            assert not any(crosses(*line, box) for line in itertools.pairwise(way) for box in others)


@given(graphs())
def test_boxes_stand_apart_in_their_groups_and_no_edge_crosses_one(graph: StepGraph) -> None:
    check(graph, layout(graph, SIZES))


@pytest.mark.parametrize("name", ["", "failed", "repeated", "retried"])
def test_what_kfp_compiles_is_laid_out_so(name: str) -> None:
    graph = step_graph(argo_run(name))

    check(graph, layout(graph, SIZES))


def test_all_golden_pipelines_are_laid_out_so() -> None:
    for path in GOLDEN:
        graph = step_graph(yaml.load(path.read_text(), LOADER))
        check(graph, layout(graph, SIZES))


@given(graphs())
def test_every_step_is_read_once(graph: StepGraph) -> None:
    assert sorted(layout(graph, SIZES).order) == sorted(node.path for node in graph.nodes)


def test_steps_are_read_in_the_order_in_which_they_run() -> None:
    graph = step_graph(workflow({"d": ["c"], "b": ["a"], "c": ["b"], "a": []}))

    assert layout(graph, SIZES).order == ("a", "b", "c", "d")


def test_neighbours_stand_above_each_other() -> None:
    graph = step_graph(workflow({"l": [], "r": [], "below-r": ["r"], "below-l": ["l"], "end": ["below-l", "below-r"]}))
    boxes = layout(graph, SIZES).boxes

    assert boxes["l"].centre[0] == pytest.approx(boxes["below-l"].centre[0])
    assert boxes["r"].centre[0] == pytest.approx(boxes["below-r"].centre[0])
    assert boxes["end"].centre[0] == pytest.approx((boxes["l"].centre[0] + boxes["r"].centre[0]) / 2)


def test_a_wide_fan_goes_on_below_itself() -> None:
    names = [f"s{i}" for i in range(40)]
    graph = step_graph(workflow({"load": [], **{name: ["load"] for name in names}, "end": names}))
    placed = layout(graph, SIZES)

    check(graph, placed)
    assert placed.width < 1.6 * MAX_WIDTH


def test_steps_without_edges_stand_in_lines() -> None:
    placed = layout(step_graph(workflow({f"s{i}": [] for i in range(40)})), SIZES)

    assert placed.width <= MAX_WIDTH


def test_the_line_back_of_a_recursion_crosses_no_step() -> None:
    graph = step_graph(argo_run("repeated"))
    placed = layout(graph, SIZES)
    ((path, way),) = placed.loops.items()

    assert way[0] == (placed.boxes[path].centre[0], placed.boxes[path].bottom)
    title = placed.boxes["graph-again-1"]
    assert title.y < way[-1][1] < title.y + SIZES.header
    for node in graph.nodes:
        box = placed.boxes[node.path]
        assert not any(box.x < x < box.x + box.width and box.y < y < box.bottom for x, y in way)


def test_a_cycle_is_drawn_all_the_same() -> None:
    graph = step_graph(workflow({"a": ["b"], "b": ["a"]}))

    assert set(layout(graph, SIZES).boxes) == {"a", "b"}


def test_an_empty_graph_has_no_size() -> None:
    assert layout(StepGraph(), SIZES).width == 0
