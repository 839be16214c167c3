"""What is told on the boxes of steps and groups."""

from __future__ import annotations

from kfp_jupyter.runs import parse_workflow
from kfp_jupyter.widget.labels import group_title, iterations_text, short_label, step_note
from kfp_jupyter.widget.step_status import NO_STATUS, compute_statuses
from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.step_graph import GroupNode, StepGraph, StepNode
from tests.widget.groups import HANDLED, LOOP, argo_run
from tests.widget.memory_engine import START, node, standing

PLACE = GroupNode("loop", "loop", "", "loop", loop="[1, 2]")


def caption(name: str, path: str) -> str:
    """Return the title of a group, or the second line of a step, in such a run."""
    run = argo_run(name)
    graph = step_graph(run)
    item, own = graph.item(path), compute_statuses(graph, parse_workflow(run))[path]
    assert item is not None
    return group_title(graph, item, own) if isinstance(item, GroupNode) else step_note(graph, item, own)


def note(step: StepNode, *groups: GroupNode) -> str:
    return step_note(StepGraph((step,), (), groups), step, NO_STATUS)


def test_a_loop_counts_its_turns() -> None:
    assert caption("running", LOOP) == "Loop over items.Output · 1 of 3 done"
    assert caption("", LOOP) == "Loop over items.Output · 3 of 3 done"


def test_a_step_in_a_loop_counts_its_turns() -> None:
    assert caption("running", f"{LOOP}.slow") == "2 of 3 done"
    assert caption("running", f"{LOOP}.say-5") == "1 of 3 done"


def test_turns_that_failed_are_counted_instead() -> None:
    assert caption("failed", f"{HANDLED}.for-loop-2.condition-3.bad") == "1 of 3 failed"


def test_recursion_counts_its_rounds() -> None:
    assert caption("repeated", "graph-again-1") == "Repeats: again · 3 of 3 done"


def test_a_group_in_a_loop_leaves_counting_to_the_loop() -> None:
    assert caption("failed", f"{HANDLED}.for-loop-2.condition-3") == "Then"


def test_a_step_outside_loops_has_no_turns() -> None:
    assert iterations_text(standing(node("a", "Succeeded"))) == ""
    assert iterations_text(NO_STATUS) == ""


def test_before_a_run_a_step_says_how_often_and_when_it_runs() -> None:
    assert note(StepNode("loop.a", "a", "a", group="loop"), PLACE) == "for each item"
    assert note(StepNode("a", "a", "a", loop="[1, 2]", test="x > 1")) == "for each of [1, 2], if x > 1"
    assert note(StepNode("a", "a", "a")) == ""


def test_a_step_that_makes_an_object_says_which() -> None:
    assert note(StepNode("a", "a", "a", resource="create Job train")) == "create Job train"


def test_beside_the_name_of_a_step_in_a_loop_stands_the_count() -> None:
    assert short_label(standing(node("0", "Succeeded"), node("1", "Running")), START) == "1 of 2 done"
