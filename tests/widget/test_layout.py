"""Steps stand in layers, below what they wait for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.widget.elements import StepGraph, StepNode, step_graph
from kfp_jupyter.widget.layout import layers
from tests.widget.memory_engine import workflow


@st.composite
def graphs(draw: st.DrawFn) -> StepGraph:
    """Any graph without a cycle."""
    size = draw(st.integers(0, 12))
    names = [f"s{i}" for i in range(size)]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return StepGraph(tuple(StepNode(name, name, name) for name in names), tuple(edges))


@given(graphs())
def test_every_step_stands_once_and_below_all_it_waits_for(graph: StepGraph) -> None:
    row = {path: index for index, paths in enumerate(layers(graph)) for path in paths}

    assert sorted(path for paths in layers(graph) for path in paths) == sorted(node.path for node in graph.nodes)
    assert all(row[source] < row[target] for source, target in graph.edges)


def test_a_step_stands_below_its_longest_way() -> None:
    graph = step_graph(workflow({"a": [], "b": ["a"], "c": ["b"], "d": ["a", "c"]}))

    assert layers(graph) == [["a"], ["b"], ["c"], ["d"]]


def test_neighbours_stand_above_each_other() -> None:
    graph = step_graph(workflow({"l": [], "r": [], "below-r": ["r"], "below-l": ["l"]}))

    assert layers(graph) == [["l", "r"], ["below-l", "below-r"]]


def test_a_cycle_is_drawn_all_the_same() -> None:
    graph = step_graph(workflow({"a": ["b"], "b": ["a"]}))

    assert sorted(layers(graph)[0]) == ["a", "b"]
