"""Argo's status parsed. The workflow is one that a real Argo 3.7 has run."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

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
