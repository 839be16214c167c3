"""What a run does is also in its status, where it is a run of WorkflowTemplates."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.step_graph import StepGraph
from kfp_jupyter.workflow.templates import is_whole, templates_of
from kfp_jupyter.workflow.views import WorkflowView
from tests.widget.groups import dag, steps, task

SAY = steps("say")[0]
GO = dag("go", task("a", template="say"), task("b", "a", template="say"))


def by_ref(name: str, template: str, **ref: Any) -> dict[str, Any]:
    return {"name": name, "templateRef": {"name": "lib", "template": template, **ref}}


def referring(*tasks: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """A run whose tasks name templates of the WorkflowTemplate lib, and what the status has of them."""
    spec = {"entrypoint": "main", "templates": [dag("main", *tasks)]}
    return {"metadata": {"name": "r"}, "spec": spec, "status": {"storedTemplates": stored}}


def paths(graph: StepGraph) -> list[str]:
    return [step.path for step in graph.nodes]


def test_a_run_of_a_workflow_template_is_drawn_as_what_that_one_says() -> None:
    run: dict[str, Any] = {"metadata": {"name": "r"}, "spec": {"workflowTemplateRef": {"name": "lib"}}}
    assert not is_whole(run)
    assert step_graph(run) == StepGraph()
    stored = {"entrypoint": "go", "onExit": "say", "templates": [SAY, GO]}
    run["status"] = {"storedWorkflowTemplateSpec": stored}
    assert is_whole(run)
    graph = step_graph(run)
    assert paths(graph) == ["a", "b", "onExit"]
    assert ("a", "b") in graph.edges
    assert WorkflowView(run).on_exit == "say"


def test_an_entrypoint_of_the_run_itself_counts_as_argo_has_merged_it() -> None:
    run = {
        "spec": {"workflowTemplateRef": {"name": "lib"}, "entrypoint": "say"},
        "status": {"storedWorkflowTemplateSpec": {"entrypoint": "say", "templates": [SAY, GO]}},
    }
    assert [step.label for step in step_graph(run).nodes] == ["say"]


def test_a_task_that_names_a_template_of_another_opens_into_its_steps() -> None:
    stored = {"namespaced/lib/go": GO, "namespaced/lib/say": SAY}
    run = referring(task("one"), by_ref("two", "go"), stored=stored)
    run["spec"]["templates"] += steps("one")
    graph = step_graph(run)
    assert paths(graph) == ["one", "two.a", "two.b"]
    assert [group.label for group in graph.groups] == ["go"]
    assert templates_of(run)[graph.nodes[1].template].raw == SAY
    assert is_whole(run)


def test_templates_of_the_same_name_are_told_apart_by_where_they_are_from() -> None:
    other = {"name": "say", "container": {"image": "busybox"}}
    stored = {"namespaced/lib/go": GO, "namespaced/lib/say": SAY, "cluster/lib/say": other}
    run = referring(by_ref("two", "go"), by_ref("three", "say", clusterScope=True), stored=stored)
    run["spec"]["templates"] += [{"name": "say", "suspend": {}}]
    graph = step_graph(run)
    assert paths(graph) == ["two.a", "two.b", "three"]
    templates = templates_of(run)
    assert [templates[step.template].raw for step in graph.nodes] == [SAY, SAY, other]


def test_what_the_run_has_not_come_to_is_one_step_until_it_is_known() -> None:
    run = referring(by_ref("two", "go"), stored={})
    assert paths(step_graph(run)) == ["two"]
    assert not is_whole(run)
    run["status"]["storedTemplates"] = {"namespaced/lib/go": GO}
    assert paths(step_graph(run)) == ["two.a", "two.b"]
    assert not is_whole(run)


def test_templates_in_lists_of_steps_are_found_too() -> None:
    listed = {"name": "main", "steps": [[by_ref("a", "say")], [by_ref("b", "say")]]}
    run = {
        "spec": {"entrypoint": "main", "templates": [listed]},
        "status": {"storedTemplates": {"namespaced/lib/say": SAY}},
    }
    assert is_whole(run)
    assert templates_of(run)["main"].raw["steps"][0] == [{"name": "a", "template": "namespaced/lib/say"}]


def test_a_template_that_is_written_inside_a_task_of_another_is_found() -> None:
    inside = dag("", task("c", template="say"))
    stored = {
        "namespaced/lib/go": dag("go", {"name": "a", "inline": inside}),
        "namespaced/lib/inline/a": inside,
        "namespaced/lib/say": SAY,
    }
    run = referring(by_ref("two", "go"), stored=stored)
    assert paths(step_graph(run)) == ["two.a.c"]
    assert is_whole(run)
