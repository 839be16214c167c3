"""What every engine does alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.engines.memory import MemoryEngine
from kfp_jupyter.engines.registry import ENGINES, get_engine
from kfp_jupyter.errors import EngineError, RunNotFoundError, UsageError
from kfp_jupyter.runs import Phase
from tests.engines.gates import ConfigMapGate, FileGate, Gate
from tests.engines.memory_player import play
from tests.engines.workflows import python_step, task, workflow

NEVER = CancelToken()
WRITE = """import os, sys
os.makedirs(os.path.dirname(sys.argv[2]), exist_ok=True)
open(sys.argv[2], "w").write(sys.argv[1])
"""
OUT = "/tmp/outputs/Output/data"
SAY = python_step("say", WRITE, "{{inputs.parameters.word}}", OUT, parameters=["word"], outputs={"say-Output": OUT})
HELLO = workflow(SAY, tasks=[task("say", parameters={"word": "{{inputs.parameters.word}}"})], word="hello")
SLEEP = workflow(python_step("step", "import time; print('up', flush=True); time.sleep(600)"))

CONFIG = """{"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}], "users": [],
"contexts": [{"name": "x", "context": {"cluster": "c", "namespace": "mine"}}], "current-context": "x"}"""

Options = dict[str, Any]


def local_options(_: pytest.FixtureRequest, tmp_path: Path) -> Options:
    return {"root": tmp_path / "runs"}


def argo_options(request: pytest.FixtureRequest, _: Path) -> Options:
    request.getfixturevalue("cluster_turn")
    cluster = request.getfixturevalue("cluster")
    return {
        "kubeconfig": str(cluster.kubeconfig),
        "namespace": request.getfixturevalue("namespace"),
        "s3_endpoint": cluster.s3,
        "labels": {"kfp-jupyter/test": uuid.uuid4().hex},
    }


OPTIONS: dict[str, Callable[[pytest.FixtureRequest, Path], Options]] = {"local": local_options, "argo": argo_options}


@pytest.fixture(params=[*sorted(ENGINES), "memory"])
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Engine]:
    """Makes engines that see the runs of this test and no others."""
    if request.param == "memory":
        made = MemoryEngine(play)
        return lambda: made
    options = OPTIONS[request.param](request, tmp_path)
    return lambda: get_engine(request.param, **options)


@pytest.fixture
def engine(make_engine: Callable[[], Engine]) -> Iterator[Engine]:
    made = make_engine()
    yield made
    for summary in made.runs():
        made.terminate(summary.ref)


@pytest.fixture
def gate(engine: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Gate:
    if engine.name in ("local", "memory"):
        return FileGate(tmp_path / "open")
    return ConfigMapGate(request.getfixturevalue("cluster"), request.getfixturevalue("namespace"))


def finish(engine: Engine, run: RunRef) -> Phase:
    return list(engine.watch(run, NEVER))[-1].phase


def test_a_run_ends_succeeded_with_its_outputs(engine: Engine) -> None:
    run = engine.submit(HELLO, arguments={"word": "hi"})
    state = list(engine.watch(run, NEVER))[-1]
    assert state.phase is Phase.SUCCEEDED
    assert state.by_path()["say"].outputs == {"say-Output": "hi"}
    assert state.by_path()["say"].inputs == {"word": "hi"}


def test_watch_yields_a_state_at_once_and_ends_after_the_finished_one(engine: Engine) -> None:
    states = list(engine.watch(engine.submit(HELLO), NEVER))
    assert [state.phase.finished for state in states] == [False] * (len(states) - 1) + [True]


def test_watching_a_finished_run_yields_its_last_state(engine: Engine) -> None:
    run = engine.submit(HELLO)
    finish(engine, run)
    assert [state.phase for state in engine.watch(run, NEVER)] == [Phase.SUCCEEDED]


def test_watch_ends_when_told(engine: Engine) -> None:
    stop = CancelToken()
    for state in engine.watch(engine.submit(SLEEP), stop):
        if state.steps:
            stop.set()
    assert not state.phase.finished


def test_a_log_is_followed_to_its_end(engine: Engine) -> None:
    run = engine.submit(workflow(python_step("step", "import time\nfor n in range(3): print(n); time.sleep(0.1)")))
    step = next(state.steps[0] for state in engine.watch(run, NEVER) if state.steps)
    chunks = list(engine.logs(run, step.id, follow=True, stop=NEVER))
    assert "".join(chunk.text for chunk in chunks) == "0\n1\n2\n"
    assert not any(chunk.notice for chunk in chunks)


def test_following_a_log_ends_when_told(engine: Engine) -> None:
    run = engine.submit(SLEEP)
    step = next(state.steps[0] for state in engine.watch(run, NEVER) if state.steps)
    stop = CancelToken()
    for chunk in engine.logs(run, step.id, follow=True, stop=stop):
        assert chunk.text == "up\n"
        stop.set()


def test_artifacts_and_archived_logs_are_read(engine: Engine) -> None:
    run = engine.submit(HELLO)
    step = list(engine.watch(run, NEVER))[-1].by_path()["say"]
    assert set(step.output_artifacts) == {"say-Output", "main-logs"}
    assert engine.read_artifact(run, step.id, "say-Output") == b"hello"
    assert engine.read_artifact(run, step.id, "main-logs") == b""


def test_an_artifact_that_does_not_exist_is_named(engine: Engine) -> None:
    run = engine.submit(HELLO)
    step = list(engine.watch(run, NEVER))[-1].by_path()["say"]
    with pytest.raises(EngineError, match="'nothing'"):
        engine.read_artifact(run, step.id, "nothing")


def test_terminating_ends_the_run_as_failed(engine: Engine) -> None:
    run = engine.submit(SLEEP)
    next(state for state in engine.watch(run, NEVER) if state.steps and state.steps[0].phase is Phase.RUNNING)
    engine.terminate(run)
    state = list(engine.watch(run, NEVER))[-1]
    assert (state.phase, state.message) == (Phase.FAILED, "Stopped with strategy 'Terminate'")
    assert state.steps[0].message == "workflow shutdown with strategy:  Terminate"


def test_terminating_a_finished_run_does_nothing(engine: Engine) -> None:
    run = engine.submit(HELLO)
    finish(engine, run)
    engine.terminate(run)
    assert finish(engine, run) is Phase.SUCCEEDED


def test_runs_are_listed_newest_first(engine: Engine) -> None:
    refs = [engine.submit(HELLO) for _ in range(3)]
    for ref in refs:
        finish(engine, ref)
    listed = engine.runs()
    assert [summary.ref for summary in listed] == refs[::-1]
    assert {summary.phase for summary in listed} == {Phase.SUCCEEDED}
    assert [summary.ref for summary in engine.runs(limit=1)] == refs[-1:]
    assert listed.notices == ()


def test_a_run_is_found_by_the_beginning_of_its_id(engine: Engine) -> None:
    run = engine.submit(HELLO)
    assert engine.get(run.id[:-1]) == run
    with pytest.raises(RunNotFoundError, match="'nosuch'"):
        engine.get("nosuch")


def test_a_beginning_that_fits_two_runs_is_no_id(engine: Engine) -> None:
    engine.submit(HELLO)
    engine.submit(HELLO)
    with pytest.raises(RunNotFoundError, match="2 runs start with 'test-'"):
        engine.get("test-")


def test_a_deleted_run_is_gone(engine: Engine) -> None:
    run = engine.submit(HELLO)
    finish(engine, run)
    engine.delete(run)
    assert not engine.runs()
    with pytest.raises(RunNotFoundError):
        engine.workflow(run)


def test_a_running_run_is_not_deleted(engine: Engine) -> None:
    run = engine.submit(SLEEP)
    with pytest.raises(EngineError, match="is running"):
        engine.delete(run)


def test_retry_runs_again_only_what_failed(engine: Engine, gate: Gate) -> None:
    first = python_step("first", WRITE, "{{pod.name}}{{workflow.uid}}", OUT, outputs={"first-Output": OUT})
    steps = [first, gate.step("fails"), python_step("last", "")]
    run = engine.submit(workflow(*steps, tasks=[task("first"), task("fails", "first"), task("last", "fails")]))
    before = list(engine.watch(run, NEVER))[-1]
    assert before.phase is Phase.FAILED
    gate.open()
    engine.retry(run)
    after = list(engine.watch(run, NEVER))[-1]
    assert after.phase is Phase.SUCCEEDED
    assert {node.phase for node in after.nodes.values()} == {Phase.SUCCEEDED}
    assert after.by_path()["first"].started_at == before.by_path()["first"].started_at


def test_what_has_not_failed_is_not_retried(engine: Engine) -> None:
    run, running = engine.submit(HELLO), engine.submit(SLEEP)
    with pytest.raises(EngineError, match="is running"):
        engine.retry(running)
    finish(engine, run)
    with pytest.raises(EngineError, match="has succeeded"):
        engine.retry(run)


@pytest.mark.parametrize("action", ["terminate", "retry", "delete", "workflow"])
def test_a_run_that_is_not_there_is_named(engine: Engine, action: str) -> None:
    with pytest.raises(RunNotFoundError, match="'gone'"):
        getattr(engine, action)(RunRef(engine.name, "gone"))


def test_the_names_given_are_kept(engine: Engine) -> None:
    run = engine.submit(HELLO, run_name="My run", experiment="Mine")
    annotations = engine.workflow(run)["metadata"]["annotations"]
    assert annotations["pipelines.kubeflow.org/run_name"] == "My run"
    assert "Mine" in annotations.values()
    (listed,) = engine.runs()
    assert (listed.name, listed.experiment) == ("My run", "Mine")


def test_a_run_without_a_name_is_listed_without_one(engine: Engine) -> None:
    engine.submit(HELLO)
    (listed,) = engine.runs()
    assert (listed.name, listed.experiment, listed.url) == ("", "", "")


def test_a_run_is_found_by_its_name_where_no_other_is_called_so(engine: Engine) -> None:
    run, *_ = [engine.submit(HELLO, run_name=name) for name in ("Mine", "Twice", "Twice", "")]
    assert engine.get("Mine") == run
    with pytest.raises(RunNotFoundError, match="2 runs are called 'Twice'"):
        engine.get("Twice")


def test_another_engine_object_attaches_to_the_run(engine: Engine, make_engine: Callable[[], Engine]) -> None:
    run = engine.submit(HELLO)
    other = make_engine()
    assert finish(other, other.get(run.id)) is Phase.SUCCEEDED


def test_right_settings_pass_the_check(engine: Engine) -> None:
    engine.check()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("local", {"root": "/tmp/one:two"}),
        ("argo", {"kubeconfig": "/no/such/file"}),
        ("argo", {"namespace": "Two Words"}),
    ],
)
def test_settings_that_no_run_works_with_do_not(name: str, options: Options, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(CONFIG)
    given = {"kubeconfig": str(kubeconfig)} if name == "argo" else {}
    with pytest.raises(EngineError):
        get_engine(name, **(given | options)).check()


def test_an_unknown_engine_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'local'"):
        get_engine("locall")


def test_a_parameter_that_is_taken_as_a_file_comes_from_the_workflows_arguments(engine: Engine) -> None:
    show = python_step("show", "import sys; print(open(sys.argv[1]).read())", "/tmp/inputs/note/data")
    show["inputs"] = {"artifacts": [{"name": "note", "path": "/tmp/inputs/note/data"}]}
    made = workflow(
        show,
        tasks=[task("show") | {"arguments": {"artifacts": [{"name": "note", "from": "{{inputs.artifacts.note}}"}]}}],
    )
    made["spec"]["arguments"] = {
        "parameters": [{"name": "note", "value": "hello {{workflow.name}} {{other}}"}],
        "artifacts": [{"name": "note", "raw": {"data": "{{workflow.parameters.note}}"}}],
    }
    entrypoint = next(t for t in made["spec"]["templates"] if t["name"] == made["spec"]["entrypoint"])
    entrypoint["inputs"] = {"artifacts": [{"name": "note"}]}
    run = engine.submit(made)
    state = list(engine.watch(run, NEVER))[-1]
    assert state.phase is Phase.SUCCEEDED
    log = "".join(chunk.text for chunk in engine.logs(run, state.by_path()["show"].id, follow=False, stop=NEVER))
    assert log == f"hello {run.id} {{{{other}}}}\n"
