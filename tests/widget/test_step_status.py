"""A run's nodes find the step or group they belong to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kfp_jupyter.runs import NodeState, Phase, RunState, parse_workflow
from kfp_jupyter.widget.labels import iterations_text, status_appearance, tooltip
from kfp_jupyter.widget.progress import progress_of
from kfp_jupyter.widget.step_status import Iteration, StepStatus, compute_statuses
from kfp_jupyter.workflow.graph_reader import step_graph
from tests.widget.groups import HANDLED, HEADS, LOOP, OUTER, argo_run, dag, made_of, steps, task
from tests.widget.memory_engine import START, node, run_state, workflow

LOOPED = made_of(
    dag("main", task("load"), task("group", "load", withItems=["a.b", "c"]), task("end", "group")),
    dag("group", task("check"), task("fix", "check")),
    *steps("load", "check", "fix", "end"),
)


def of_argo(name: str = "") -> dict[str, StepStatus]:
    run = argo_run(name)
    return compute_statuses(step_graph(run), parse_workflow(run))


def phases(standing: StepStatus) -> dict[str, str]:
    return {iteration.label: iteration.node.phase.value if iteration.node else "" for iteration in standing.iterations}


def looped(*nodes: NodeState, phase: str = "Running") -> dict[str, StepStatus]:
    return compute_statuses(step_graph(LOOPED), run_state(phase, *nodes))


def test_a_step_finds_its_node_by_path() -> None:
    standing = compute_statuses(step_graph(workflow({"a": [], "b": []})), run_state("Running", node("a", "Succeeded")))

    assert standing["a"].node == node("a", "Succeeded")
    assert standing["b"].node is None


def test_before_a_run_nothing_stands_anywhere() -> None:
    assert {standing.node for standing in compute_statuses(step_graph(LOOPED), None).values()} == {None}


def test_the_root_may_be_the_step() -> None:
    made = workflow({"only": []})
    made["spec"]["entrypoint"] = "only"
    root = NodeState("x", "x", "x", "Pod", "only", Phase.RUNNING)

    assert compute_statuses(step_graph(made), RunState("x", "x", Phase.RUNNING, nodes={"x": root}))[""].node == root


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
    iteration = node(f"group(0:{item})", "Running", type="DAG", boundary_id=root.id)
    check = node(f"group(0:{item}).check", "Running", boundary_id=iteration.id)

    assert phases(looped(root, iteration, check)["group.check"]) == {f"1. {item}": "Running"}


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

    assert list(found) == [f"iteration {number + 1}" for number in range(len(found))]
    assert len(found) > 2
    assert [*found.values()] == ["Succeeded"] * (len(found) - 1) + ["Skipped"]


def test_a_step_that_was_tried_again_is_its_last_attempt_in_the_phase_of_the_whole() -> None:
    told = of_argo("retried")["bad"].node

    assert told is not None
    assert (told.type, told.phase, told.exit_code) == ("Pod", Phase.FAILED, 1)
    assert told.id == next(n.id for n in parse_workflow(argo_run("retried")).nodes.values() if n.path == "bad(1)")
    assert told.message == "main: Error (exit code 1) (attempt 2)"


def test_one_turn_is_no_repetition() -> None:
    standing = compute_statuses(step_graph(workflow({"a": []})), run_state("Running", node("a", "Running")))

    assert not standing["a"].repeated
    assert of_argo()[f"{LOOP}.slow"].repeated


def test_every_node_of_a_run_that_works_is_shown_by_some_step() -> None:
    names: tuple[Any, ...] = ("", "running", "failed", "repeated")
    for name in names:
        state = parse_workflow(argo_run(name))
        shown = {found.id for standing in of_argo(name).values() for _, found in standing.nodes}
        assert {step.id for step in state.steps} <= shown


def test_turns_that_were_not_run_are_not_done() -> None:
    root = NodeState("root", "demo", "demo", "DAG", "main", Phase.FAILED)
    iterations = [
        node(f"group({i}:{i})", phase, type="DAG", boundary_id="root")
        for i, phase in enumerate(("Succeeded", "Failed", "Succeeded"))
    ]
    checks = [
        node(f"group({i}:{i}).check", phase, boundary_id=iterations[i].id)
        for i, phase in enumerate(("Succeeded", "Failed", "Succeeded"))
    ]
    fixes = [
        node(f"group({i}:{i}).fix", phase, boundary_id=iterations[i].id)
        for i, phase in enumerate(("Succeeded", "Omitted", "Succeeded"))
    ]
    standing = looped(root, *iterations, *checks, *fixes, phase="Failed")["group.fix"]

    assert iterations_text(standing) == "2 of 3 done, 1 not run"
    assert status_appearance(standing, ended=True).word == "Partly run"
    assert progress_of({"fix": standing}).done == 0


def test_turns_that_a_run_did_not_come_to_before_it_ended_are_not_run() -> None:
    standing = looped(
        node("group(0:a)", "Succeeded"),
        node("group(1:b)", "Failed"),
        node("group(0:a).fix", "Succeeded"),
        phase="Failed",
    )["group.fix"]

    assert iterations_text(standing) == "1 of 2 done, 1 not run"
    assert status_appearance(standing, ended=True).word == "Partly run"


def test_turns_that_were_skipped_are_not_done() -> None:
    iterations = [node("fix", "Succeeded"), node("fix", "Skipped"), node("fix", "Skipped")]
    standing = StepStatus(
        iterations[0], tuple(Iteration(str(i), iteration) for i, iteration in enumerate(iterations)), run_ended=True
    )

    assert iterations_text(standing) == "1 of 3 done, 2 skipped"
    assert status_appearance(standing, ended=True).word == "Succeeded"


def test_turns_that_people_stopped_are_told() -> None:
    stopped = node("fix", "Failed", stopped=True)
    standing = StepStatus(stopped, (Iteration("1", node("fix", "Succeeded")), Iteration("2", stopped)), run_ended=True)

    assert iterations_text(standing) == "1 of 2 done, 1 stopped"


def test_a_root_that_was_tried_again_is_its_last_attempt() -> None:
    made = workflow({"only": []})
    made["spec"]["entrypoint"] = "only"
    nodes = [
        NodeState("x(1)", "x(1)", "x(1)", "Pod", "only", Phase.FAILED, run="x", exit_code=4),
        NodeState("x", "x", "x", "Retry", "only", Phase.FAILED, run="x"),
        NodeState("x(0)", "x(0)", "x(0)", "Pod", "only", Phase.FAILED, run="x", exit_code=3),
    ]
    told = compute_statuses(step_graph(made), RunState("x", "x", Phase.FAILED, nodes={n.id: n for n in nodes}))[""].node

    assert told is not None
    assert (told.id, told.path, told.exit_code) == ("x(1)", "", 4)


@pytest.mark.parametrize(
    ("message", "exit_code", "told"),
    [
        ("main: Error (exit code 3)", 3, "attempt 1 failed (exit code 3); the next one starts in 25 s"),
        ("main: OOMKilled (exit code 137)", 137, "attempt 1 failed (main: OOMKilled (exit code 137)); the next one"),
        ("pod deleted", None, "attempt 1 failed (pod deleted); the next one starts in 25 s"),
    ],
)
def test_between_two_attempts_a_step_waits_and_says_since_when_why_and_how_long(
    message: str, exit_code: int | None, told: str
) -> None:
    whole = node("a", "Running", type="Retry", next_attempt_at=START + timedelta(seconds=28))
    last = node("a(0)", "Failed", seconds=3, message=message, exit_code=exit_code)
    standing = compute_statuses(step_graph(workflow({"a": []})), run_state("Running", whole, last))["a"]
    now = START + timedelta(seconds=3)

    assert tooltip(standing, now).startswith(told)
    assert status_appearance(standing).word == "Pending"
    assert progress_of({"a": standing}).running == 0
    assert "starts in 5 s" in tooltip(standing, now + timedelta(seconds=21))
    assert "is about to start" in tooltip(standing, now + timedelta(seconds=30))


def test_where_it_is_not_known_when_the_next_attempt_starts_it_is_about_to() -> None:
    states = run_state("Running", node("a", "Running", type="Retry"), node("a(0)", "Failed", exit_code=3))
    standing = compute_statuses(step_graph(workflow({"a": []})), states)["a"]

    assert tooltip(standing, START).endswith("attempt 1 failed (exit code 3); the next one is about to start")


def test_an_attempt_that_waits_for_its_pod_is_not_at_work() -> None:
    attempt = node("a(0)", "Pending", reason="The image is being pulled.")
    told = compute_statuses(
        step_graph(workflow({"a": []})), run_state("Running", node("a", "Running", type="Retry"), attempt)
    )

    assert status_appearance(told["a"]).word == "Pending"
    assert "The image is being pulled." in tooltip(told["a"], START)
