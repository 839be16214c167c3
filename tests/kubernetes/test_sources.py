"""Which cluster and which namespace are meant; no cluster is needed to decide that."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.clients import open_client
from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.sources import find_source

CONTEXT = "contexts: [{name: a, context: {cluster: c, user: u, namespace: n}}]\ncurrent-context: a\n"


@pytest.fixture(autouse=True)
def nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)


def written(path: Path, *contexts: str, current: str = "", server: str = "http://127.0.0.1:9", **more: Any) -> Path:
    """Write a kubeconfig whose contexts have namespaces of their own names; those of a capital letter have none."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [
            {"name": name, "context": {"cluster": "c", "user": "u"} | ({} if name.isupper() else {"namespace": name})}
            for name in contexts
        ],
        **({"current-context": current} if current else {}),
        **more,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config))
    return path


def test_the_current_context_counts_unless_another_is_named(tmp_path: Path) -> None:
    file = str(written(tmp_path / "k", "a", "b", current="b"))
    assert Connection(kubeconfig=file).namespace == "b"
    assert Connection(kubeconfig=file, context="a").namespace == "a"
    assert Connection(kubeconfig=file, context="a", namespace="mine").namespace == "mine"


def test_a_context_can_be_named_where_none_is_current(tmp_path: Path) -> None:
    assert Connection(kubeconfig=str(written(tmp_path / "k", "a")), context="a").namespace == "a"


def test_a_kubeconfig_that_is_set_later_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_client(find_source(None, str(written(tmp_path / "k", "a", current="a"))))
    monkeypatch.setenv("KUBECONFIG", str(written(tmp_path / "later", "b", current="b")))
    assert Connection().namespace == "b"


def test_of_several_kubeconfigs_the_first_decides_on_the_context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (written(tmp_path / name, name, current=name) for name in ("a", "b"))
    monkeypatch.setenv("KUBECONFIG", f"{first}:{tmp_path / 'absent'}:{second}")
    assert Connection().namespace == "a"
    assert Connection(context="b").namespace == "b"


def test_the_kubeconfig_at_home_counts_last(tmp_path: Path) -> None:
    written(tmp_path / ".kube" / "config", "home", current="home")
    assert Connection().namespace == "home"


def test_who_switches_contexts_meanwhile_stays_where_runs_are(tmp_path: Path) -> None:
    file = written(tmp_path / "k", "a", "b", current="a")
    connection = Connection(kubeconfig=str(file))
    assert connection.namespace == "a"
    written(file, "a", "b", current="b", server="http://127.0.0.1:10")
    assert connection.namespace == "a"
    assert connection.source.context == "a"


def test_where_no_namespace_is_named_it_is_asked_for(tmp_path: Path) -> None:
    file = str(written(tmp_path / "k", "A", current="A"))
    with pytest.raises(EngineError, match=r"No namespace is set.*context 'A'.*namespace=….*namespace=default"):
        ArgoEngine(kubeconfig=file).runs()
    assert ArgoEngine(kubeconfig=file, namespace="default").namespace == "default"


@pytest.mark.parametrize("namespace", ["my ns", "../kube-system", "A", "x" * 64, "-a"])
def test_what_cant_be_a_namespace_is_refused(tmp_path: Path, namespace: str) -> None:
    file = str(written(tmp_path / "k", "a", current="a"))
    with pytest.raises(EngineError, match=r"is not a valid namespace\. Its name has small letters"):
        ArgoEngine(kubeconfig=file, namespace=namespace).runs()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a: &a [x]\n"
            + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 10)}]\n" for n in range(30)),
            "more than 4 MiB",
        ),
        ("a: " + ":".join(["59"] * 200_000), "a number in it is longer than 1,000 characters"),
        ("[" * 100_000, "it is nested deeper than 100 levels"),
        ("a: &a [*a]", "contains itself"),
        ("#" * 5_000_000, "it is larger than 4,194,304 bytes"),
    ],
    ids=["aliases", "a number", "depth", "itself", "size"],
)
def test_a_kubeconfig_that_would_never_be_read_to_its_end_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bomb"
    file.write_text(text)
    with pytest.raises(EngineError, match=words):
        ArgoEngine(kubeconfig=str(file)).runs()


def test_devices_and_pipes_are_no_kubeconfig(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in ((tmp_path / "pipe", "it is a pipe"), (Path("/dev/zero"), "it is a device")):
        with pytest.raises(EngineError, match=f"The kubeconfig {name} can't be read: {words}, not a regular file"):
            ArgoEngine(kubeconfig=str(name)).runs()


def test_an_unknown_context_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    file = str(written(tmp_path / "k", "a", "b", current="a"))
    with pytest.raises(EngineError, match=r"no context 'd'.*context=…; it has 'a', 'b'"):
        ArgoEngine(kubeconfig=file, context="d").runs()


@pytest.mark.parametrize(
    ("current", "words"),
    [("", "doesn't set a current context"), ("gone", "has no context 'gone'")],
    ids=["none", "one that isn't there"],
)
def test_a_current_context_that_doesnt_do_is_told(tmp_path: Path, current: str, words: str) -> None:
    file = str(written(tmp_path / "k", "a", current=current))
    with pytest.raises(EngineError, match=words):
        ArgoEngine(kubeconfig=file).runs()


def test_without_any_cluster_it_says_what_to_set() -> None:
    with pytest.raises(EngineError, match=r"No Kubernetes cluster is known here: this is not a pod.*Set KUBECONFIG"):
        ArgoEngine().runs()


def test_a_kubeconfig_that_isnt_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"there is no kubeconfig .*absent"):
        ArgoEngine(kubeconfig=str(tmp_path / "absent")).runs()


