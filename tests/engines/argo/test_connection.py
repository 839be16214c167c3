"""Credentials of all kinds against a real API: what works, and what is said when they don't."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import kubernetes
import pytest

import kfp_jupyter
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.rbac import Action
from tests.cluster.namespaces import ACCOUNT
from tests.cluster.not_run import not_run
from tests.cluster.places import PROGRAMS
from tests.cluster.running import Cluster
from tests.engines.argo.accounts import Account, kubeconfig, new_account, runs_account
from tests.engines.argo.conftest import SUSPENDED

SECONDS = 60
"""Before a pod counts as stuck."""

INSIDE = f"""
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.cancel_token import CancelToken
engine = ArgoEngine()
run = engine.submit({SUSPENDED!r})
print(engine.namespace, *(state.phase.value for state in engine.watch(run, CancelToken())))
"""


@pytest.fixture
def account(objects: Objects) -> Account:
    return runs_account(objects)


@pytest.fixture
def nobody(objects: Objects) -> Iterator[Account]:
    with new_account(objects) as made:
        yield made


@pytest.fixture
def local_cluster(cluster: Cluster) -> Cluster:
    """The cluster whose pods see this machine's files."""
    if not cluster.ours:
        not_run("pods of this cluster can't see this package")
    return cluster


def login(directory: Path, token: str, seconds: float) -> dict[str, Any]:
    """Write a program that hands out a token and notes each time that it is asked; return the user it logs in."""
    version = "client.authentication.k8s.io/v1"
    expires = (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = {"token": token, "expirationTimestamp": expires}
    credential = directory / "credential.json"
    credential.write_text(json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status}))
    program = directory / "log-in"
    program.write_text(f"#!/bin/sh\necho asked >> {directory}/asked\ncat {credential}\n")
    program.chmod(0o755)
    return {"exec": {"apiVersion": version, "command": str(program), "interactiveMode": "Never"}}


def reached(file: Path, namespace: str) -> Objects:
    """Return a namespace as one reaches it with a kubeconfig."""
    return Objects(connect(kubeconfig=str(file), namespace=namespace))


def asked(directory: Path) -> int:
    return len((directory / "asked").read_text().splitlines())


def pod_with_the_package(program: str) -> dict[str, Any]:
    """Return a pod that runs Python with this package and the client, from this machine's own files."""
    libraries = Path(kubernetes.__file__).parents[1]
    folders = {"/code/kfp_jupyter": Path(kfp_jupyter.__file__).parent, "/libraries": libraries}
    mounts = [{"name": f"n{n}", "mountPath": path, "readOnly": True} for n, path in enumerate(folders)]
    volumes = [{"name": f"n{n}", "hostPath": {"path": str(path)}} for n, path in enumerate(folders.values())]
    container = {
        "name": "main",
        "image": "python:3.11",
        "command": ["python3", "-B", "-c", program],
        "env": [{"name": "PYTHONPATH", "value": "/code:/libraries"}],
        "volumeMounts": mounts,
    }
    spec = {"serviceAccountName": ACCOUNT, "restartPolicy": "Never", "containers": [container], "volumes": volumes}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "inside-"}, "spec": spec}


def test_in_a_pod_its_own_account_and_namespace_are_taken(local_cluster: Cluster, namespace: str) -> None:
    with local_cluster.client() as client:
        core = kubernetes.client.CoreV1Api(client)
        name = core.create_namespaced_pod(namespace, pod_with_the_package(INSIDE)).metadata.name
        deadline = time.monotonic() + SECONDS
        while core.read_namespaced_pod(name, namespace).status.phase not in ("Succeeded", "Failed"):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        said = core.read_namespaced_pod_log(name, namespace, _preload_content=False).data.decode().split()
    assert said[0] == namespace
    assert said[-1] == "Succeeded"


def test_the_context_s_namespace_is_taken(cluster: Cluster, account: Account, namespace: str, tmp_path: Path) -> None:
    file = kubeconfig(cluster, tmp_path / "k", {"token": account.token()}, namespace=namespace)
    assert ArgoEngine(kubeconfig=str(file)).runs() is not None
    assert ArgoEngine(kubeconfig=str(file)).namespace == namespace


