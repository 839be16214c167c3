"""What people do to a run: the real Argo does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kfp_jupyter.engines.argo.actions.run_actions import rewrite
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.runs import Phase, RunState
from tests.cluster.running import Cluster
from tests.engines.argo.conftest import Runs
from tests.engines.gates import ConfigMapGate
from tests.engines.workflows import Template, Workflow, task, workflow


def shell_step(name: str, text: str) -> Template:
    """A step without Python, which starts sooner."""
    return {"name": name, "container": {"image": "python:3.11", "command": ["sh", "-c", text]}}


WAIT = shell_step("step", "sleep 600")
DONE = shell_step("last", "true")
LABELS = ("app.kubernetes.io/managed-by", "kfp-jupyter/pipeline", "kfp-jupyter/notebook", "kfp-jupyter/test")


def held_workflow() -> Workflow:
    """A workflow that starts nothing until it is resumed."""
    made = workflow(DONE)
    made["spec"]["suspend"] = True
    return made


def at_work(state: RunState) -> bool:
    return any(step.phase is Phase.RUNNING for step in state.steps)


@pytest.fixture
def gate(cluster: Cluster, namespace: str) -> ConfigMapGate:
    return ConfigMapGate(cluster, namespace)


@pytest.fixture
def held(runs: Runs) -> RunRef:
    """A run that waits to be resumed before its first step."""
    run = runs.start(held_workflow())
    runs.until(run, lambda state: state.suspended)
    return run


def test_a_stopped_run_comes_to_its_exit_handler_which_can_be_ended_too(runs: Runs) -> None:
    made = workflow(WAIT | {"name": "work"}, WAIT | {"name": "clean-up"}, tasks=[task("work")])
    made["spec"]["onExit"] = "clean-up"
    run = runs.start(made)
    runs.until(run, at_work)
    runs.engine.stop(run)
    cleaning = runs.until(run, lambda state: state.exiting and at_work(state))
    assert cleaning.by_path()["work"].message.startswith("workflow shutdown with strategy")
    runs.engine.terminate(run)
    end = runs.finish(run)
    assert (end.phase, end.exiting) == (Phase.FAILED, False)


def test_a_suspended_run_starts_no_further_step_until_it_is_resumed(runs: Runs) -> None:
    steps = [shell_step("first", "sleep 2"), DONE]
    run = runs.start(workflow(*steps, tasks=[task("first"), task("last", "first")]))
    runs.until(run, at_work)
    runs.engine.suspend(run)
    runs.engine.suspend(run)
    waiting = runs.until(run, lambda state: state.steps[0].phase is Phase.SUCCEEDED)
    assert (waiting.held, list(waiting.by_path())) == (True, ["", "first"])
    runs.engine.resume(run)
    end = runs.finish(run)
    assert (end.phase, end.held) == (Phase.SUCCEEDED, False)


@pytest.mark.parametrize("action", ["stop", "terminate"])
def test_a_suspended_run_can_be_stopped(runs: Runs, held: RunRef, action: str) -> None:
    getattr(runs.engine, action)(held)
    end = runs.finish(held)
    assert (end.phase, [step.phase for step in end.steps]) == (Phase.FAILED, [Phase.FAILED])
    assert runs.objects.pods(f"workflows.argoproj.io/workflow={held.id}", runs.objects.namespace) == []


def test_resuming_lets_a_suspend_step_go_on_with_the_defaults_of_what_people_may_supply(runs: Runs) -> None:
    ask = {"name": "ask", "suspend": {}}
    ask["outputs"] = {"parameters": [{"name": "answer", "valueFrom": {"supplied": {}, "default": "yes"}}]}
    run = runs.start(workflow(ask, tasks=[task("ask"), task("ask", "ask", name="again")]))
    for step in ("ask", "again"):
        state = runs.until(run, lambda state, step=step: state.held and step in state.by_path())  # type: ignore[misc]
        assert state.by_path()[step].suspended
        runs.engine.resume(run)
    end = runs.finish(run).by_path()
    assert (end["ask"].phase, end["ask"].outputs) == (Phase.SUCCEEDED, {"answer": "yes"})


def test_a_step_that_waits_for_a_value_is_not_resumed_without(runs: Runs) -> None:
    ask = {"name": "ask", "suspend": {}}
    ask["outputs"] = {"parameters": [{"name": "answer", "valueFrom": {"supplied": {}}}]}
    run = runs.start(workflow(ask))
    runs.until(run, lambda state: state.held)
    with pytest.raises(EngineError, match=r"'ask' waits for a value of its output 'answer'"):
        runs.engine.resume(run)


def test_a_retry_goes_through_attempts_loops_and_groups_and_cleans_up_again(runs: Runs, gate: ConfigMapGate) -> None:
    fails = gate.step("fails") | {"retryStrategy": {"limit": "1"}}
    inner = {"name": "inner", "dag": {"tasks": [task("fails") | {"withItems": ["a", "b"]}, task("last", "fails")]}}
    before = {"name": "before", "dag": {"tasks": [task("last")]}}
    tasks = [task("before"), task("inner", "before")]
    made = workflow(before, inner, fails, DONE, DONE | {"name": "clean-up"}, tasks=tasks)
    made["spec"]["onExit"] = "clean-up"
    run = runs.start(made)
    failed = runs.finish(run)
    assert failed.phase is Phase.FAILED
    gate.open()
    runs.engine.retry(run)
    after = runs.finish(run)
    assert {node.phase for node in after.nodes.values()} == {Phase.SUCCEEDED}
    cleaned = [state.by_path()["onExit"].started_at for state in (failed, after)]
    assert cleaned[0] != cleaned[1]


def test_a_stopped_run_can_be_retried(runs: Runs) -> None:
    run = runs.start(workflow(shell_step("step", "sleep 5")))
    runs.until(run, at_work)
    runs.engine.terminate(run)
    assert runs.finish(run).phase is Phase.FAILED
    runs.engine.retry(run)
    assert runs.finish(run).phase is Phase.SUCCEEDED


def test_a_resubmitted_run_is_a_new_one_with_the_same_arguments_and_labels(
    runs: Runs, gate: ConfigMapGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/first.ipynb")
    fails = gate.step("fails") | {"retryStrategy": {"limit": "1"}}
    inner = {"name": "inner", "dag": {"tasks": [task("first")]}}
    steps = [inner, shell_step("first", "echo taken over"), fails]
    made = workflow(*steps, tasks=[task("inner"), task("fails", "inner")], a="1")
    run = runs.start(made, a="2")
    assert runs.finish(run).phase is Phase.FAILED
    monkeypatch.delenv("JPY_SESSION_NAME")
    fresh = runs.engine.resubmit(run)
    taken = runs.engine.resubmit(run, memoized=True)
    gate.open()
    old = runs.engine.workflow(run)
    for new in (fresh, taken):
        found = runs.engine.workflow(new)
        assert found["spec"]["arguments"] == old["spec"]["arguments"]
        labels = found["metadata"]["labels"]
        assert {key: labels[key] for key in LABELS} == {key: old["metadata"]["labels"][key] for key in LABELS}
        assert labels["workflows.argoproj.io/resubmitted-from-workflow"] == run.id
    assert {summary.ref for summary in runs.engine.runs()} == {run, fresh, taken}
    end = runs.finish(taken)
    assert end.phase is Phase.SUCCEEDED
    assert {step.path: step.cached for step in end.steps} == {"inner.first": True, "fails(0)": False}
    assert runs.log(taken, end.by_path()["inner.first"].id) == "taken over\n"


def test_a_run_that_has_succeeded_is_neither_retried_nor_resumed_nor_resubmitted_in_part(runs: Runs) -> None:
    run = runs.start(workflow(DONE))
    runs.finish(run)
    with pytest.raises(EngineError, match="nothing to retry"):
        runs.engine.retry(run)
    with pytest.raises(EngineError, match="has ended; there is nothing to resume"):
        runs.engine.resume(run)
    with pytest.raises(EngineError, match="has ended; there is nothing to suspend"):
        runs.engine.suspend(run)
    with pytest.raises(
        EngineError,
        match=r"has succeeded; there is nothing to run again\. Resubmit it without "
        r"memoized",
    ):
        runs.engine.resubmit(run, memoized=True)


def test_a_run_that_goes_on_is_not_resumed_retried_or_deleted(runs: Runs, held: RunRef) -> None:
    with pytest.raises(EngineError, match="is running"):
        runs.engine.retry(held)
    with pytest.raises(EngineError, match="is running"):
        runs.engine.resubmit(held, memoized=True)
    with pytest.raises(EngineError, match=r"is running\. Stop it first"):
        runs.engine.delete(held)
    runs.engine.resume(held)
    with pytest.raises(EngineError, match="isn't suspended; there is nothing to resume"):
        runs.engine.resume(held)


@pytest.mark.parametrize("action", ["stop", "terminate", "suspend", "resume", "retry", "resubmit", "delete"])
def test_a_run_that_is_gone_is_named(argo: ArgoEngine, action: str) -> None:
    with pytest.raises(RunNotFoundError, match="There is no run 'gone' in the namespace"):
        getattr(argo, action)(RunRef("argo", "gone"))


def test_what_is_written_in_between_is_not_overwritten(runs: Runs, objects: Objects, held: RunRef) -> None:
    seen: list[str | None] = []

    def change(found: Mapping[str, Any]) -> dict[str, Any]:
        if not seen:
            objects.patch_workflow(held.id, {"metadata": {"labels": {"theirs": "1"}}})
        seen.append(found["metadata"]["labels"].get("theirs"))
        return dict(found) | {"metadata": found["metadata"] | {"annotations": {"ours": "1"}}}

    rewrite(objects, held.id, change)
    metadata = runs.engine.workflow(held)["metadata"]
    assert (metadata["labels"]["theirs"], metadata["annotations"], seen) == ("1", {"ours": "1"}, [None, "1"])


def test_a_run_that_never_holds_still_is_left_alone(objects: Objects, held: RunRef) -> None:
    times = iter(range(100))

    def change(found: Mapping[str, Any]) -> dict[str, Any]:
        objects.patch_workflow(held.id, {"metadata": {"labels": {"theirs": str(next(times))}}})
        return dict(found)

    with pytest.raises(EngineError, match=r"changed during each attempt.*Try again in a moment"):
        rewrite(objects, held.id, change)
