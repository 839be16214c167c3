"""A Workflow is read by name; what is absent or of a wrong type is empty."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.specs import component_arguments, pipeline_spec
from kfp_jupyter.workflow.templates import is_whole, templates_of
from kfp_jupyter.workflow.titles import pipeline_name
from kfp_jupyter.workflow.views import Artifact, Parameter, Task, Template, WorkflowView

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "metadata", "spec", "status", "templates", "entrypoint", "dag", "tasks", "steps", "name", "template", "inputs",
    "parameters", "artifacts", "annotations", "pipelines.kubeflow.org/pipeline_spec", "storedTemplates", "templateRef",
    "pipelines.kubeflow.org/component_spec", "arguments", "onExit", "withItems", "when", "dependencies", "value",
)  # fmt: skip
WORKFLOWS = st.recursive(
    PLAIN,
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5) | st.lists(inner, max_size=3),
    max_leaves=25,
)


def test_a_parameter_has_its_value_or_else_its_default() -> None:
    assert Parameter({"name": "a", "value": 0, "default": 1}).value == 0
    assert Parameter({"name": "a", "default": "1"}).value == "1"
    assert Parameter({"name": "a"}).value is None


def test_an_artifact_that_is_text_or_optional_needs_nobody_to_hand_it_in() -> None:
    assert Artifact({"name": "a"}).needed
    assert not Artifact({"name": "a", "optional": True}).needed
    text = Artifact({"name": "a", "raw": {"data": "x"}, "path": "/a"})
    assert (text.text, text.path, text.needed) == ("x", "/a", False)
    assert Artifact({"name": "a"}).text is None


def test_the_tasks_of_a_list_of_steps_come_one_group_after_the_other() -> None:
    template = Template({"steps": [[{"name": "a"}, {"name": "b"}], [{"name": "c"}]]})
    assert [task.name for task in template.tasks] == ["a", "b", "c"]
    assert (template.dag_tasks, template.is_dag) == ((), False)


def test_what_a_task_waits_for_may_be_missing() -> None:
    assert Task({"dependencies": ["a", "b"]}).dependencies == ("a", "b")
    assert Task({"dependencies": None}).dependencies == ()


def test_a_run_of_a_workflow_template_does_what_that_one_says() -> None:
    run = {
        "spec": {"workflowTemplateRef": {"name": "lib"}, "suspend": True},
        "status": {"storedWorkflowTemplateSpec": {"entrypoint": "go", "onExit": "tidy"}},
    }
    view = WorkflowView(run)
    assert (view.entrypoint, view.on_exit, view.spec["suspend"]) == ("go", "tidy", True)


@given(WORKFLOWS)
def test_a_workflow_by_another_hand_is_read_whatever_it_holds(workflow: Any) -> None:
    step_graph(workflow)
    assert isinstance(pipeline_name(workflow), str)
    assert is_whole(workflow) in (True, False)
    for template in templates_of(workflow).values():
        component_arguments(template)
    assert all(isinstance(item.name, str) for item in pipeline_spec(workflow).inputs)
