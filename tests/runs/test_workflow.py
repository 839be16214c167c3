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


def test_a_workflow_without_status_is_pending() -> None:
    state = parse_workflow({"metadata": {"name": "x"}}, run_id="1")
    assert (state.id, state.phase, state.steps, state.seconds(datetime.now(timezone.utc))) == (
        "1",
        Phase.PENDING,
        (),
        0,
    )
