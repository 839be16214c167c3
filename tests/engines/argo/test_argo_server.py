"""What only an Argo Server has, from a real one: offloaded steps, runs of the archive, artifacts out of reach."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable

import pytest

from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, RunNotFoundError, UsageError
from kfp_jupyter.runs import Phase
from tests.cluster.not_run import not_run
from tests.cluster.places import ARCHIVED
from tests.cluster.running import Cluster
from tests.engines.argo.conftest import NEVER
from tests.engines.argo.test_logs import remove_pods, said
from tests.engines.workflows import Workflow, python_step, task, workflow

COPIES = 13
"""So many nodes with a value of 100,000 letters are more than the controller leaves in a Workflow as they are."""

WRITES = "print('hello'); open('/tmp/out', 'w').write('there')"


def large(text: str, *, copies: int = COPIES, program: str = WRITES) -> Workflow:
    """A Workflow whose nodes are large and few; one of them has a pod."""
    held = {"name": "held", "inputs": {"parameters": [{"name": "text"}]}, "suspend": {"duration": "1s"}}
    given = {"text": "{{inputs.parameters.text}}"}
    tasks = [task("held", name=f"held-{number}", parameters=given) for number in range(copies)]
    return workflow(
        held, python_step("step", program, files={"out": "/tmp/out"}), tasks=[*tasks, task("step")], text=text
    )


def unpackable() -> str:
    """A text that doesn't get shorter by packing."""
    letters = string.ascii_letters + string.digits + "+/"
    return "".join(random.choices(letters, k=100_000))


