"""A Workflow becomes a graph of steps and groups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.step_graph import GroupNode, StepGraph, StepNode, first_steps
from kfp_jupyter.workflow.titles import pipeline_name
from tests.widget.groups import HANDLED, HEADS, LOOP, OUTER, argo_run, dag, made_of, steps, task
from tests.widget.memory_engine import workflow

GOLDEN = Path(__file__).parents[1] / "golden" / "calculation.yaml"


def groups(graph: StepGraph) -> dict[str, GroupNode]:
    return {group.path: group for group in graph.groups}


def step(graph: StepGraph, path: str) -> StepNode:
    found = graph.node(path)
    assert found is not None
    return found


def labelled(**annotations: str) -> StepNode:
    made = workflow({"train-2": []})
    made["spec"]["templates"][1]["metadata"] = {
        "annotations": {f"pipelines.kubeflow.org/{key}": value for key, value in annotations.items()}
    }
    return step_graph(made).nodes[0]


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
    assert labelled(task_display_name="Train the forest").label == "Train the forest"


def test_a_step_without_a_display_name_is_called_by_its_components_title_and_number() -> None:
    assert labelled(component_spec=json.dumps({"name": "Train"})).label == "Train (2)"


def test_a_title_that_the_task_is_not_named_after_has_no_number() -> None:
    assert labelled(component_spec=json.dumps({"name": "Fit"})).label == "Fit"


def test_a_step_that_says_nothing_of_itself_is_called_by_its_task() -> None:
    assert labelled().label == "train-2"
    assert labelled(component_spec="{").label == "train-2"
    assert labelled(component_spec="[]").label == "train-2"


def test_a_nested_dag_is_a_group_and_edges_lead_to_it() -> None:
    graph = step_graph(argo_run())

    assert graph.item("exit-handler-1.flip-coin") == step(graph, f"{HANDLED}.flip-coin")
    assert (f"{HANDLED}.flip-coin", HEADS) in graph.edges
    assert (f"{HEADS}.number", f"{HEADS}.condition-3") in graph.edges
    assert [group.path for group in graph.groups_around(f"{HEADS}.condition-3.say-2")] == [
        f"{HEADS}.condition-3", HEADS, HANDLED,
    ]  # fmt: skip


def test_groups_are_called_by_what_they_are() -> None:
    assert {path: group.label for path, group in groups(step_graph(argo_run())).items()} == {
        HANDLED: "Always followed by Clean up",
        HEADS: "If flip-coin.Output == heads (heads-won)",
        f"{HEADS}.condition-3": "If number.Output > threshold",
        f"{HEADS}.condition-4": "If number.Output <= threshold",
        f"{HANDLED}.condition-5": "If flip-coin.Output == tails",
        LOOP: "Loop over items.Output",
        OUTER: "Loop over 2 items (depth, rate)",
        f"{OUTER}.for-loop-9": "Loop over rounds",
    }


def test_a_test_on_the_way_in_is_not_told_a_second_time_on_the_group() -> None:
    graph = step_graph(argo_run())
    titles = {path: graph.title(group) for path, group in groups(graph).items()}

    assert titles[f"{HANDLED}.condition-5"] == "Then"
    assert titles[HEADS] == "Then: heads-won"


def test_a_test_that_nothing_leads_to_is_told_on_the_group() -> None:
    graph = step_graph(
        made_of(dag("main", task("condition-1", when="a > 1")), dag("condition-1", task("s")), *steps("s"))
    )

    assert graph.title(graph.groups[0]) == "If a > 1"
    assert not graph.has_condition_on_edge(graph.groups[0])


def test_what_runs_at_the_end_follows_the_group_that_it_ends() -> None:
    graph = step_graph(argo_run())

    assert step(graph, "onExit").label == "On exit: Clean up"
    assert (HANDLED, "onExit") in graph.edges


def test_without_a_group_for_it_the_end_follows_all_that_nothing_follows() -> None:
    made = made_of(dag("main", task("a"), task("b", "a"), task("c")), *steps("a", "b", "c", "say"), on_exit="say")

    assert {edge for edge in step_graph(made).edges if edge[1] == "onExit"} == {("b", "onExit"), ("c", "onExit")}


def test_several_steps_at_the_end_are_a_group() -> None:
    made = made_of(dag("main", task("a")), dag("tidy", task("b")), *steps("a", "b"), on_exit="tidy")
    graph = step_graph(made)

    assert groups(graph)["onExit"].label == "On exit"
    assert [step.path for step in graph.nodes] == ["a", "onExit.b"]


def test_a_group_that_runs_itself_again_ends_in_a_step_that_points_back() -> None:
    graph = step_graph(argo_run("repeated"))
    again = step(graph, "graph-again-1.condition-2.graph-again-1")

    assert groups(graph)["graph-again-1"].label == "Repeats: again"
    assert (again.label, again.again) == ("Again: again", "graph-again-1")


def test_an_entrypoint_that_runs_itself_again_points_back_to_the_root() -> None:
    graph = step_graph(made_of(dag("main", task("turn", template="main"))))

    assert [(step.path, step.again) for step in graph.nodes] == [("turn", "")]


def test_a_step_may_have_a_test_and_a_loop_of_its_own() -> None:
    made = made_of(dag("main", task("say", when="'{{workflow.parameters.a}}' == 'x'", withItems=[1, 2])), *steps("say"))
    said = step(step_graph(made), "say")

    assert (said.test, said.loop) == ("a == x", "[1, 2]")


def test_a_resource_template_says_what_it_does_to_which_object() -> None:
    manifest = "kind: PersistentVolumeClaim\nmetadata:\n  name: '{{workflow.name}}-{{inputs.parameters.disk}}'\n"
    disk = {"name": "disk", "resource": {"action": "create", "manifest": manifest}}
    made = made_of(dag("main", task("disk", given={"disk": "data"})), disk)

    assert step(step_graph(made), "disk").resource == "create PersistentVolumeClaim data"


def test_groups_with_no_mark_of_what_they_are_go_by_their_name() -> None:
    made = made_of(
        dag("main", task("subgraph-1"), task("prepare")), dag("subgraph-1", task("a")), dag("prepare"), *steps("a")
    )

    assert [group.label for group in step_graph(made).groups] == ["Group", "prepare"]


def test_a_workflow_of_one_container_is_one_step() -> None:
    made = workflow({"only": []})
    made["spec"]["entrypoint"] = "only"

    assert [(step.path, step.label) for step in step_graph(made).nodes] == [("", "only")]


def test_a_workflow_without_a_spec_is_an_empty_graph() -> None:
    assert step_graph({}).nodes == ()


def test_a_part_of_a_graph_keeps_the_groups_around_its_steps() -> None:
    graph = step_graph(argo_run())

    part = first_steps(graph, 1)

    assert [node.path for node in part.nodes] == [graph.nodes[0].path]
    assert {group.path for group in part.groups} == {g.path for g in graph.groups_around(graph.nodes[0].path)}
    assert part.edges == ()


def test_the_pipelines_name_comes_from_its_spec() -> None:
    assert pipeline_name(workflow({}, name="Breast cancer")) == "Breast cancer"


def test_a_workflow_without_a_pipeline_spec_is_called_by_its_own_name() -> None:
    assert pipeline_name({"metadata": {"generateName": "calc-", "annotations": None}}) == "calc"


def test_an_annotation_that_is_no_json_is_passed_over() -> None:
    made: dict[str, Any] = {"metadata": {"name": "x", "annotations": {"pipelines.kubeflow.org/pipeline_spec": "{"}}}

    assert pipeline_name(made) == "x"
