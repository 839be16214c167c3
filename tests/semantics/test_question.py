"""The files of this folder read as they should, and nothing of a run's own is in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.semantics.outcome import out_of_turn, outcome_of
from tests.semantics.question import BORDER, Question, written

QUESTIONS = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_file_begins_with_its_subject_and_ends_with_what_came_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    question = Question(path)
    assert text.startswith("# ")
    assert question.outcome["phase"]
    assert text.partition(BORDER)[2].startswith(f"# What Argo 3.7.4 makes of it.\n{written(question.outcome)}")


def run(*nodes: Mapping[str, Any]) -> dict[str, Any]:
    """A finished run named ``wf-x2``."""
    whole: dict[str, Any] = {"id": "wf-x2", "name": "wf-x2", "type": "DAG", "phase": "Succeeded"}
    named: list[dict[str, Any]] = [
        {"type": "Pod", "phase": "Succeeded", **node, "id": f"wf-x2-{node['name']}"} for node in nodes
    ]
    for node in named:
        node["name"] = f"wf-x2.{node['name']}"
    return {
        "metadata": {"name": "wf-x2", "uid": "6c1b1c1e-0000-4000-8000-5f0b0d0a0c0e", "namespace": "team"},
        "spec": {},
        "status": {"phase": "Succeeded", "nodes": {str(node["id"]): node for node in [whole, *named]}},
    }


def test_names_ids_and_times_of_a_run_are_no_part_of_what_came_out() -> None:
    message = "wf-x2-a of wf-x2 in team ended at 2026-01-02T03:04:05Z at 10.1.2.3"
    outcome = outcome_of(run({"name": "a", "message": message, "startedAt": "2026-01-02T03:04:05Z"}))
    said = "<a> of <workflow> in <namespace> ended at <time> at <address>"
    assert outcome["nodes"]["a"] == {"type": "Pod", "phase": "Succeeded", "message": said}


def test_nodes_stand_behind_those_they_came_after() -> None:
    nodes = run({"name": "b", "children": ["wf-x2-a"]}, {"name": "a"}, {"name": "c"})
    assert list(outcome_of(nodes)["nodes"]) == ["(whole)", "b", "c", "a"]
    assert outcome_of(nodes)["nodes"]["a"]["after"] == ["b"]


def test_a_long_text_is_told_by_its_size_and_digest() -> None:
    parameters = [{"name": "x", "value": "x" * 1000}]
    outcome = outcome_of(run({"name": "a", "outputs": {"parameters": parameters}}))
    assert outcome["nodes"]["a"]["outputs"]["x"].startswith("<1000 characters, sha256 ")


def test_a_node_that_started_too_early_is_told() -> None:
    early = {"name": "b", "startedAt": "2026-01-01T00:00:01Z"}
    nodes = run({"name": "a", "children": ["wf-x2-b"], "finishedAt": "2026-01-01T00:00:02Z"}, early)
    assert out_of_turn(nodes) == ["wf-x2.b started before wf-x2.a had ended"]
