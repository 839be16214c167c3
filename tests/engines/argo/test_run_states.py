"""What a real Argo says of runs in unusual states, and what is made of it: in the engine and in a view."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.magics.logs import find_step
from kfp_jupyter.runs import Phase, RunState
from kfp_jupyter.widget.labels import iterations_text, tooltip
from kfp_jupyter.widget.progress import progress_of
from kfp_jupyter.widget.run_view import RunView
from kfp_jupyter.widget.step_status import Statuses, compute_statuses, step_statuses
from kfp_jupyter.workflow.graph_reader import step_graph
from tests.engines.argo.conftest import NEVER, Runs
from tests.engines.workflows import python_step, task, workflow
from tests.widget.page import Page
from tests.widget.views import until

IMAGE = "python:3.11"


def sh(name: str, text: str, **more: Any) -> dict[str, Any]:
    """A template that runs a line of a shell."""
    return {"name": name, "container": {"image": IMAGE, "command": ["sh", "-c", text]}, **more}


def dag(*tasks: dict[str, Any], name: str = "main") -> dict[str, Any]:
    return {"name": name, "dag": {"tasks": list(tasks)}}


def made_of(*templates: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """A Workflow that begins with its first template."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": "state-"},
        "spec": {
            "entrypoint": templates[0]["name"],
            "serviceAccountName": "pipeline-runner",
            "templates": list(templates),
            **spec,
        },
    }


@pytest.fixture
def attach(runs: Runs) -> Iterator[Callable[[RunRef], RunView]]:
    """A function that makes the view of a run; all are closed at the end."""
    with contextlib.ExitStack() as afterwards:

        def made(run: RunRef) -> RunView:
            view = RunView(dict, {"argo": lambda: runs.engine}, "argo", run=run)
            afterwards.callback(view.close)
            return view

        yield made


@pytest.fixture
def start(objects: Objects) -> Iterator[Callable[[dict[str, Any]], RunRef]]:
    """Start a Workflow as kubectl does, without this package's labels; it is gone after the test."""
    with contextlib.ExitStack() as afterwards:

        def made(given: dict[str, Any]) -> RunRef:
            name = objects.create_workflow(given)
            afterwards.callback(_remove, objects, name)
            return RunRef("argo", name)

        yield made


def _remove(objects: Objects, name: str) -> None:
    with contextlib.suppress(EngineError):
        objects.patch_workflow(name, {"metadata": {"finalizers": None}})
        objects.delete_workflow(name, str(objects.workflow(name)["metadata"]["uid"]))


def steps_of(runs: Runs, run: RunRef, state: RunState) -> Statuses:
    graph = step_graph(runs.engine.workflow(run))
    return step_statuses(graph, compute_statuses(graph, state))


def log(runs: Runs, run: RunRef, name: str, state: RunState) -> str:
    """All that is printed of a step's log."""
    node = find_step(state, name)
    return "".join(chunk.text for chunk in runs.engine.logs(run, node.id, follow=False, stop=NEVER))


def test_a_workflow_whose_name_has_dots_shows_its_steps(runs: Runs, start: Any, attach: Any) -> None:
    made = made_of(dag(task("first"), task("second", "first")), sh("first", "echo dotted"), sh("second", "true"))
    made["metadata"] = {"generateName": "my.dotted.run-"}
    run = start(made)
    state = runs.finish(run)
    view = attach(run)
    view.wait(60)
    assert "2 of 2 steps done" in Page(view).progress
    assert log(runs, run, "first", state) == "dotted\n"


def test_a_run_that_is_shown_costs_two_threads_and_its_log_one(runs: Runs, start: Any, attach: Any) -> None:
    earlier = set(threading.enumerate())

    def own() -> list[str]:
        now = set(threading.enumerate()) - earlier
        return sorted(thread.name for thread in now if thread.name.startswith("kfp-jupyter"))

    run = start(made_of(dag(task("waits")), sh("waits", "echo it waits; sleep 60")))
    view = attach(run)
    until(lambda: view.state and any(step.phase is Phase.RUNNING for step in view.state.steps))
    until(lambda: own() == ["kfp-jupyter-argo-watch", "kfp-jupyter-view"])
    view.select("waits")
    until(lambda: "it waits" in Page(view).log)
    assert own() == ["kfp-jupyter-argo-watch", "kfp-jupyter-log", "kfp-jupyter-view"]
    view.close()
    until(lambda: not own())
    runs.engine.terminate(run)


