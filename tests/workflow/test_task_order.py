"""In which order the tasks of a Workflow are drawn that says nothing of it."""

from __future__ import annotations

import pytest

from kfp_jupyter.workflow.dialect import TASK_ORDER
from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.task_order import in_order
from tests.widget.memory_engine import workflow


@pytest.mark.parametrize(
    ("listed", "drawn"),
    [
        (["w", "w-10", "w-2"], ["w", "w-2", "w-10"]),
        (["build", "audit", "deploy"], ["build", "audit", "deploy"]),
        (["step-0-1", "step-0-10", "step-0-9", "step-1"], ["step-0-1", "step-0-9", "step-0-10", "step-1"]),
    ],
)
def test_names_sorted_as_text_are_sorted_by_number_and_others_stay(listed: list[str], drawn: list[str]) -> None:
    assert [node.path for node in step_graph(workflow({name: [] for name in listed})).nodes] == drawn


def test_a_noted_order_is_that_of_the_graph() -> None:
    plain = workflow({"a": [], "b": []})
    noted = in_order(plain, ["b", "a"])

    assert [node.path for node in step_graph(noted).nodes] == ["b", "a"]
    assert in_order(plain, [f"task-{n}" for n in range(10_000)]) is plain
    assert TASK_ORDER not in plain["metadata"]["annotations"]


@pytest.mark.parametrize("note", ["no JSON", "3", "{}", '["nobody"]', None, 7])
def test_a_note_by_another_hand_may_hold_anything(note: object) -> None:
    foreign = workflow({"b": [], "a": []})
    foreign["metadata"]["annotations"][TASK_ORDER] = note

    assert sorted(node.path for node in step_graph(foreign).nodes) == ["a", "b"]
