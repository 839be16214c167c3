"""The graph on screen: what is sent to draw it, and what is sent when something changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kfp_jupyter.runs import parse_workflow
from kfp_jupyter.widget.graph import GraphView
from kfp_jupyter.widget.step_status import compute_statuses
from kfp_jupyter.workflow.graph_reader import step_graph
from tests.widget.groups import HANDLED, HEADS, LOOP, argo_run
from tests.widget.memory_engine import workflow
from tests.widget.page import Page, label_of

GRAPH = step_graph(argo_run())
SKIPPED = f"{HANDLED}.condition-5"


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.fixture
def canvas(chosen: list[str]) -> Iterator[GraphView]:
    """The graph of the pipeline in groups, with nothing run."""
    view = GraphView(chosen.append)
    view.load(GRAPH)
    yield view
    view.close()


def show(view: GraphView, name: str, *, selected: str | None = None) -> None:
    """Show how such a run stands."""
    state = parse_workflow(argo_run(name))
    view.show(compute_statuses(GRAPH, state), selected=selected, ended=state.phase.finished)


def items(view: GraphView) -> dict[str, Any]:
    """The nodes of steps and groups by path."""
    return dict(zip((item.path for item in GRAPH.items), Page(view).items, strict=True))


def conditions(view: GraphView) -> dict[str, Any]:
    """The nodes of tests by the path of what they lead into."""
    paths = {node.data["id"]: path for path, node in items(view).items()}
    return {paths[node.data["id"].removeprefix("t")]: node for node in Page(view).tests}


def edges(view: GraphView) -> dict[tuple[str, str], Any]:
    """The edges by the paths they lead from and to."""
    paths = {node.data["id"]: path for path, node in items(view).items()}
    return {(paths[edge.data["source"]], paths[edge.data["target"]]): edge for edge in Page(view).edges}


def classes(view: GraphView, path: str) -> set[str]:
    return set(items(view)[path].classes.split())


def sent(view: GraphView) -> list[str]:
    """Return a list that fills with the paths of what changes from now on."""
    changed: list[str] = []
    for path, element in items(view).items():
        element.observe(lambda _, path=path: changed.append(path), names=["classes", "data"])
    return changed


def test_elements_are_few(canvas: GraphView) -> None:
    assert len(items(canvas)) == len(GRAPH.nodes) + len(GRAPH.groups)
    assert len(conditions(canvas)) == 4
    assert len(edges(canvas)) == len(GRAPH.edges)


def test_groups_are_drawn_before_what_stands_in_them(canvas: GraphView) -> None:
    order = list(items(canvas))

    assert order.index(HANDLED) < order.index(HEADS) < order.index(f"{HEADS}.number")


def test_a_group_is_as_large_as_its_box(canvas: GraphView) -> None:
    outer, inner = (items(canvas)[path] for path in (HANDLED, HEADS))

    assert outer.data["width"] > inner.data["width"] > 0
    assert "group" in classes(canvas, HEADS)


def test_edges_to_the_end_are_dashed(canvas: GraphView) -> None:
    assert "exit" in edges(canvas)[HANDLED, "onExit"].classes


def test_phases_and_counts_are_shown(canvas: GraphView) -> None:
    show(canvas, "running")

    assert "group-running" in classes(canvas, LOOP)
    assert {"phase-running", "tall"} <= classes(canvas, f"{LOOP}.slow")
    assert items(canvas)[LOOP].data["label"] == "Loop over items.Output · 1 of 3 done"
    assert items(canvas)[f"{LOOP}.slow"].data["label"] == "Slow\n2 of 3 done"


def test_what_was_skipped_steps_back_with_the_way_to_it(canvas: GraphView) -> None:
    show(canvas, "running")

    assert "group-skipped" in classes(canvas, SKIPPED)
    assert "phase-skipped" in classes(canvas, f"{SKIPPED}.say-4")
    assert "ghost" in conditions(canvas)[SKIPPED].classes
    assert "dim" in edges(canvas)[f"{HANDLED}.flip-coin", SKIPPED].classes
    assert "dim" not in edges(canvas)[f"{HANDLED}.flip-coin", HEADS].classes


def test_only_what_changed_is_sent(canvas: GraphView) -> None:
    show(canvas, "running")
    changed = sent(canvas)

    show(canvas, "running")
    assert changed == []

    show(canvas, "")
    assert f"{HEADS}.number" not in changed
    assert {LOOP, f"{LOOP}.slow", HANDLED, "onExit"} <= set(changed)


def test_what_is_selected_is_marked(canvas: GraphView) -> None:
    show(canvas, "running", selected=LOOP)

    assert "selected" in classes(canvas, LOOP)


def test_a_click_on_a_test_means_the_group_that_it_leads_to(canvas: GraphView, chosen: list[str]) -> None:
    Page(canvas).click_node(conditions(canvas)[HEADS])
    Page(canvas).click_node(items(canvas)[LOOP])

    assert chosen == [HEADS, LOOP]


def test_another_graph_replaces_the_one_on_screen(canvas: GraphView) -> None:
    canvas.load(step_graph(workflow({"a": [], "b": ["a"]})))

    assert [label_of(node) for node in Page(canvas).items] == ["a", "b"]
    assert len(canvas.children) == 2