def test_turns_that_were_not_run_or_skipped_are_not_counted_as_done(runs: Runs) -> None:
    loop = dag(task("once"), task("say", "once"), task("cond", "once"), name="turn")
    loop["inputs"] = {"parameters": [{"name": "item"}]}
    given = {"arguments": {"parameters": [{"name": "item", "value": "{{inputs.parameters.item}}"}]}}
    loop["dag"]["tasks"][0] |= given
    loop["dag"]["tasks"][2] |= {"when": "{{inputs.parameters.item}} == c"}
    turn = task("turn") | {"withItems": ["a", "b", "c"]}
    turn["arguments"] = {"parameters": [{"name": "item", "value": "{{item}}"}]}
    once = sh("once", "test {{inputs.parameters.item}} != b", inputs={"parameters": [{"name": "item"}]})
    run = runs.start(made_of(dag(turn), loop, once, sh("say", "true"), sh("cond", "true")))
    steps = steps_of(runs, run, runs.finish(run))
    assert iterations_text(steps["turn.once"]) == "1 of 3 failed"
    assert iterations_text(steps["turn.say"]) == "2 of 3 done, 1 not run"
    assert iterations_text(steps["turn.cond"]) == "1 of 3 done, 1 skipped, 1 not run"
    assert progress_of(steps).done == 0


def test_the_log_of_a_workflow_of_one_container_has_a_name(runs: Runs, start: Any) -> None:
    run = start(made_of(sh("hello", "echo hello world; exit 4")))
    state = runs.finish(run)
    for name in (run.id, "hello"):
        assert log(runs, run, name, state) == "hello world\n"
    again = start(made_of(sh("hello", "echo hello again; exit 4", retryStrategy={"limit": "1"})))
    state = runs.finish(again)
    assert log(runs, again, f"{again.id}(1)", state) == "hello again\n"
    assert log(runs, again, again.id, state) == "Attempt 1:\nhello again\nAttempt 2:\nhello again\n"
    standing = steps_of(runs, again, state)[""]
    assert standing.node is not None
    assert standing.node.id == find_step(state, f"{again.id}(1)").id


@pytest.fixture
def library(objects: Objects) -> Iterator[str]:
    """A WorkflowTemplate of two steps."""
    templates = [dag(task("say", name="a"), task("say", "a", name="b"), name="go"), sh("say", "echo hi")]
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{objects.namespace}/workflowtemplates"
    body = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "WorkflowTemplate",
        "metadata": {"generateName": "lib-"},
        "spec": {"entrypoint": "go", "templates": templates},
    }
    connection = objects.connection
    made = connection.ask(_act("create", objects), path, body=body)["metadata"]["name"]
    yield made
    connection.ask(_act("delete", objects), f"{path}/{made}", body={})


def _act(verb: str, objects: Objects) -> Action:
    return Action(verb, "workflowtemplates.argoproj.io", objects.namespace)


def test_a_run_of_a_workflow_template_is_drawn_whole_and_has_logs(
    runs: Runs, start: Any, attach: Any, library: str
) -> None:
    made = made_of(sh("x", "true"))
    made["spec"] = {"serviceAccountName": "pipeline-runner", "workflowTemplateRef": {"name": library}}
    run = start(made)
    view = attach(run)
    state = view.wait(120)
    until(lambda: "2 of 2 steps done" in Page(view).progress)
    assert [node.path for node in view._graph.nodes] == ["a", "b"]
    assert state is not None
    assert log(runs, run, "b", state) == "hi\n"