def until(there: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline, "it didn't happen"
        time.sleep(0.2)


@pytest.fixture
def served(cluster: Cluster, namespace: str, argo: ArgoEngine) -> ArgoEngine:
    """An engine with an Argo Server, whose runs the archive keeps."""
    if not cluster.argo:
        not_run("$KFP_JUPYTER_TEST_ARGO names no Argo Server")
    return ArgoEngine(
        kubeconfig=str(cluster.kubeconfig),
        namespace=namespace,
        s3_endpoint=cluster.s3,
        labels=argo._labels | {ARCHIVED: "true"},
        server=cluster.argo,
        server_insecure=True,
    )


def test_nodes_that_the_controller_has_packed_need_no_server(argo: ArgoEngine, objects: Objects) -> None:
    run = argo.submit(large("a" * 100_000))
    states = list(argo.watch(run, NEVER))
    stored, _ = objects.find_workflow(run.id)
    assert stored
    assert stored["status"]["compressedNodes"]
    assert "nodes" not in stored["status"]
    assert states[-1].phase is Phase.SUCCEEDED
    assert len(states[-1].nodes) == COPIES + 2
    assert len(argo.workflow(run)["status"]["nodes"]) == COPIES + 2


def test_nodes_in_a_database_come_through_the_server_and_the_run_is_in_the_archive(
    served: ArgoEngine, argo: ArgoEngine, objects: Objects, cluster: Cluster, namespace: str
) -> None:
    run = served.submit(large(unpackable()))
    states = list(served.watch(run, NEVER))
    step = states[-1].by_path()["step"]
    assert states[-1].phase is Phase.SUCCEEDED
    assert len(states[-1].nodes) == COPIES + 2
    assert said(list(served.logs(run, step.id, follow=False, stop=NEVER))) == "hello\n"
    for look in (argo.workflow, lambda ref: next(argo.watch(ref, NEVER))):
        with pytest.raises(EngineError, match=f"steps of the run '{run.id}' can't be read: .*server=https"):
            look(run)

    until(lambda: _is_archived(objects, run))
    until(lambda: run in [summary.ref for summary in served.runs()])
    before = served.runs()
    objects.delete_workflow(run.id, str(served.workflow(run)["metadata"]["uid"]))
    until(lambda: objects.find_workflow(run.id)[0] is None)
    remove_pods(objects, run)

    assert served.runs() == before
    assert served.get(run.id[:-1]) == served.get(run.id) == run
    assert [state.nodes.keys() for state in served.watch(run, NEVER)] == [states[-1].nodes.keys()]
    assert said(list(served.logs(run, step.id, follow=True, stop=NEVER))) == "hello\n"
    away = ArgoEngine(
        kubeconfig=str(cluster.kubeconfig),
        namespace=namespace,
        s3_endpoint="http://127.0.0.1:9",
        server=cluster.argo,
        server_insecure=True,
    )
    assert away.read_artifact(run, step.id, "out") == b"there"
    with pytest.raises(RunNotFoundError):
        argo.get(run.id)

    served.delete(run)
    assert not served.runs()
    with pytest.raises(RunNotFoundError):
        next(served.watch(run, NEVER))


@pytest.mark.parametrize("copies", [COPIES, 2 * COPIES], ids=["as stored", "too large to be stored"])
def test_a_run_whose_nodes_are_in_a_database_is_retried(served: ArgoEngine, objects: Objects, copies: int) -> None:
    run = served.submit(large(unpackable(), copies=copies, program="raise SystemExit(3)"))
    *_, failed = served.watch(run, NEVER)
    stored, _ = objects.find_workflow(run.id)
    assert stored
    assert stored["status"]["offloadNodeStatusVersion"]
    assert failed.phase is Phase.FAILED
    served.retry(run)
    *_, again = served.watch(run, NEVER)
    assert again.phase is Phase.FAILED
    before, after = (state.by_path()["step"] for state in (failed, again))
    assert before.finished_at
    assert after.started_at
    assert after.started_at >= before.finished_at
    assert len(again.nodes) == copies + 2


def test_a_run_whose_nodes_are_too_large_to_be_stored_is_resumed(served: ArgoEngine) -> None:
    made = large(unpackable(), copies=2 * COPIES)
    made["spec"]["templates"][-1] = {"name": "step", "suspend": {}}
    run = served.submit(made)
    for state in served.watch(run, NEVER):
        if sum(node.phase is Phase.SUCCEEDED for node in state.nodes.values()) == 2 * COPIES:
            break
    served.resume(run)
    *_, last = served.watch(run, NEVER)
    assert last.phase is Phase.SUCCEEDED


def _is_archived(objects: Objects, run: RunRef) -> bool:
    stored, _ = objects.find_workflow(run.id)
    assert stored
    return bool(stored["metadata"]["labels"].get("workflows.argoproj.io/workflow-archiving-status") == "Archived")


def server(url: str, token: str = "", *, insecure: bool = True) -> ArgoServer:
    """A server that nobody logs in at by default."""
    return ArgoServer(url, token, insecure=insecure, fallback=str)


@pytest.mark.parametrize("url", ["ftp://x", "https://", "://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="is not a valid address"):
        ArgoEngine(server=url)


def test_a_certificate_that_nobody_vouches_for_is_told(served: ArgoEngine, cluster: Cluster) -> None:
    with pytest.raises(EngineError, match=r"is not trusted: .*certificate.*server_insecure=true"):
        server(cluster.argo, insecure=False).workflow("kubeflow", "none")


def test_a_token_that_the_server_does_not_know_is_told(served: ArgoEngine, cluster: Cluster) -> None:
    with pytest.raises(EngineError, match=r"Argo Server at https.*server_token=…"):
        server(cluster.argo, "nonsense").workflow("kubeflow", "none")


def test_a_workflow_that_is_nowhere_is_none(served: ArgoEngine, cluster: Cluster) -> None:
    assert server(cluster.argo).workflow("kubeflow", "none") is None


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(
        EngineError, match=r"The Argo Server at http://127.0.0.1:9 doesn't answer: [^/]*Connection refused"
    ):
        server("http://127.0.0.1:9/").workflow("a", "b")


def test_what_is_no_argo_server_is_told(cluster: Cluster) -> None:
    with pytest.raises(EngineError, match=r"The Argo Server at http://127\.0\.0\.1"):
        server(cluster.s3).workflow("a", "b")
