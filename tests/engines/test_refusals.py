"""What the local engine can't do is refused before the run starts, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kfp_jupyter.errors import EngineError, UnsupportedWorkflowError
from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs
from tests.engines.workflows import Workflow, python_step, task, workflow

Change = Callable[[dict[str, Any]], None]


def flow() -> Workflow:
    return workflow(python_step("step", "", parameters=["p"]), tasks=[task("step", parameters={"p": "1"})])


def put(part: str, key: str, value: Any) -> Workflow:
    made = flow()
    main, step = made["spec"]["templates"]
    parts = {"spec": made["spec"], "template": step, "container": step["container"], "task": main["dag"]["tasks"][0]}
    parts |= {"dag": main["dag"], "parameter": step["inputs"]["parameters"][0]}
    parts[part][key] = value
    return made


REFUSED = [
    ("spec", "onExit", "step"),
    ("spec", "volumes", [{"name": "v"}]),
    ("spec", "hooks", {"exit": {"template": "step"}}),
    ("spec", "activeDeadlineSeconds", 10),
    ("template", "retryStrategy", {"limit": 2}),
    ("template", "volumes", [{"name": "v"}]),
    ("template", "sidecars", [{"name": "s"}]),
    ("template", "initContainers", [{"name": "s"}]),
    ("template", "script", {"source": "x"}),
    ("template", "resource", {"action": "create"}),
    ("template", "suspend", {"duration": "1"}),
    ("template", "steps", [[{"name": "s"}]]),
    ("template", "activeDeadlineSeconds", 10),
    ("template", "memoize", {"key": "x"}),
    ("template", "somethingNew", True),
    ("container", "volumeMounts", [{"name": "v"}]),
    ("container", "envFrom", [{"secretRef": {}}]),
    ("container", "workingDir", "/x"),
    ("task", "when", "1 == 1"),
    ("task", "withItems", [1]),
    ("task", "withParam", "[1]"),
    ("task", "depends", "a.Failed"),
    ("task", "continueOn", {"failed": True}),
    ("parameter", "valueFrom", {"configMapKeyRef": {}}),
]


@pytest.mark.parametrize(("part", "key", "value"), REFUSED)
def test_a_feature_is_refused_by_name(runs: Runs, part: str, key: str, value: Any) -> None:
    with pytest.raises(UnsupportedWorkflowError, match=f"'{key}'"):
        runs.start(put(part, key, value))
    assert not runs.engine.runs()


def test_the_place_is_named(runs: Runs) -> None:
    with pytest.raises(UnsupportedWorkflowError, match="The task 'step' of template 'main' uses 'when'"):
        runs.start(put("task", "when", "1 == 1"))


def test_a_secret_in_the_environment_is_refused(runs: Runs) -> None:
    env = [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]
    with pytest.raises(UnsupportedWorkflowError, match=r"variable 'TOKEN'.*'valueFrom'"):
        runs.start(put("container", "env", env))


def test_an_expression_is_refused(runs: Runs) -> None:
    with pytest.raises(UnsupportedWorkflowError, match="expression"):
        runs.start(put("container", "args", ["{{=1 + 1}}"]))


def test_a_container_without_command_is_refused(runs: Runs) -> None:
    with pytest.raises(UnsupportedWorkflowError, match=r"'step' has no command.*python:3.11"):
        runs.start(put("container", "command", None))


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("spec", "ttlStrategy", {"secondsAfterCompletion": 10}),
        ("container", "resources", {"limits": {"cpu": "500m", "memory": "1Gi"}}),
        ("container", "imagePullPolicy", "Always"),
        ("template", "nodeSelector", {"gpu": "no"}),
        ("task", "when", ""),
        ("template", "volumes", []),
    ],
)
def test_what_has_no_effect_here_is_accepted(runs: Runs, part: str, key: str, value: Any) -> None:
    assert runs.run(put(part, key, value)).phase is Phase.SUCCEEDED


def test_an_unknown_template_is_named(runs: Runs) -> None:
    with pytest.raises(EngineError, match="runs the template 'nosuch'"):
        runs.start(put("task", "template", "nosuch"))


def test_an_unknown_dependency_is_named(runs: Runs) -> None:
    with pytest.raises(EngineError, match="depends on 'nosuch'"):
        runs.start(put("task", "dependencies", ["nosuch"]))


def test_a_circle_is_named(runs: Runs) -> None:
    a, b = python_step("a", ""), python_step("b", "")
    with pytest.raises(EngineError, match="cycle"):
        runs.start(workflow(a, b, tasks=[task("a", "b"), task("b", "a")]))


def test_an_output_of_a_task_that_is_no_dependency_is_named(runs: Runs) -> None:
    made = flow()
    made["spec"]["templates"][0]["dag"]["tasks"] = [
        task("step", name="a", parameters={"p": "1"}),
        task("step", name="b", parameters={"p": "{{tasks.a.outputs.parameters.x}}"}),
    ]
    with pytest.raises(EngineError, match=r"'b' .*uses an output of 'a', which isn't among its dependencies"):
        runs.start(made)


def test_a_task_without_a_value_is_named(runs: Runs) -> None:
    with pytest.raises(EngineError, match="The task 'step' of template 'main' has no value for the parameter 'p'"):
        runs.start(put("task", "arguments", {}))


def test_a_template_that_contains_itself_is_refused(runs: Runs) -> None:
    loop = {"name": "loop", "dag": {"tasks": [task("loop")]}}
    with pytest.raises(UnsupportedWorkflowError, match="'loop' calls itself"):
        runs.start(workflow(loop))


def test_what_is_no_workflow_is_refused(runs: Runs) -> None:
    with pytest.raises(EngineError, match="not an Argo Workflow"):
        runs.start({"kind": "Pod", "spec": {}})


def test_an_output_that_a_task_does_not_have_is_named(runs: Runs) -> None:
    made = flow()
    made["spec"]["templates"][0]["dag"]["tasks"] = [
        task("step", name="a", parameters={"p": "1"}),
        task("step", "a", name="b", parameters={"p": "{{tasks.a.outputs.parameters.x}}"}),
    ]
    with pytest.raises(EngineError, match="uses the output 'x' of 'a', which has no output of that name"):
        runs.start(made)


def test_the_captured_output_of_a_task_is_refused(runs: Runs) -> None:
    made = flow()
    made["spec"]["templates"][0]["dag"]["tasks"] = [
        task("step", name="a", parameters={"p": "1"}),
        task("step", "a", name="b", parameters={"p": "{{tasks.a.outputs.result}}"}),
    ]
    with pytest.raises(UnsupportedWorkflowError, match=r"'tasks.a.outputs.result'"):
        runs.start(made)
