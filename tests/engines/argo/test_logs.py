"""Logs of steps on a real cluster: whole, in order, each line once, from wherever they are."""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from collections.abc import Iterator

import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import LogChunk, RunRef
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.runs import Phase
from tests.cluster.namespaces import artifact_repository
from tests.cluster.relay import Relay
from tests.cluster.running import Cluster
from tests.engines.argo.conftest import NEVER, Runs
from tests.engines.gates import ConfigMapGate
from tests.engines.workflows import python_step, task, workflow

COUNTS = "import time\nfor n in range(30): print(n, 'ä€', flush=True); time.sleep(0.2)"
COUNTED = "".join(f"{n} ä€\n" for n in range(30))


@pytest.fixture
def gate(cluster: Cluster, namespace: str) -> ConfigMapGate:
    return ConfigMapGate(cluster, namespace)


def said(chunks: list[LogChunk]) -> str:
    return "".join(chunk.text for chunk in chunks if not chunk.notice)


def noticed(chunks: list[LogChunk]) -> list[str]:
    return [chunk.text for chunk in chunks if chunk.notice]


def read(runs: Runs, run: RunRef, node: str, *, follow: bool = False, container: str = "main") -> list[LogChunk]:
    return list(runs.engine.logs(run, node, follow=follow, stop=NEVER, container=container))


def remove_pods(objects: Objects, run: RunRef) -> None:
    selector = f"workflows.argoproj.io/workflow={run.id}"
    for pod in objects.pods(selector, objects.namespace):
        objects.delete_pod(pod["metadata"]["name"])
    while objects.pods(selector, objects.namespace):
        time.sleep(0.2)


