"""What the Argo engine does beyond what every engine does, on a real cluster."""

from __future__ import annotations

import json
import threading
import time
import uuid
from pathlib import Path

import pytest
import yaml

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.errors import Action
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.runs import Phase
from tests.cluster.relay import Relay
from tests.cluster.running import Cluster
from tests.engines.argo.conftest import NEVER, Runs
from tests.engines.gates import ConfigMapGate
from tests.engines.workflows import python_step, task, workflow

WAITS = workflow(python_step("step", "import time; print('up', flush=True); time.sleep(600)"))
COUNTS = "import time\nfor n in range(30): print(n, 'ä€', flush=True); time.sleep(0.2)"
COUNTED = "".join(f"{n} ä€\n" for n in range(30))


@pytest.fixture
def gate(cluster: Cluster, namespace: str) -> ConfigMapGate:
    return ConfigMapGate(cluster, namespace)


def test_a_run_bears_our_labels(runs: Runs, argo: ArgoEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/My notebook.ipynb")
    run = argo.submit(WAITS, experiment="Größe 1", run_name="Mine")
    metadata = argo.workflow(run)["metadata"]
    assert run.id.startswith("test-")
    assert metadata["labels"]["app.kubernetes.io/managed-by"] == "kfp-jupyter"
    assert metadata["labels"]["kfp-jupyter/pipeline"] == "test"
    assert metadata["labels"]["kfp-jupyter/notebook"] == "My-notebook.ipynb"
    assert metadata["labels"]["kfp-jupyter/experiment"] == "Gr-e-1"
    assert metadata["annotations"]["pipelines.kubeflow.org/experiment_name"] == "Größe 1"


def test_an_unknown_parameter_is_refused_before_anything_starts(argo: ArgoEngine) -> None:
    with pytest.raises(EngineError, match=r"no parameter 'wrod'.*'word'"):
        argo.submit(workflow(python_step("step", ""), word="a", other="b"), arguments={"wrod": "x"})
    assert argo.runs() == []


def test_a_retry_keeps_what_succeeded(runs: Runs, gate: ConfigMapGate) -> None:
    steps = [python_step("first", "print(1)"), gate.step("fails"), python_step("last", "")]
    tasks = [task("first"), task("fails", "first"), task("last", "fails")]
    run = runs.start(workflow(*steps, tasks=tasks))
    before = runs.finish(run)
    assert before.phase is Phase.FAILED
    gate.open()
    runs.engine.retry(run)
    after = runs.finish(run)
    assert {node.phase for node in after.nodes.values()} == {Phase.SUCCEEDED}
    assert after.by_path()["first"] == before.by_path()["first"]


def test_a_stopped_run_can_be_retried(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "import time; time.sleep(5)")))
    runs.until(run, lambda state: any(node.phase is Phase.RUNNING for node in state.steps))
    runs.engine.terminate(run)
    assert runs.finish(run).phase is Phase.FAILED
    runs.engine.retry(run)
    assert runs.finish(run).phase is Phase.SUCCEEDED


def test_a_succeeded_run_is_not_retried(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "")))
    runs.finish(run)
    with pytest.raises(EngineError, match="nothing to retry"):
        runs.engine.retry(run)


def test_the_log_of_a_step_that_has_not_started_is_waited_for(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", COUNTS)))
    step = runs.step(run)
    assert runs.log(run, step.id, follow=True) == COUNTED


def test_a_log_is_read_from_the_store_when_its_pod_is_gone(runs: Runs, objects: Objects, namespace: str) -> None:
    run = runs.start(workflow(python_step("step", COUNTS.replace("0.2", "0"))))
    step = runs.finish(run).by_path()["step"]
    objects.delete_pod(runs.pod_of(run))
    while objects.pods(f"workflows.argoproj.io/workflow={run.id}", namespace):
        time.sleep(0.2)
    assert runs.log(run, step.id) == COUNTED


def test_each_attempt_of_a_retried_step_has_its_log(runs: Runs, gate: ConfigMapGate) -> None:
    step = gate.step("step") | {"retryStrategy": {"limit": "1"}}
    run = runs.start(workflow(step))
    node = runs.finish(run).by_path()["step"]
    chunks = list(runs.engine.logs(run, node.id, follow=False, stop=NEVER))
    said = [c.text for c in chunks if c.notice and "ttempt" in c.text]
    assert said == ["Attempt 1 of 2:\n", "Attempt 2 of 2:\n"]
    assert "".join(c.text for c in chunks if not c.notice) == "attempt\nattempt\n"


def test_what_argo_has_against_a_step_is_in_its_log(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "", outputs={"out": "/tmp/nothing/data"})))
    step = runs.finish(run).by_path()["step"]
    chunks = list(runs.engine.logs(run, step.id, follow=False, stop=NEVER))
    assert any(c.notice and "cannot save parameter /tmp/nothing/data" in c.text for c in chunks)


def test_a_step_that_did_not_run_has_no_log(runs: Runs) -> None:
    steps = [python_step("bad", "raise SystemExit(1)"), python_step("after", "")]
    run = runs.start(workflow(*steps, tasks=[task("bad"), task("after", "bad")]))
    node = runs.finish(run).by_path()["after"]
    (chunk,) = runs.engine.logs(run, node.id, follow=True, stop=NEVER)
    assert (chunk.notice, chunk.text) == (True, "This step has no log: it hasn't run.\n")