def test_a_token_s_file_may_change(cluster: Cluster, account: Account, namespace: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("no longer good")
    objects = reached(kubeconfig(cluster, tmp_path / "k", {"tokenFile": str(file)}), namespace)
    with pytest.raises(EngineError, match="doesn't accept the credentials"):
        objects.find_workflow("x")
    file.write_text(account.token())
    assert objects.find_workflow("x")[0] is None


def test_a_token_may_be_replaced_in_the_kubeconfig(
    cluster: Cluster, account: Account, namespace: str, tmp_path: Path
) -> None:
    file = kubeconfig(cluster, tmp_path / "k", {"token": "revoked"})
    objects = reached(file, namespace)
    assert objects.connection.client
    kubeconfig(cluster, file, {"token": account.token()})
    assert objects.find_workflow("x")[0] is None


def test_a_login_program_is_asked_once_while_its_token_lasts(
    cluster: Cluster, account: Account, namespace: str, tmp_path: Path
) -> None:
    objects = reached(kubeconfig(cluster, tmp_path / "k", login(tmp_path, account.token(), 600)), namespace)
    for _ in range(3):
        objects.find_workflow("x")
    assert asked(tmp_path) == 1


def test_a_login_program_is_asked_again_when_its_token_is_refused(
    cluster: Cluster, account: Account, namespace: str, tmp_path: Path
) -> None:
    objects = reached(kubeconfig(cluster, tmp_path / "k", login(tmp_path, "revoked", 600)), namespace)
    assert objects.connection.client
    login(tmp_path, account.token(), 600)
    assert objects.find_workflow("x")[0] is None
    assert asked(tmp_path) == 2


def test_who_sends_no_credentials_is_told_to_log_in(cluster: Cluster, namespace: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"doesn't accept the credentials.*Log in again"):
        reached(kubeconfig(cluster, tmp_path / "k", {}), namespace).find_workflow("x")


@pytest.mark.parametrize(
    ("authority", "words"),
    [(None, "certificate verify failed: self[- ]signed certificate"), ("aGVsbG8=", "no certificate or crl found")],
    ids=["one that nobody knows", "no certificate"],
)
def test_a_connection_that_isnt_safe_is_told_until_the_kubeconfig_is_mended(
    cluster: Cluster, account: Account, namespace: str, tmp_path: Path, authority: str | None, words: str
) -> None:
    user = {"token": account.token()}
    file = kubeconfig(cluster, tmp_path / "k", user, certificate_authority_data=authority)
    objects = reached(file, namespace)
    with pytest.raises(EngineError, match=rf"no safe connection .*{words}\. Get a new kubeconfig"):
        objects.find_workflow("x")
    kubeconfig(cluster, file, user)
    assert objects.find_workflow("x")[0] is None


def test_an_http_address_of_an_https_server_is_told(cluster: Cluster, namespace: str, tmp_path: Path) -> None:
    server = connect(kubeconfig=str(cluster.kubeconfig)).host.replace("https://", "http://")
    with pytest.raises(EngineError, match="HTTP request to an HTTPS server"):
        reached(kubeconfig(cluster, tmp_path / "k", {}, server=server), namespace).find_workflow("x")


def test_who_lacks_rights_gets_the_command_that_gives_them(
    cluster: Cluster, namespace: str, nobody: Account, tmp_path: Path
) -> None:
    file = kubeconfig(cluster, tmp_path / "k", {"token": nobody.token()}, namespace=namespace)
    engine = ArgoEngine(kubeconfig=str(file), labels={"kfp-jupyter/test": nobody.name})
    with pytest.raises(EngineError) as caught:
        engine.submit(SUSPENDED)
    assert "may not create workflows.argoproj.io" in caught.value.message
    assert f"--serviceaccount={namespace}:{nobody.name}" in caught.value.remedy

    command = caught.value.remedy.partition(": ")[2].replace("kfp-jupyter-workflows", nobody.name)
    env = {**os.environ, "KUBECONFIG": str(cluster.kubeconfig), "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    subprocess.run(command, shell=True, env=env, check=True, capture_output=True)
    run = engine.submit(SUSPENDED)
    assert [summary.ref for summary in engine.runs()] == [run]


def test_a_namespace_that_isnt_there_is_told(cluster: Cluster) -> None:
    with pytest.raises(EngineError, match=r"'no-such-namespace'.*not found"):
        ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace="no-such-namespace").submit(SUSPENDED)


def test_a_role_that_is_asked_for_names_verb_and_resource(
    cluster: Cluster, namespace: str, nobody: Account, tmp_path: Path
) -> None:
    connection = connect(kubeconfig=str(kubeconfig(cluster, tmp_path / "k", {"token": nobody.token()})))
    with pytest.raises(EngineError, match=r"may not get pods/log 'p' in the namespace .*--resource=pods/log"):
        connection.ask(Action("get", "pods/log", namespace, "p"), f"/api/v1/namespaces/{namespace}/pods/p/log")