@contextlib.contextmanager
def config_map(objects: Objects, data: dict[str, str]) -> Iterator[str]:
    """Make a ConfigMap for a while."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    path = f"/api/v1/namespaces/{objects.namespace}/configmaps"
    body = {"metadata": {"name": name}, "data": data}
    objects.connection.ask(Action("create", "configmaps", objects.namespace), path, body=body)
    try:
        yield name
    finally:
        objects.connection.ask(Action("delete", "configmaps", objects.namespace, name), f"{path}/{name}")


def test_a_log_is_followed_from_before_its_step_starts(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", COUNTS)))
    step = runs.step(run)
    assert said(read(runs, run, step.id, follow=True)) == COUNTED


def test_a_finished_log_is_read_from_its_pod_and_then_from_the_store(runs: Runs, objects: Objects) -> None:
    run = runs.start(workflow(python_step("step", COUNTS.replace("0.2", "0"))))
    step = runs.finish(run).by_path()["step"]
    from_pod = read(runs, run, step.id, follow=True)
    of_wait = read(runs, run, step.id, container="wait")
    of_init = read(runs, run, step.id, container="init")
    with pytest.raises(EngineError, match=r"'step' has no container '\?'\. It has main, wait, init\.$"):
        read(runs, run, step.id, container="?")
    remove_pods(objects, run)
    from_store = read(runs, run, step.id)
    without_pod = read(runs, run, step.id, container="wait")
    unknown = read(runs, run, step.id, container="?")

    assert said(from_pod) == said(from_store) == COUNTED
    assert noticed(from_pod) == noticed(from_store) == []
    assert "level=info" in said(of_wait)
    assert "level=info" in said(of_init)
    assert "only the steps' own logs are kept" in noticed(without_pod)[0]
    assert "Only the log of the container 'main' was kept: the step's pod" in noticed(unknown)[0]


def test_a_log_that_isnt_kept_is_read_from_its_pod_without_a_word_more(runs: Runs, objects: Objects) -> None:
    made = workflow(python_step("step", COUNTS.replace("0.2", "0")))
    with config_map(objects, {"here": json.dumps(artifact_repository() | {"archiveLogs": False})}) as name:
        made["spec"]["artifactRepositoryRef"] = {"configMap": name, "key": "here"}
        run = runs.start(made)
        step = runs.step(run)
        followed = read(runs, run, step.id, follow=True)
        runs.finish(run)
        logs = [followed, read(runs, run, step.id), read(runs, run, step.id, follow=True)]
    assert "main-logs" not in json.dumps(runs.engine.workflow(run)["status"]["nodes"])
    assert [(said(chunks), noticed(chunks)) for chunks in logs] == [(COUNTED, [])] * 3


def test_a_step_that_the_cluster_wouldnt_make_a_pod_for_has_no_log(runs: Runs) -> None:
    step = python_step("step", "print(1)")
    step["container"]["resources"] = {"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}
    run = runs.start(workflow(step))
    node = runs.finish(run).by_path()["step"]
    assert [said(read(runs, run, node.id)), *noticed(read(runs, run, node.id))] == [
        "",
        "This step has no log: it failed before its pod ran.\n",
    ]


def test_each_attempt_of_a_retried_step_has_its_log(runs: Runs, gate: ConfigMapGate) -> None:
    step = gate.step("step") | {"retryStrategy": {"limit": "1"}}
    run = runs.start(workflow(step))
    node = runs.step(run)
    followed = read(runs, run, node.id, follow=True)
    runs.finish(run)
    finished = read(runs, run, node.id)

    assert said(followed) == said(finished) == "attempt\nattempt\n"
    assert [text for text in noticed(finished) if "ttempt" in text] == ["Attempt 1:\n", "Attempt 2:\n"]
    assert "Attempt 2:\n" in noticed(followed)


def test_containers_beside_the_step_have_logs_of_their_own(runs: Runs) -> None:
    step = python_step("step", "import time; time.sleep(2); print('mine')")
    beside = {"image": "python:3.11", "command": ["sh", "-c"]}
    step["initContainers"] = [beside | {"name": "first", "args": ["echo prepared"]}]
    step["sidecars"] = [beside | {"name": "helper", "args": ["echo helping; sleep 600"]}]
    run = runs.start(workflow(step))
    node = runs.finish(run).by_path()["step"]

    assert said(read(runs, run, node.id)) == "mine\n"
    assert said(read(runs, run, node.id, container="first")) == "prepared\n"
    assert said(read(runs, run, node.id, container="helper")) == "helping\n"


def test_each_container_of_a_set_has_its_log(runs: Runs) -> None:
    one = {"image": "python:3.11", "command": ["echo"]}
    containers = [one | {"name": "one", "args": ["1"]}, one | {"name": "two", "args": ["2"], "dependencies": ["one"]}]
    run = runs.start(workflow({"name": "step", "containerSet": {"containers": containers}}))
    nodes = runs.finish(run).by_path()

    assert said(read(runs, run, nodes["step.one"].id)) == "1\n"
    assert said(read(runs, run, nodes["step.two"].id)) == "2\n"
    with pytest.raises(EngineError, match="It has one, two, wait, init"):
        read(runs, run, nodes["step"].id)


def test_what_argo_has_against_a_step_is_in_its_log(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "", outputs={"out": "/tmp/nothing/data"})))
    step = runs.finish(run).by_path()["step"]
    assert any("cannot save parameter /tmp/nothing/data" in text for text in noticed(read(runs, run, step.id)))


def test_a_step_that_did_not_run_has_no_log(runs: Runs) -> None:
    steps = [python_step("bad", "raise SystemExit(1)"), python_step("after", "")]
    run = runs.start(workflow(*steps, tasks=[task("bad"), task("after", "bad")]))
    nodes = runs.finish(run).by_path()
    (chunk,) = read(runs, run, nodes["after"].id, follow=True)
    assert (chunk.notice, chunk.text) == (True, "This step has no log: it hasn't run.\n")


def test_a_step_without_its_pod_and_without_a_kept_log_says_so(runs: Runs, objects: Objects) -> None:
    keeps_none = {key: value for key, value in artifact_repository().items() if key != "archiveLogs"}
    with config_map(objects, {"default": json.dumps(keeps_none)}) as name:
        made = workflow(python_step("step", "print(1)"))
        made["spec"]["artifactRepositoryRef"] = {"configMap": name, "key": "default"}
        run = runs.start(made)
        step = runs.finish(run).by_path()["step"]
    remove_pods(objects, run)
    (text,) = noticed(read(runs, run, step.id))
    assert text.startswith("The log of this step is no longer available: its pod ")
    assert text.endswith("is gone. The cluster kept no log of it. Logs are kept only when archiveLogs is set.\n")


def test_a_log_goes_on_after_the_network_was_cut(runs: Runs, shaky: tuple[ArgoEngine, Relay]) -> None:
    engine, relay = shaky
    run = runs.start(workflow(python_step("step", COUNTS)))
    step = runs.step(run)

    def chunks() -> Iterator[LogChunk]:
        seen = 0
        for chunk in engine.logs(run, step.id, follow=True, stop=NEVER):
            yield chunk
            seen += chunk.text.count("\n")
            if seen in (5, 12, 20):
                relay.break_connections()

    assert said(list(chunks())) == COUNTED


def test_lines_of_the_same_moment_come_once_though_the_network_breaks(
    runs: Runs, shaky: tuple[ArgoEngine, Relay]
) -> None:
    engine, relay = shaky
    program = "import os, time\nfor n in range(8):\n  os.write(1, b'same\\n' * 4000)\n  time.sleep(0.25)"
    run = runs.start(workflow(python_step("step", program)))
    step = runs.step(run)
    text = ""
    for number, chunk in enumerate(engine.logs(run, step.id, follow=True, stop=NEVER)):
        text += chunk.text * (not chunk.notice)
        if number % 3 == 0:
            relay.break_connections()
    assert runs.finish(run).phase is Phase.SUCCEEDED
    assert text == "same\n" * 32000


def test_lines_of_a_megabyte_and_bytes_that_are_no_text_arrive(runs: Runs, objects: Objects) -> None:
    program = "import os\nos.write(1, ('ä' * 500_000 + '\\n').encode() * 2 + bytes(range(256)) + b'\\n')"
    run = runs.start(workflow(python_step("step", program)))
    step = runs.step(run)
    followed = said(read(runs, run, step.id, follow=True))
    runs.finish(run)
    remove_pods(objects, run)
    kept = said(read(runs, run, step.id))

    long, longer, *rest = followed.split("\n")
    assert long == longer == "ä" * 500_000
    assert "\n".join(rest) == bytes(range(256)).decode(errors="replace") + "\n"
    assert kept == followed
