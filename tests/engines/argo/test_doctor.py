"""What the doctor says of a cluster: a healthy one, one that lacks something, one that may not be seen, and none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import kubernetes
import pytest

from kfp_jupyter.engines.argo.doctor import run_checks
from kfp_jupyter.engines.argo.doctor.context import DoctorContext, within
from kfp_jupyter.engines.argo.doctor.run_checks import examine
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.engines.capabilities import Finding, Severity
from kfp_jupyter.errors import EngineError
from tests.cluster.running import Cluster
from tests.engines.argo.accounts import kubeconfig, new_account

ACCOUNT = "service account"


def by_subject(findings: Iterator[Finding]) -> dict[str, Finding]:
    """The findings by subject, the worst of each."""
    ranks = list(Severity)
    return {f.subject: f for f in sorted(findings, key=lambda f: ranks.index(f.severity))}


@pytest.fixture
def bare(cluster: Cluster) -> Iterator[str]:
    """A namespace with nothing in it."""
    with cluster.new_namespace("bare") as name, cluster.client() as client:
        core = kubernetes.client.CoreV1Api(client)
        core.delete_namespaced_service_account("pipeline-runner", name)
        core.delete_namespaced_config_map("artifact-repositories", name)
        yield name


def test_of_a_healthy_cluster_all_is_good(argo: ArgoEngine) -> None:
    found = list(argo.examine())
    assert [f for f in found if f.severity is not Severity.OK] == []
    assert [f.subject for f in found] == [
        "API",
        "account",
        "namespace",
        "permissions",
        "Argo",
        "controller",
        ACCOUNT,
        "artifacts",
    ]
    assert "Kubernetes v1." in found[0].text


def test_looking_for_the_controller_leaves_no_run_behind(argo: ArgoEngine, objects: Objects) -> None:
    list(argo.examine())
    names = [str(w["metadata"]["name"]) for w in objects.workflows("")]
    assert not [name for name in names if name.startswith("kfp-jupyter-doctor-")]


def test_an_account_without_rights_is_told_each_with_its_command(
    cluster: Cluster, objects: Objects, namespace: str, tmp_path: Path
) -> None:
    with new_account(objects) as nobody:
        file = kubeconfig(cluster, tmp_path / "kubeconfig", {"token": nobody.token()}, namespace=namespace)
        found = list(ArgoEngine(kubeconfig=str(file)).examine())
    rights = [f for f in found if f.subject == "permissions"]
    (runs,) = [f for f in rights if f.severity is Severity.ERROR]
    assert "may not create, get, list, watch, patch, update, delete workflows.argoproj.io" in runs.text
    assert f"--serviceaccount={namespace}:{nobody.name} -n {namespace}" in runs.remedy
    assert all("kubectl create role" in f.remedy for f in rights)
    assert any("events" in f.text for f in rights)
    seen = by_subject(iter(found))
    assert seen["account"].text == f"system:serviceaccount:{namespace}:{nobody.name}"
    assert (seen["controller"].severity, seen[ACCOUNT].severity) == (Severity.WARNING, Severity.WARNING)
    assert "unknown" in seen["controller"].text
    assert "is unknown" in seen[ACCOUNT].text


def test_a_namespace_without_repository_and_account_is_told_what_to_make(cluster: Cluster, bare: str) -> None:
    seen = by_subject(ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=bare).examine())
    assert seen["artifacts"].severity is Severity.WARNING
    assert "no artifact repository is configured" in seen["artifacts"].text
    assert seen[ACCOUNT].severity is Severity.ERROR
    assert f"kubectl create serviceaccount pipeline-runner -n {bare}" in seen[ACCOUNT].remedy


def test_an_account_that_may_not_report_is_told(cluster: Cluster, bare: str) -> None:
    with cluster.client() as client:
        kubernetes.client.CoreV1Api(client).create_namespaced_service_account(
            bare, {"metadata": {"name": "pipeline-runner"}}
        )
        kubernetes.client.RbacAuthorizationV1Api(client).delete_namespaced_role_binding("pipeline-runner", bare)
    found = by_subject(ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=bare).examine())[ACCOUNT]
    assert (found.severity, "may not report to Argo" in found.text) == (Severity.ERROR, True)


def test_a_namespace_that_does_not_exist_is_told_and_nothing_looked_for_in_it(cluster: Cluster) -> None:
    seen = by_subject(ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace="nosuch").examine())
    assert seen["namespace"] == Finding(
        "namespace",
        Severity.ERROR,
        "'nosuch' doesn't exist",
        "Choose another with namespace=…, or create it: kubectl create namespace nosuch",
    )
    assert not {"controller", ACCOUNT, "artifacts"} & set(seen)


def test_a_store_that_does_not_answer_is_told(cluster: Cluster, namespace: str) -> None:
    engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, s3_endpoint="http://127.0.0.1:1")
    found = by_subject(engine.examine())["artifacts"]
    assert found.severity is Severity.WARNING
    assert "s3_endpoint" in found.remedy or "doesn't answer" in found.text


def test_an_argo_server_that_does_not_answer_is_told(cluster: Cluster, namespace: str) -> None:
    engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, server="http://127.0.0.1:1")
    found = by_subject(engine.examine())["Argo Server"]
    assert (found.severity, "doesn't answer" in found.text) == (Severity.WARNING, True)


def test_without_a_cluster_that_is_all_there_is_to_say(tmp_path: Path) -> None:
    (found,) = ArgoEngine(kubeconfig=str(tmp_path / "nothing")).examine()
    assert (found.subject, found.severity) == ("API", Severity.ERROR)
    assert "KUBECONFIG" in found.remedy


def config(path: Path, server: str) -> str:
    source = path / "source"
    source.write_text(f"clusters: [{{name: x, cluster: {{server: {server!r}}}}}]")
    return str(kubeconfig(source, path / "kubeconfig", {}, namespace="team"))


def test_an_api_that_does_not_answer_gives_one_line(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        (found,) = ArgoEngine(kubeconfig=config(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}")).examine()
    assert (found.subject, found.severity) == ("API", Severity.ERROR)
    assert "doesn't answer" in found.text


def looking(monkeypatch: pytest.MonkeyPatch, *looks: Callable[[DoctorContext], Iterator[Finding]]) -> list[Finding]:
    """What is found by some looks of a test's own."""
    monkeypatch.setattr(run_checks, "CHECKS", [("thing", look) for look in looks])
    ticks = iter(range(0, 10_000, 25))
    return list(examine(DoctorContext(Objects(connect())), clock=lambda: next(ticks)))


def test_a_look_that_stumbles_keeps_no_other_from_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(_: DoctorContext) -> Iterator[Finding]:
        raise KeyError("x")
        yield

    def looks(_: DoctorContext) -> Iterator[Finding]:
        yield Finding("other", Severity.OK, "is there")

    assert [f.severity for f in looking(monkeypatch, stumbles, looks)] == [Severity.WARNING, Severity.OK]


def test_looks_end_when_they_have_taken_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def looks(_: DoctorContext) -> Iterator[Finding]:
        yield Finding("other", Severity.OK, "is there")

    found = looking(monkeypatch, *[looks] * 10)
    assert len(found) < 10
    assert "skipped" in found[-1].text


def test_what_hangs_is_left_after_a_while() -> None:
    event = threading.Event()
    with pytest.raises(EngineError, match=r"The store doesn't answer within 0\.05 s"):
        within(0.05, lambda: event.wait(30), "The store")
    event.set()