def test_a_plain_artifact_is_read_as_it_is(runs: Runs) -> None:
    step = python_step("step", "open('/tmp/x', 'wb').write(bytes(range(256)))", files={"x": "/tmp/x"})
    step["outputs"]["artifacts"][0]["archive"] = {"none": {}}
    run = runs.start(workflow(step))
    node = runs.finish(run).by_path()["step"]
    assert runs.engine.read_artifact(run, node.id, "x") == bytes(range(256))


def test_a_watch_ends_soon_after_it_is_told(runs: Runs) -> None:
    run = runs.start(WAITS)
    runs.until(run, lambda state: any(node.phase is Phase.RUNNING for node in state.steps))
    stop = threading.Event()
    done = threading.Event()

    def watch() -> None:
        for _ in runs.engine.watch(run, stop):
            pass
        done.set()

    threading.Thread(target=watch, daemon=True).start()
    assert not done.wait(1.0)
    stop.set()
    assert done.wait(10)


def test_a_run_that_is_deleted_under_us_is_told(runs: Runs, objects: Objects) -> None:
    run = runs.start(WAITS)
    watched = runs.engine.watch(run, NEVER)
    next(state for state in watched if state.nodes)
    objects.delete_workflow(run.id, runs.engine.workflow(run)["metadata"]["uid"])
    with pytest.raises(RunNotFoundError, match="was deleted"):
        list(watched)


def test_watching_what_is_not_there_is_told(argo: ArgoEngine) -> None:
    with pytest.raises(RunNotFoundError, match="'nothing'"):
        list(argo.watch(RunRef("argo", "nothing"), NEVER))


def test_a_watch_goes_on_after_the_network_was_cut(runs: Runs, shaky: tuple[ArgoEngine, Relay]) -> None:
    engine, relay = shaky
    run = runs.start(workflow(python_step("step", "import time; time.sleep(4)")))
    states = []
    for state in engine.watch(run, NEVER):
        states.append(state)
        if len(states) == 2:
            cut = relay.cut()
            cut.__enter__()
            threading.Timer(2.0, cut.__exit__, (None, None, None)).start()
    assert [state.phase.finished for state in states] == [False] * (len(states) - 1) + [True]
    assert states[-1].phase is Phase.SUCCEEDED
    assert len(states) == len({repr(state) for state in states})


def test_a_log_goes_on_after_the_network_was_cut(runs: Runs, shaky: tuple[ArgoEngine, Relay]) -> None:
    engine, relay = shaky
    run = runs.start(workflow(python_step("step", COUNTS)))
    step = runs.step(run)
    text = ""
    for chunk in engine.logs(run, step.id, follow=True, stop=NEVER):
        text += "" if chunk.notice else chunk.text
        if text.count("\n") in (5, 12, 20):
            relay.break_connections()
    assert text == COUNTED


def test_a_watch_ends_when_told_though_the_network_hangs(runs: Runs, shaky: tuple[ArgoEngine, Relay]) -> None:
    engine, relay = shaky
    run = runs.start(WAITS)
    stop, seen, done = threading.Event(), threading.Event(), threading.Event()

    def watch() -> None:
        for _ in engine.watch(run, stop):
            seen.set()
        done.set()

    threading.Thread(target=watch, daemon=True).start()
    assert seen.wait(30)
    with relay.hung():
        assert not done.wait(1.0)
        stop.set()
        assert done.wait(5)


def test_an_account_without_rights_gets_the_command_that_gives_them(
    cluster: Cluster, namespace: str, objects: Objects, tmp_path: Path
) -> None:
    name = f"nobody-{uuid.uuid4().hex[:8]}"
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    act = Action("create", "serviceaccounts", namespace, name)
    objects.connection.ask(act, path, body={"metadata": {"name": name}})
    try:
        token = objects.connection.ask(
            act,
            f"{path}/{name}/token",
            body={"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}},
        )["status"]["token"]
        config = yaml.safe_load(cluster.kubeconfig.read_text())
        config["users"][0]["user"] = {"token": token}
        file = tmp_path / "kubeconfig"
        file.write_text(json.dumps(config))
        with pytest.raises(EngineError) as caught:
            ArgoEngine(kubeconfig=str(file), namespace=namespace).submit(WAITS)
    finally:
        objects.connection.ask(Action("delete", "serviceaccounts", namespace, name), f"{path}/{name}")
    assert "may not create workflows.argoproj.io" in caught.value.message
    assert f"--serviceaccount={namespace}:{name}" in caught.value.remedy


def test_a_cluster_that_does_not_answer_is_told(tmp_path: Path) -> None:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "mine"}}],
    }
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(config))
    engine = ArgoEngine(kubeconfig=str(file))
    assert engine.namespace == "mine"
    with pytest.raises(EngineError, match=r"http://127.0.0.1:9 doesn't answer .*Connection refused"):
        engine.runs()
    with pytest.raises(EngineError, match=r"no context 'd'.*It has 'c'"):
        ArgoEngine(kubeconfig=str(file), context="d").runs()


def test_without_any_cluster_it_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"No Kubernetes cluster is known here.*KUBECONFIG"):
        ArgoEngine(kubeconfig=str(tmp_path / "none")).runs()
