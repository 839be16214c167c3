"""Argo's status parsed. The workflow is one that a real Argo 3.7 has run."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.naming import node_id
from kfp_jupyter.runs import Phase, parse_workflow

ARGO = json.loads((Path(__file__).parent / "argo_workflow.json").read_text())


def test_the_state_of_an_argo_workflow_is_read() -> None:
    state = parse_workflow(ARGO)
    assert (state.name, state.phase) == (ARGO["metadata"]["name"], Phase.FAILED)
    assert state.started_at is not None
    assert state.finished_at is not None
    steps = {step.display_name: step for step in state.steps}
    assert {name: step.phase.value for name, step in steps.items()} == {
        "produce": "Succeeded", "consume": "Succeeded", "consume-2": "Succeeded", "consume-3": "Failed",
    }  # fmt: skip
    assert steps["consume-3"].message == "main: Error (exit code 1)"
    assert steps["consume-3"].exit_code == 1
    assert steps["produce"].output_artifacts == ("produce-blob", "produce-notes", "produce-table", "main-logs")
    assert steps["consume-2"].path == "consume-2"


def test_our_node_ids_are_argos() -> None:
    state = parse_workflow(ARGO)
    assert {node_id(state.name, node.name) for node in state.nodes.values()} == set(state.nodes)


def test_a_suspended_workflow_is_held_though_a_step_is_at_work() -> None:
    step = {"id": "r-1", "name": "r.a", "type": "Pod", "phase": "Running"}
    workflow = {
        "metadata": {"name": "r"},
        "spec": {"suspend": True},
        "status": {"phase": "Running", "nodes": {"r-1": step}},
    }
    state = parse_workflow(workflow)
    assert (state.suspended, state.resumable, state.held) == (True, True, True)
    ended = parse_workflow(workflow | {"status": {"phase": "Failed", "nodes": {"r-1": step | {"phase": "Failed"}}}})
    assert (ended.resumable, ended.held) == (False, False)


def test_a_step_that_waits_for_people_holds_a_workflow_in_which_nothing_else_is_at_work() -> None:
    nodes = {"r-1": {"id": "r-1", "name": "r.ask", "type": "Suspend", "phase": "Running"}}
    workflow = {"metadata": {"name": "r"}, "spec": {}, "status": {"phase": "Running", "nodes": nodes}}
    state = parse_workflow(workflow)
    assert (state.by_path()["ask"].suspended, state.suspended, state.held) == (True, False, True)
    nodes["r-2"] = {"id": "r-2", "name": "r.b", "type": "Pod", "phase": "Pending"}
    assert (parse_workflow(workflow).resumable, parse_workflow(workflow).held) == (True, False)


def test_a_step_that_a_resubmitted_run_takes_over_has_succeeded_from_the_cache() -> None:
    nodes = {"r-1": {"id": "r-1", "name": "r.a", "type": "Skipped", "phase": "Skipped", "message": "original pod: q-7"}}
    nodes["r-2"] = nodes["r-1"] | {"id": "r-2", "name": "r.b", "message": "when '1 == 2' evaluated false"}
    state = parse_workflow({"metadata": {"name": "r"}, "status": {"phase": "Running", "nodes": nodes}})
    taken, passed = state.by_path()["a"], state.by_path()["b"]
    assert (taken.type, taken.phase, taken.cached) == ("Pod", Phase.SUCCEEDED, True)
    assert (passed.type, passed.phase, passed.cached) == ("Skipped", Phase.SKIPPED, False)


def test_a_workflow_without_status_is_pending() -> None:
    state = parse_workflow({"metadata": {"name": "x"}}, run_id="1")
    assert (state.id, state.phase, state.steps, state.seconds(datetime.now(timezone.utc))) == (
        "1",
        Phase.PENDING,
        (),
        0,
    )


def of_nodes(name: str, *nodes: dict[str, Any], **status: Any) -> dict[str, Any]:
    made = {node["name"]: {"id": node["name"], "type": "Pod", "phase": "Succeeded"} | node for node in nodes}
    return {"metadata": {"name": name}, "status": {"phase": "Running", "nodes": made} | status}


@pytest.mark.parametrize("run", ["my.dotted.run", "a.b", "plain", "ends-in.", "say.say"])
def test_the_path_of_a_node_is_what_follows_the_workflows_name_whatever_that_holds(run: str) -> None:
    names = {
        run: "",
        f"{run}.first": "first",
        f"{run}.loop(0:a.b).say": "loop(0:a.b).say",
        f"{run}.onExit": "onExit",
        f"{run}(1)": "(1)",
        f"{run}[0]": "[0]",
        f"{run}[0].say": "say",
    }
    state = parse_workflow(of_nodes(run, *({"name": name} for name in names)))
    assert {node.name: node.path for node in state.nodes.values()} == names


def test_an_exit_handler_of_a_workflow_with_dots_has_its_turn() -> None:
    assert parse_workflow(of_nodes("my.run", {"name": "my.run.onExit", "phase": "Running"})).exiting
    assert not parse_workflow(of_nodes("my.run", {"name": "my.run.onExit", "phase": "Succeeded"})).exiting
    assert not parse_workflow(of_nodes("my.run", {"name": "my.run.a.onExit", "phase": "Running"})).exiting


@pytest.mark.parametrize(
    ("phase", "run_message", "step_message", "stopped"),
    [
        ("Failed", "Stopped with strategy 'Terminate'", "workflow shutdown with strategy:  Terminate", True),
        ("Failed", "Stopped with strategy 'Stop'", "workflow shutdown with strategy:  Stop", True),
        ("Failed", "child 'run-1' failed", "Error (exit code 1)", False),
        ("Succeeded", "Stopped with strategy 'Stop'", "workflow shutdown with strategy:  Stop", False),
    ],
)
def test_what_was_stopped_is_told_by_argos_messages(
    phase: str, run_message: str, step_message: str, stopped: bool
) -> None:
    made = of_nodes("run", {"name": "run.a", "phase": phase, "message": step_message})
    made["status"] |= {"phase": phase, "message": run_message}
    state = parse_workflow(made)
    assert (state.stopped, state.by_path()["a"].stopped) == (stopped, stopped)


@pytest.mark.parametrize(
    ("pause", "seconds"), [("25 seconds", 25), ("1 minute 5 seconds", 65), ("2 hours 1 second", 7201)]
)
def test_a_step_between_two_attempts_tells_when_the_next_one_starts(pause: str, seconds: int) -> None:
    whole = {
        "name": "r.a",
        "type": "Retry",
        "phase": "Running",
        "message": f"Backoff for {pause}",
        "children": ["r.a(0)", "r.a(1)"],
    }
    first = {"name": "r.a(0)", "phase": "Failed", "finishedAt": "2026-01-02T03:04:05Z"}
    second = {"name": "r.a(1)", "phase": "Failed", "finishedAt": "2026-01-02T03:05:00Z"}
    found = parse_workflow(of_nodes("r", whole, first, second)).by_path()["a"].next_attempt_at
    assert found == datetime(2026, 1, 2, 3, 5, tzinfo=timezone.utc) + timedelta(seconds=seconds)


def test_an_attempt_at_work_waits_for_no_other() -> None:
    whole = {
        "name": "r.a",
        "type": "Retry",
        "phase": "Running",
        "message": "Backoff for 25 seconds",
        "children": ["r.a(0)", "r.a(1)"],
    }
    first = {"name": "r.a(0)", "phase": "Failed", "finishedAt": "2026-01-02T03:04:05Z"}
    second = {"name": "r.a(1)", "phase": "Running"}
    assert parse_workflow(of_nodes("r", whole, first, second)).by_path()["a"].next_attempt_at is None


@pytest.mark.parametrize("hours", [-1, 1])
def test_times_of_a_clock_that_differs_are_told_by_the_clock_here(hours: int) -> None:
    here = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    ahead = timedelta(hours=hours)
    theirs = (here + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")
    workflow = of_nodes("r", {"name": "r.a", "phase": "Running", "startedAt": theirs}, startedAt=theirs)
    state = parse_workflow(workflow, ahead=ahead)
    later = here + timedelta(seconds=20)
    assert (state.seconds(later), state.by_path()["a"].seconds(later)) == (20, 20)


def test_a_run_that_can_not_be_deleted_yet_names_its_finalizers() -> None:
    workflow = of_nodes("r")
    workflow["metadata"] |= {"finalizers": ["example.com/hold"], "deletionTimestamp": "2026-01-02T03:04:05Z"}
    assert "finalizers (example.com/hold)" in parse_workflow(workflow).reason
    assert parse_workflow(of_nodes("r")).reason == ""


def test_what_was_at_work_when_a_run_was_deleted_is_at_work_no_more() -> None:
    nodes = ({"name": "r.a"}, {"name": "r.b", "phase": "Running", "startedAt": "2026-01-02T03:04:00Z"})
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    gone = parse_workflow(of_nodes("r", *nodes)).deleted(now)
    assert (gone.phase, gone.finished_at) == (Phase.DELETED, now)
    assert {node.path: node.phase.value for node in gone.steps} == {"a": "Succeeded", "b": "Deleted"}
    assert gone.by_path()["b"].seconds(now + timedelta(hours=1)) == 5
    ended = parse_workflow(of_nodes("r", nodes[0], phase="Succeeded"))
    assert ended.deleted(now) == ended
