"""A Workflow becomes a graph of steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.elements import step_graph, step_states
from kfp_jupyter.widget.pipeline import pipeline_name
from tests.widget.memory_engine import node, run_state, workflow

GOLDEN = Path(__file__).parents[1] / "golden" / "calculation.yaml"


def nested(**more: Any) -> dict[str, Any]:
    """Return load → group(check → fix) → report."""
    made = workflow({"load": [], "group": ["load"], "report": ["group"]})
    made["spec"]["templates"] = [t for t in made["spec"]["templates"] if t["name"] != "group"]
    tasks = [{"name": "check", "template": "load"}, {"name": "fix", "template": "load", "depends": "check.Succeeded"}]
    made["spec"]["templates"].append({"name": "group", "dag": {"tasks": tasks}, **more})
    return made


def test_each_task_is_a_step_and_each_dependency_an_edge() -> None:
    graph = step_graph(workflow({"load": [], "train": ["load"], "report": ["load", "train"]}))

    assert [step.path for step in graph.nodes] == ["load", "train", "report"]
    assert set(graph.edges) == {("load", "train"), ("load", "report"), ("train", "report")}


def test_what_kfp_compiles_is_drawn_whole() -> None:
    compiled = yaml.safe_load(GOLDEN.read_text())
    tasks = next(t["dag"]["tasks"] for t in compiled["spec"]["templates"] if "dag" in t)

    graph = step_graph(compiled)

    assert [step.path for step in graph.nodes] == [task["name"] for task in tasks]
    assert len(graph.edges) == sum(len(task.get("dependencies", ())) for task in tasks)


def test_a_step_is_called_by_its_display_name() -> None:
    made = workflow({"train": []})
    made["spec"]["templates"][1]["metadata"] = {
        "annotations": {"pipelines.kubeflow.org/task_display_name": "Train the forest"}
    }

    assert [step.label for step in step_graph(made).nodes] == ["Train the forest"]


def test_a_group_is_drawn_as_the_steps_in_it() -> None:
    graph = step_graph(nested())

    assert [step.path for step in graph.nodes] == ["load", "group.check", "group.fix", "report"]
    assert set(graph.edges) == {("load", "group.check"), ("group.check", "group.fix"), ("group.fix", "report")}


def test_a_template_that_calls_itself_is_one_step() -> None:
    made = workflow({"again": []})
    made["spec"]["templates"][1] = {"name": "again", "dag": {"tasks": [{"name": "turn", "template": "again"}]}}

    assert [step.path for step in step_graph(made).nodes] == ["again.turn"]


def test_a_workflow_of_one_container_is_one_step() -> None:
    made = workflow({"only": []})
    made["spec"]["entrypoint"] = "only"

    assert [(step.path, step.label) for step in step_graph(made).nodes] == [("", "only")]


def test_a_workflow_without_a_spec_is_an_empty_graph() -> None:
    assert step_graph({}).nodes == ()


def test_a_step_finds_its_node_by_path() -> None:
    states = step_states(
        step_graph(nested()), run_state("Running", node("load", "Succeeded"), node("group.check", "Running"))
    )

    assert {path: state.phase.value for path, state in states.items() if state} == {
        "load": "Succeeded",
        "group.check": "Running",
    }


def test_the_worst_turn_of_a_loop_speaks_for_the_step() -> None:
    turns = [node("group(0:a.b).check", "Succeeded"), node("group(1:c).check", "Failed")]

    state = step_states(step_graph(nested()), run_state("Running", *turns))["group.check"]

    assert state is not None
    assert state.phase is Phase.FAILED


def test_steps_of_a_skipped_group_are_skipped() -> None:
    skipped = run_state("Running", node("group", "Skipped", type="Skipped"))

    state = step_states(step_graph(nested()), skipped)["group.fix"]

    assert state is not None
    assert state.phase is Phase.SKIPPED


def test_the_pipelines_name_comes_from_its_spec() -> None:
    assert pipeline_name(workflow({}, name="Breast cancer")) == "Breast cancer"


def test_a_workflow_without_a_pipeline_spec_is_called_by_its_own_name() -> None:
    assert pipeline_name({"metadata": {"generateName": "calc-", "annotations": None}}) == "calc"


def test_an_annotation_that_is_no_json_is_passed_over() -> None:
    made = {"metadata": {"name": "x", "annotations": {"pipelines.kubeflow.org/pipeline_spec": "{"}}}

    assert pipeline_name(made) == "x"