def test_a_task_that_refers_to_a_template_opens_into_its_steps(
    runs: Runs, start: Any, attach: Any, library: str
) -> None:
    two = {"name": "two", "templateRef": {"name": library, "template": "go"}, "dependencies": ["one"]}
    run = start(made_of(dag(task("one"), two), sh("one", "true")))
    view = attach(run)
    state = view.wait(120)
    until(lambda: "3 of 3 steps done" in Page(view).progress)
    assert [node.path for node in view._graph.nodes] == ["one", "two.a", "two.b"]
    assert state is not None
    assert log(runs, run, "two.b", state) == "hi\n"


def test_a_run_that_is_deleted_while_it_is_watched_is_at_work_no_more(
    runs: Runs, start: Any, attach: Any, objects: Objects
) -> None:
    run = start(made_of(dag(task("sleepy")), sh("sleepy", "sleep 600")))
    view = attach(run)
    until(lambda: "1 running" in Page(view).progress)
    objects.delete_workflow(run.id, str(objects.workflow(run.id)["metadata"]["uid"]))
    until(lambda: "Deleted" in Page(view).progress)
    assert "running" not in Page(view).progress.lower()
    assert "Deleted" in Page(view).step("sleepy").tooltip
    assert f"The run &#x27;{run.id}&#x27; was deleted from the namespace" in Page(view).banner
    assert "Deleted" in view._draw_picture()["text/plain"]
    assert "Running" not in view._draw_picture()["text/plain"]


def test_a_run_that_waits_for_a_lock_says_so(runs: Runs, start: Any, attach: Any) -> None:
    lock = {"mutexes": [{"name": f"m-{time.time_ns()}"}]}
    first = start(made_of(dag(task("hold")), sh("hold", "sleep 600"), synchronization=lock))
    runs.until(first, lambda state: state.phase is Phase.RUNNING)
    second = start(made_of(dag(task("hold")), sh("hold", "true"), synchronization=lock))
    view = attach(second)
    until(lambda: "The run waits for the mutex" in Page(view).trouble)
    assert "(0 of 1 free), which other runs hold. It starts automatically." in Page(view).trouble
    runs.engine.terminate(first)
    view.wait(60)
    assert Page(view).trouble == ""


def test_between_two_attempts_a_step_says_why_and_when_the_next_one_starts(runs: Runs) -> None:
    retry = {"limit": "1", "retryPolicy": "Always", "backoff": {"duration": "25s"}}
    run = runs.start(made_of(dag(task("bad")), sh("bad", "exit 3", retryStrategy=retry)))
    state = runs.until(run, lambda state: any(node.next_attempt_at for node in state.nodes.values()))
    standing = steps_of(runs, run, state)["bad"]
    assert standing.node is not None
    assert standing.node.started_at is not None
    told = tooltip(standing, standing.node.started_at)
    assert told == "attempt 1 failed (exit code 3); the next one starts in 25 s"
    assert progress_of({"bad": standing}).running == 0
    runs.engine.terminate(run)


def test_the_log_of_an_init_container_that_failed_stands_in_for_the_step_s(runs: Runs, start: Any, attach: Any) -> None:
    prep = {"name": "prep", "image": IMAGE, "command": ["sh", "-c", "echo init is failing; exit 9"]}
    run = start(made_of(dag(task("step")), sh("step", "echo never", initContainers=[prep])))
    view = attach(run)
    view.wait(120)
    assert "the container &#x27;prep&#x27; before it ended with exit code 9" in Page(view).banner
    assert "init is failing" in Page(view).banner
    until(lambda: "init is failing" in Page(view).log)
    assert view.state is not None
    text = log(runs, run, "step", view.state)
    assert text.startswith("The step's program did not start: its container 'prep' failed (exit code 9). Its log:\n")
    assert text.endswith("init is failing\n")


def test_outputs_that_a_program_did_not_write_as_it_failed_are_no_cause(runs: Runs) -> None:
    made = python_step("step", "print('here'); raise SystemExit(3)", outputs={"out": "/tmp/nothing/data"})
    run = runs.start(workflow(made))
    state = runs.finish(run)
    for follow in (False, True):
        node = state.by_path()["step"]
        text = "".join(chunk.text for chunk in runs.engine.logs(run, node.id, follow=follow, stop=NEVER))
        assert text == "here\n"


