"""Logs while pods, the store or the API server go away; and logs that are large."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.logs import pod_log
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.engines.base import LogChunk, RunRef
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.runs import Phase
from tests.cluster import control
from tests.cluster.running import Cluster
from tests.engines.argo.conftest import NEVER, Runs
from tests.engines.argo.test_logs import noticed, read, said
from tests.engines.workflows import Workflow, python_step, workflow

COUNTS = "import time\nfor n in range(40): print(n, 'ä€', flush=True); time.sleep(0.2)"
COUNTED = "".join(f"{n} ä€\n" for n in range(40))


@pytest.fixture
def runs(cluster: Cluster, namespace: str) -> Iterator[Runs]:
    """An engine whose runs are ended after the test."""
    engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, s3_endpoint=cluster.s3)
    before = {summary.ref for summary in engine.runs()}
    yield Runs(engine, Objects(connect(kubeconfig=str(cluster.kubeconfig), namespace=namespace)))
    for summary in engine.runs():
        if summary.ref not in before and not summary.phase.finished:
            with contextlib.suppress(EngineError):
                engine.terminate(summary.ref)


def collected(program: str) -> Workflow:
    """A Workflow whose pods are removed as soon as they have ended."""
    made = workflow(python_step("step", program))
    made["spec"]["podGC"] = {"strategy": "OnPodCompletion", "deleteDelayDuration": "0s"}
    return made


def without_pods(runs: Runs, run: RunRef) -> None:
    while runs.objects.pods(f"workflows.argoproj.io/workflow={run.id}", runs.objects.namespace):
        time.sleep(0.2)


def test_a_log_whose_pod_was_collected_waits_for_its_store(whole_cluster: Cluster, runs: Runs) -> None:
    run = runs.start(collected("print('kept')"))
    step = runs.finish(run).by_path()["step"]
    without_pods(runs, run)
    assert said(read(runs, run, step.id, follow=True)) == "kept\n"
    with control.stopped("minio"):
        (notice,) = noticed(read(runs, run, step.id, follow=True))
    assert "can't be read now: The artifact 'main-logs' can't be read: its store at http" in notice
    assert "doesn't answer" in notice

    def kept() -> str:
        return said(read(runs, run, step.id))

    deadline = time.monotonic() + 60
    while not (text := kept()):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert text == "kept\n"


def followed(runs: Runs, run: RunRef, node: str, faults: Mapping[int, Callable[[], None]]) -> list[LogChunk]:
    """Follow a log, and do something after some lines of it."""
    chunks: list[LogChunk] = []
    waiting = sorted(faults)
    for chunk in runs.engine.logs(run, node, follow=True, stop=NEVER):
        chunks.append(chunk)
        if waiting and said(chunks).count("\n") >= waiting[0]:
            faults[waiting.pop(0)]()
    return chunks


def removed(runs: Runs, pod: str) -> None:
    """Delete a pod without letting it end."""
    namespace = runs.objects.namespace
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}"
    runs.objects.connection.ask(Action("delete", "pods", namespace, pod), path, query={"gracePeriodSeconds": 0})


def test_a_pod_that_takes_the_place_of_a_deleted_one_is_told(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pod_log, "LOG_QUIET_SECONDS", 3.0)
    run = runs.start(workflow(python_step("step", COUNTS.replace("40", "20"))))
    step = runs.step(run)
    chunks = followed(runs, run, step.id, {5: lambda: removed(runs, runs.pod_of(run))})
    assert runs.finish(run).phase is Phase.SUCCEEDED
    at = next(n for n, chunk in enumerate(chunks) if chunk.notice and "another one runs the step again" in chunk.text)
    assert said(chunks[at:]) == "".join(f"{n} ä€\n" for n in range(20))


def test_a_log_goes_on_after_the_api_server_died(whole_cluster: Cluster, runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", COUNTS)))
    step = runs.step(run)

    def kill() -> None:
        control.order("kill", "kube-apiserver")

    assert said(followed(runs, run, step.id, {5: kill, 25: kill})) == COUNTED


LINE = "x" * 99 + "\n"
LINES = 500_000


def printing(lines: int, bursts: int = 1, pause: float = 0.0) -> Workflow:
    """A Workflow whose step writes numbered lines, some at a time."""
    program = f"""import sys, time
for burst in range({bursts}):
    for n in range({lines}): sys.stdout.write(f'{{burst * {lines} + n:07}}' + {LINE[7:]!r})
    sys.stdout.flush(); time.sleep({pause})"""
    return workflow(python_step("step", program))


def assert_whole(chunks: list[LogChunk], lines: int) -> None:
    """Check that every line is there, and in its order where the log doesn't say that it isn't."""
    expected = [f"{n:07}{LINE[7:-1]}" for n in range(lines)]
    read = said(chunks).splitlines()
    assert sorted(set(expected).difference(read))[:3] == []
    # Not shown by the assertion: it would be all of it.
    in_order = read == expected
    assert in_order or any("are missing above. As they were kept:" in text for text in noticed(chunks))


def test_a_log_of_fifty_megabytes_arrives_whole(runs: Runs) -> None:
    run = runs.start(printing(LINES))
    step = runs.step(run)
    followed = read(runs, run, step.id, follow=True)
    runs.finish(run)
    finished = read(runs, run, step.id)
    assert_whole(followed, LINES)
    assert noticed(finished) == []
    assert_whole(finished, LINES)


def test_a_log_that_goes_on_in_new_files_before_it_was_read_is_completed(runs: Runs) -> None:
    run = runs.start(printing(120_000, bursts=3, pause=5.0))
    step = runs.step(run)
    chunks: list[LogChunk] = []
    for chunk in runs.engine.logs(run, step.id, follow=True, stop=NEVER):
        if not chunks:
            # Meanwhile the node begins a new file, and another one.
            time.sleep(15)
        chunks.append(chunk)
    assert_whole(chunks, 360_000)
    finished = read(runs, run, step.id)
    assert noticed(finished) == []
    assert_whole(finished, 360_000)
