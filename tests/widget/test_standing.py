"""A run's nodes find the step or group they belong to."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.runs import NodeState, Phase, RunState, parse_workflow
from kfp_jupyter.widget.standing import Standing, standings
from kfp_jupyter.widget.workflow_graph import step_graph
from tests.widget.groups import HANDLED, HEADS, LOOP, OUTER, argo_run, dag, made_of, steps, task
from tests.widget.memory_engine import node, run_state, workflow

LOOPED = made_of(
    dag("main", task("load"), task("group", "load", withItems=["a.b", "c"]), task("end", "group")),
    dag("group", task("check"), task("fix", "check")),
    *steps("load", "check", "fix", "end"),
)


def of_argo(name: str = "") -> dict[str, Standing]:
    run = argo_run(name)
    return standings(step_graph(run), parse_workflow(run))


def phases(standing: Standing) -> dict[str, str]:
    return {turn.label: turn.node.phase.value if turn.node else "" for turn in standing.turns}


def looped(*nodes: NodeState, phase: str = "Running") -> dict[str, Standing]:
    return standings(step_graph(LOOPED), run_state(phase, *nodes))


def test_a_step_finds_its_node_by_path() -> None:
    standing = standings(step_graph(workflow({"a": [], "b": []})), run_state("Running", node("a", "Succeeded")))

    assert standing["a"].node == node("a", "Succeeded")
    assert standing["b"].node is None


def test_before_a_run_nothing_stands_anywhere() -> None:
    assert {standing.node for standing in standings(step_graph(LOOPED), None).values()} == {None}


def test_the_root_may_be_the_step() -> None:
    made = workflow({"only": []})
    made["spec"]["entrypoint"] = "only"
    root = NodeState("x", "x", "x", "Pod", "only", Phase.RUNNING)

    assert standings(step_graph(made), RunState("x", "x", Phase.RUNNING, nodes={"x": root}))[""].node == root


def test_every_turn_of_a_loop_is_found() -> None:
    standing = of_argo("running")

    assert phases(standing[f"{LOOP}.slow"]) == {"1. 2": "Succeeded", "2. 14": "Succeeded", "3. 4": "Running"}
    assert phases(standing[LOOP]) == {"1. 2": "Succeeded", "2. 14": "Running", "3. 4": "Running"}


def test_turns_of_a_loop_in_a_loop_tell_both() -> None:
    assert phases(of_argo()[f"{OUTER}.for-loop-9.slow-2"]) == {
        "1. depth:1,rate:0.1 / 1. 1": "Succeeded",
        "1. depth:1,rate:0.1 / 2. 2": "Succeeded",
        "2. depth:2,rate:0.5 / 1. 1": "Succeeded",
        "2. depth:2,rate:0.5 / 2. 2": "Succeeded",
    }


def test_a_step_that_some_turns_have_not_come_to_is_under_way() -> None:
    standing = of_argo("running")[f"{LOOP}.say-5"]

    assert phases(standing) == {"1. 2": "Succeeded", "2. 14": "Running", "3. 4": ""}
    assert standing.node is not None
    assert standing.node.phase is Phase.RUNNING


def test_what_is_done_in_the_turns_there_are_is_under_way_while_others_are_to_come() -> None:
    standing = looped(
        node("group(0:a.b)", "Succeeded"), node("group(1:c)", "Running"), node("group(0:a.b).fix", "Succeeded")
    )

    assert standing["group.fix"].node is not None
    assert standing["group.fix"].node.phase is Phase.RUNNING


def test_the_worst_turn_of_a_loop_speaks_for_the_step() -> None:
    standing = of_argo("failed")[f"{HANDLED}.for-loop-2.condition-3.bad"]

    assert phases(standing) == {"1. 3": "Skipped", "2. 1": "Failed", "3. 2": "Skipped"}
    assert standing.node is not None
    assert standing.node.phase is Phase.FAILED


@pytest.mark.parametrize("item", ["a.b", "a).b", "{}", "(1:x)", "line\nline", ""])
def test_items_may_hold_anything(item: str) -> None:
    root = NodeState("root", "demo", "demo", "DAG", "main", Phase.RUNNING)
    turn = node(f"group(0:{item})", "Running", type="DAG", boundary_id=root.id)
    check = node(f"group(0:{item}).check", "Running", boundary_id=turn.id)

    assert phases(looped(root, turn, check)["group.check"]) == {f"1. {item}": "Running"}


def test_steps_of_a_skipped_group_are_skipped_for_its_reason() -> None:
    standing = of_argo()

    for path in (f"{HEADS}.condition-4", f"{HEADS}.condition-4.say-3"):
        told = standing[path].node
        assert told is not None
        assert (told.phase, told.message) == (Phase.SKIPPED, "when '10 <= 5' evaluated false")


def test_a_loop_over_nothing_is_skipped() -> None:
    told = of_argo("retried")["for-loop-1.say"].node

    assert told is not None
    assert (told.phase, told.message) == (Phase.SKIPPED, "Skipped, empty params")


def test_what_runs_at_the_end_is_found() -> None:
    told = of_argo()["onExit"].node

    assert told is not None
    assert told.phase is Phase.SUCCEEDED


def test_recursion_comes_to_a_step_in_rounds() -> None:
    found = phases(of_argo("repeated")["graph-again-1.condition-2.flip-coin-2"])

    assert list(found) == [f"round {number + 1}" for number in range(len(found))]
    assert len(found) > 2
    assert [*found.values()] == ["Succeeded"] * (len(found) - 1) + ["Skipped"]


def test_a_step_that_was_tried_again_is_its_last_attempt_in_the_phase_of_the_whole() -> None:
    told = of_argo("retried")["bad"].node

    assert told is not None
    assert (told.type, told.phase, told.exit_code) == ("Pod", Phase.FAILED, 1)
    assert told.id == next(n.id for n in parse_workflow(argo_run("retried")).nodes.values() if n.path == "bad(1)")
    assert told.message == "main: Error (exit code 1) (attempt 2)"


def test_one_turn_is_no_repetition() -> None:
    standing = standings(step_graph(workflow({"a": []})), run_state("Running", node("a", "Running")))

    assert not standing["a"].repeated
    assert of_argo()[f"{LOOP}.slow"].repeated


def test_every_node_of_a_run_that_works_is_shown_by_some_step() -> None:
    names: tuple[Any, ...] = ("", "running", "failed", "repeated")
    for name in names:
        state = parse_workflow(argo_run(name))
        shown = {found.id for standing in of_argo(name).values() for _, found in standing.nodes}
        assert {step.id for step in state.steps} <= shown