def test_in_a_pod_without_a_token_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
    with pytest.raises(EngineError, match="this pod has no service account's token"):
        ArgoEngine().runs()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        "- a",
        "just words",
        "a: [",
        "\x00",
        "contexts: 5\ncurrent-context: a",
        "contexts: [a]\ncurrent-context: a",
        "contexts: [{name: a}]\ncurrent-context: a",
        "contexts: [{name: a, context: {cluster: gone, namespace: n}}]\ncurrent-context: a",
        f"{CONTEXT}clusters: [{{name: c, cluster: {{server: 'http://h'}}}}]\nusers: [{{name: u, user: words}}]",
        f"{CONTEXT}clusters: [{{name: c, cluster: {{server: 'https://h', certificate-authority: /absent}}}}]",
    ],
)
def test_a_kubeconfig_that_makes_no_sense_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "k"
    file.write_text(text)
    with pytest.raises(EngineError, match=str(file)):
        ArgoEngine(kubeconfig=str(file)).runs()


@pytest.mark.parametrize(
    ("plugin", "words"),
    [
        ({"command": "no-such-program"}, r"The program 'no-such-program'.*'mine'.*No such file"),
        ({"command": "false"}, r"The program 'false'.*process returned 1"),
        ({"command": "echo", "args": ["words"]}, r"The program 'echo'.*decode"),
        ({"command": "false", "installHint": "Get it\n  here."}, r"fails.*Get it here\."),
    ],
)
def test_a_login_program_that_fails_is_named(
    tmp_path: Path, plugin: dict[str, Any], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    version = "client.authentication.k8s.io/v1"
    users = [{"name": "u", "user": {"exec": {"apiVersion": version, **plugin}}}]
    file = str(written(tmp_path / "k", "mine", current="mine", users=users))
    with pytest.raises(EngineError, match=words):
        ArgoEngine(kubeconfig=file).runs()
    assert caplog.records == []


def test_a_cluster_without_an_address_is_named(tmp_path: Path) -> None:
    file = str(written(tmp_path / "k", "mine", current="mine", server="https://no-such-host.invalid"))
    with pytest.raises(EngineError, match=r"no-such-host.invalid doesn't answer .*(Failed to resolve|not known)"):
        ArgoEngine(kubeconfig=file).runs()


def test_a_cluster_that_does_not_answer_is_named(tmp_path: Path) -> None:
    file = str(written(tmp_path / "k", "mine", current="mine"))
    with pytest.raises(EngineError, match=r"http://127.0.0.1:9 doesn't answer .*Connection refused"):
        ArgoEngine(kubeconfig=file).runs()


@pytest.mark.parametrize("server", ["https://[::1", "http://h:port", "ftp://127.0.0.1:9", "https://", "a b", None])
def test_an_address_that_is_none_is_told(tmp_path: Path, server: Any) -> None:
    file = written(tmp_path / "k", "mine", current="mine", server=server)
    with pytest.raises(EngineError, match=r"There is something wrong with the context 'mine'|doesn't answer"):
        ArgoEngine(kubeconfig=str(file)).runs()


@pytest.mark.parametrize(
    "user",
    [
        {"exec": "words"},
        {"exec": {"args": ["a"]}},
        {"exec": {"command": "true", "env": [{"value": "x"}]}},
        {"exec": {"command": ""}},
        {"tokenFile": "/"},
        {"tokenFile": "/dev/zero"},
        {"token": ["a"], "auth-provider": "words"},
        {"client-certificate": "/absent", "client-key": "/dev/zero"},
    ],
)
def test_a_user_that_makes_no_sense_is_told(tmp_path: Path, user: dict[str, Any]) -> None:
    users = [{"name": "u", "user": user}]
    file = written(tmp_path / "k", "mine", current="mine", server="https://127.0.0.1:9", users=users)
    with pytest.raises(EngineError, match="the context 'mine' of the kubeconfig"):
        ArgoEngine(kubeconfig=str(file)).runs()


def test_a_token_s_pipe_that_nobody_writes_to_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    users = [{"name": "u", "user": {"tokenFile": "pipe"}}]
    file = written(tmp_path / "k", "mine", current="mine", users=users)
    with pytest.raises(EngineError, match=r"can't be read from .*pipe': it is a pipe, not a regular file"):
        ArgoEngine(kubeconfig=str(file)).runs()


def test_an_address_without_a_scheme_is_of_http_unless_there_is_something_to_check(tmp_path: Path) -> None:
    file = written(tmp_path / "k", "mine", current="mine", server="127.0.0.1:9")
    assert ArgoEngine(kubeconfig=str(file)).place == "the namespace mine of http://127.0.0.1:9"
    clusters = [{"name": "c", "cluster": {"server": "127.0.0.1:9", "insecure-skip-tls-verify": True}}]
    file = written(tmp_path / "k", "mine", current="mine", clusters=clusters)
    assert ArgoEngine(kubeconfig=str(file)).place == "the namespace mine of https://127.0.0.1:9"