def test_a_step_that_had_not_begun_was_not_at_work_when_the_run_was_stopped(runs: Runs, attach: Any) -> None:
    stuck = sh("stuck", "true", nodeSelector={"no": "such"})
    run = runs.start(made_of(dag(task("busy"), task("stuck")), sh("busy", "sleep 600"), stuck))
    runs.until(
        run,
        lambda state: (
            {"busy", "stuck"} <= state.by_path().keys()
            and state.by_path()["busy"].phase is Phase.RUNNING
            and state.by_path()["stuck"].phase is Phase.PENDING
        ),
    )
    runs.engine.terminate(run)
    view = attach(run)
    view.wait(60)
    assert "The run was stopped; <b>busy</b> was running." in Page(view).banner


def test_a_delete_that_a_finalizer_holds_is_told_with_its_remedy(runs: Runs, start: Any, objects: Objects) -> None:
    made = made_of(sh("step", "true"))
    made["metadata"]["finalizers"] = ["example.com/hold"]
    run = start(made)
    runs.finish(run)
    with pytest.raises(EngineError, match=r"its finalizers \(example\.com/hold\) haven't been removed") as error:
        runs.engine.delete(run)
    assert f"kubectl patch workflow {run.id} -n {objects.namespace} --type=merge -p" in error.value.remedy
    assert "finalizers (example.com/hold)" in list(runs.engine.watch(run, NEVER))[-1].reason
    objects.patch_workflow(run.id, {"metadata": {"finalizers": None}})
    until(lambda: objects.find_workflow(run.id)[0] is None)


def test_an_output_parameter_of_2_mb_is_told_with_its_remedy(runs: Runs) -> None:
    big = sh("big", "head -c 2000000 /dev/zero | tr '\\0' x > /tmp/out")
    big["outputs"] = {"parameters": [{"name": "big-Output", "valueFrom": {"path": "/tmp/out"}}]}
    run = runs.start(made_of(dag(task("big")), big))
    node = runs.finish(run).by_path()["big"]
    assert node.phase.bad
    assert "too large" in node.reason
    assert "OutputPath" in node.reason


def test_a_view_that_has_ended_goes_on_when_its_run_is_retried_from_elsewhere(
    runs: Runs, start: Any, attach: Any
) -> None:
    run = start(made_of(dag(task("bad")), sh("bad", "exit 1")))
    view = attach(run)
    view.wait(120)
    first = view.state.finished_at if view.state else None
    assert first is not None
    time.sleep(1.1)
    runs.engine.retry(run)
    until(lambda: view.state is not None and view.state.finished_at not in (None, first), 120)


def test_a_view_of_an_ended_run_says_when_somebody_deletes_it(runs: Runs, start: Any, attach: Any) -> None:
    run = start(made_of(dag(task("bad")), sh("bad", "exit 1")))
    view = attach(run)
    view.wait(120)
    runs.engine.delete(run)
    until(lambda: "was deleted from the namespace" in Page(view).banner)
    assert not Page(view).retry.is_there


def test_runs_that_were_started_elsewhere_are_listed_where_all_are_asked_for(runs: Runs, start: Any) -> None:
    run = start(made_of(sh("step", "true")))
    assert run not in [summary.ref for summary in runs.engine.runs(1000)]
    (line,) = [summary for summary in runs.engine.all_runs(1000) if summary.ref == run]
    assert not line.ours
    own = runs.start(made_of(sh("step", "true")))
    (line,) = [summary for summary in runs.engine.all_runs(1000) if summary.ref == own]
    assert line.ours


def test_a_summary_costs_no_more_than_metadata_until_something_has_changed(
    runs: Runs, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(made_of(dag(task("step")), sh("step", "true")))
    end = runs.finish(run)
    runs.engine.summary(run)
    time.sleep(1)
    assert runs.engine.summary(run).finished_at == end.finished_at
    whole: list[str] = []
    objects = runs.engine._objects
    monkeypatch.setattr(objects, "workflow", whole.append)
    assert runs.engine.summary(run).phase is Phase.SUCCEEDED
    assert whole == []
