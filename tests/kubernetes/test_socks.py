"""Proxies that speak SOCKS5: everything goes through them, names too; and what is said when they don't lead there."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kfp_jupyter.components import load_component_from_url
from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError, KfpJupyterError
from kfp_jupyter.images import ContainerBuilder
from kfp_jupyter.kubernetes.connection import Connection, Timeouts
from kfp_jupyter.kubernetes.local_listener import LocalListener
from kfp_jupyter.kubernetes.port_forward import PortForward, open_port_forward
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.object_store import Account, S3Store, StoreError
from tests.kubernetes.api import CERTIFICATES, Api, kubeconfig, serving
from tests.kubernetes.socks_proxy import SocksProxy, socks_proxying

FAR = "https://api.invalid:6443"
"""A name that only the proxy knows."""

ASKED = "'api.invalid' 6443"
AUTHORITY = base64.b64encode((CERTIFICATES / "authority.pem").read_bytes()).decode()
TRUSTED = {"certificate-authority-data": AUTHORITY, "tls-server-name": "localhost"}
PASSWORD = "marked p@ss:word"
ACCOUNT = "alice:marked%20p%40ss%3Aword@"


@pytest.fixture
def tls_api() -> Iterator[Api]:
    with serving("good") as made:
        yield made


@pytest.fixture
def proxy(tls_api: Api) -> Iterator[SocksProxy]:
    with socks_proxying(urlsplit(tls_api.url).port or 0) as made:
        yield made


@pytest.fixture
def plain_proxy(api: Api) -> Iterator[SocksProxy]:
    with socks_proxying(urlsplit(api.url).port or 0) as made:
        yield made


def through(tmp_path: Path, proxy: str, cluster: Mapping[str, Any] = TRUSTED, server: str = FAR) -> str:
    """A kubeconfig whose proxy-url is the proxy."""
    return str(kubeconfig(tmp_path, server, {"token": "t"}, **cluster, **{"proxy-url": proxy}))


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "SOCKS5"])
def test_a_kubeconfig_s_proxy_is_taken_and_resolves_names(
    tmp_path: Path, tls_api: Api, proxy: SocksProxy, scheme: str
) -> None:
    ArgoEngine(kubeconfig=through(tmp_path, proxy.url(scheme=scheme))).runs()
    assert tls_api.told == ["Bearer t"]
    assert proxy.asked == [ASKED]


def test_the_environment_s_proxy_is_taken(
    tmp_path: Path, tls_api: Api, proxy: SocksProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url())
    file = str(kubeconfig(tmp_path, "https://[2001:db8::1]:6443", {"token": "t"}, **TRUSTED))
    ArgoEngine(kubeconfig=file).runs()
    assert proxy.asked == ["2001:db8::1 6443"]
    ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, tls_api.url, {"token": "t"}, **TRUSTED))).runs()
    assert tls_api.told == ["Bearer t", "Bearer t"]
    assert proxy.connections == 1


def test_plain_http_goes_through_one_too(tmp_path: Path, api: Api, plain_proxy: SocksProxy) -> None:
    ArgoEngine(kubeconfig=through(tmp_path, plain_proxy.url(), {}, "http://api.invalid")).runs()
    assert api.told == ["Bearer t"]
    assert plain_proxy.asked == ["'api.invalid' 80"]


def test_user_and_password_are_told(tmp_path: Path, tls_api: Api, proxy: SocksProxy) -> None:
    proxy.account = ("alice", PASSWORD)
    ArgoEngine(kubeconfig=through(tmp_path, proxy.url(ACCOUNT))).runs()
    assert tls_api.told == ["Bearer t"]


def test_a_certificate_is_checked_through_one(tmp_path: Path, tls_api: Api, proxy: SocksProxy) -> None:
    with pytest.raises(EngineError, match=r"no safe connection to the Kubernetes API at https://api.invalid"):
        ArgoEngine(kubeconfig=through(tmp_path, proxy.url(), {"certificate-authority-data": AUTHORITY})).runs()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ArgoEngine(kubeconfig=through(tmp_path, proxy.url(), {"insecure-skip-tls-verify": True})).runs()
    assert tls_api.told == ["Bearer t"]


def test_image_builds_go_through_one(
    tmp_path: Path, tls_api: Api, proxy: SocksProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", through(tmp_path, proxy.url()))
    assert ContainerBuilder(namespace="n")._cluster().secret("s") == {}
    assert (tls_api.told, proxy.asked) == (["Bearer t"], [ASKED])


def test_connections_to_pods_go_through_one(tmp_path: Path, tls_api: Api, proxy: SocksProxy) -> None:
    proxy.account = ("alice", PASSWORD)
    tunnel = open_port_forward(Connection(kubeconfig=through(tmp_path, proxy.url(ACCOUNT))), "n", "pod", 80)
    tunnel.send(b"one")
    blocks = tunnel.blocks()
    assert next(blocks) == b"one"
    tunnel.send(b"two" * 1000)
    assert next(blocks) == b"two" * 1000
    tunnel.end()
    tunnel.close()
    assert (tls_api.told, proxy.asked) == (["Bearer t"], [ASKED])


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "encrypted"])
def test_a_port_of_this_machine_leads_to_one_of_a_pod(
    tmp_path: Path, api: Api, tls_api: Api, plain_proxy: SocksProxy, proxy: SocksProxy, secure: bool
) -> None:
    way = (proxy.url(), TRUSTED, FAR) if secure else (plain_proxy.url(), {}, "http://api.invalid")
    connection = Connection(kubeconfig=through(tmp_path, *way))
    sent, back = os.urandom(1_000_000), bytearray()

    def connect() -> PortForward:
        return open_port_forward(connection, "n", "pod", 80)

    with contextlib.closing(LocalListener(connect, connect())) as listener:
        host, _, port = listener.address.partition(":")
        for _ in range(2):
            back.clear()
            with socket.create_connection((host, int(port))) as near:
                sender = threading.Thread(target=near.sendall, args=(sent,))
                sender.start()
                while len(back) < len(sent) and (piece := near.recv(1 << 16)):
                    back += piece
                sender.join()
            assert bytes(back) == sent
        ours = {thread for thread in threading.enumerate() if thread.name == "kfp-jupyter-forward"}
        assert ours
    assert not ours & set(threading.enumerate())
    assert (tls_api if secure else api).told == ["Bearer t"] * 2
    assert (proxy if secure else plain_proxy).connections == 2


def failure(file: str) -> str:
    """What is said when an API can't be reached: the same of questions and of connections to pods."""
    said = []
    connection = Connection(kubeconfig=file, timeouts=Timeouts(connect=0.5))
    for ask in (
        lambda: connection.ask(Action("create", "pods/portforward", "n", "pod"), "/x"),
        lambda: open_port_forward(connection, "n", "pod", 80),
    ):
        with pytest.raises(EngineError) as caught:
            ask()
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert "marked" not in said[0]
    return said[0]


def test_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = failure(through(tmp_path, f"socks5://{ACCOUNT}127.0.0.1:9"))
    assert "through the proxy socks5://127.0.0.1:9 (the proxy-url of the kubeconfig) (to create" in said
    assert "): the proxy can't be reached: Connection refused. Check the network and the proxy-url" in said


def test_one_that_wants_another_account_is_named(tmp_path: Path, proxy: SocksProxy) -> None:
    proxy.account = ("alice", "another")
    wanted = f"through the proxy {proxy.url()} (the proxy-url of the kubeconfig) (to create pods/portforward"
    said = failure(through(tmp_path, proxy.url(ACCOUNT)))
    assert wanted in said
    assert "the proxy refused the user name and password: SOCKS5 authentication failed. Check" in said
    said = failure(through(tmp_path, proxy.url()))
    assert wanted in said
    assert (
        "the proxy refused the user name and password: All offered SOCKS5 authentication methods were rejected" in said
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "General SOCKS server failure"), (2, "Connection not allowed by ruleset"), (99, "Unknown")],
)
def test_one_that_does_not_lead_there_is_told_from_one_that_is_not_there(
    tmp_path: Path, proxy: SocksProxy, number: int, words: str
) -> None:
    proxy.refusal = number
    assert f"): the proxy can't connect to it: {words}" in failure(through(tmp_path, proxy.url()))


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x05", b"\x04\x5b\0\0\0\0\0\0"]
)
def test_what_is_no_proxy_of_that_kind_is_told(tmp_path: Path, proxy: SocksProxy, greeting: bytes) -> None:
    proxy.greeting = greeting
    assert "): the server doesn't respond as a SOCKS5 proxy would: " in failure(through(tmp_path, proxy.url()))


def test_one_that_says_nothing_is_waited_for_as_long_as_any(
    tmp_path: Path, proxy: SocksProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kfp_jupyter.kubernetes.port_forward._OPENING_SECONDS", 0.5)
    proxy.silent.set()
    assert "doesn't respond as a SOCKS5 proxy would: timed out." in failure(through(tmp_path, proxy.url()))


def test_what_it_needs_is_named_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: SocksProxy
) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    words = (
        rf"The package PySocks, which the proxy {proxy.url()} \(.*\) needs, isn't installed\. Run: pip install PySocks$"
    )
    with pytest.raises(EngineError, match=words):
        ArgoEngine(kubeconfig=through(tmp_path, proxy.url(ACCOUNT))).runs()
    monkeypatch.setenv("HTTPS_PROXY", proxy.url(ACCOUNT))
    with pytest.raises(EngineError, match=words):
        ArgoServer("https://argo.invalid", "t", fallback=str).version()
    with pytest.raises(KfpJupyterError, match=words):
        load_component_from_url("https://components.invalid/c.yaml")
    with pytest.raises(EngineError, match=words):
        S3Store("https://store.invalid", "Reading")
    assert proxy.connections == 0


@pytest.mark.parametrize("insecure", [False, True])
def test_an_argo_server_is_asked_through_one(
    tls_api: Api, proxy: SocksProxy, insecure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url(ACCOUNT))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATES / "authority.pem"))
    proxy.account = ("alice", PASSWORD)
    server = ArgoServer("https://argo.invalid", "t", insecure=insecure, fallback=str)
    if insecure:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert server.version() == ""
    else:
        # The certificate is of another machine.
        with pytest.raises(EngineError, match=r"is not trusted: .*argo.invalid"):
            server.version()
    assert tls_api.told == ["Bearer t"] * insecure
    assert proxy.asked == ["'argo.invalid' 443"]


def test_an_argo_server_behind_a_proxy_that_is_not_there_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"socks5://{ACCOUNT}127.0.0.1:9")
    with pytest.raises(EngineError) as caught:
        ArgoServer("https://argo.invalid", "t", fallback=str).version()
    assert str(caught.value) == (
        "The Argo Server at https://argo.invalid doesn't answer through the proxy socks5://127.0.0.1:9 (HTTPS_PROXY): "
        "the proxy can't be reached: Connection refused. Check the network, HTTPS_PROXY and server=…."
    )


COMPONENT = b"name: Far\nimplementation: {container: {image: busybox, command: [echo, hi]}}\n"


class Components(BaseHTTPRequestHandler):
    """Sends those who ask elsewhere, and there gives a component."""

    def do_GET(self) -> None:
        moved = self.path == "/c.yaml"
        self.send_response_only(302 if moved else 200)
        self.send_header("Location", "http://moved.invalid/d.yaml")
        self.send_header("Content-Length", "0" if moved else str(len(COMPONENT)))
        self.end_headers()
        self.wfile.write(b"" if moved else COMPONENT)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "all_proxy"])
def test_components_come_through_one(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Components) as server, socks_proxying(server.server_port) as proxy:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        proxy.account = ("alice", PASSWORD)
        monkeypatch.setenv(variable, proxy.url(ACCOUNT))
        try:
            assert load_component_from_url("http://components.invalid/c.yaml").name == "Far"
        finally:
            server.shutdown()
        assert proxy.asked == ["'components.invalid' 80", "'moved.invalid' 80"]


def test_a_component_behind_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks5://{ACCOUNT}127.0.0.1:9")
    with pytest.raises(KfpJupyterError, match=r"can't be fetched: the proxy can't be reached: .* refused\.$") as caught:
        load_component_from_url("https://components.invalid/c.yaml")
    assert "marked" not in str(caught.value)


def store() -> contextlib.closing[S3Store]:
    """A store that only the proxy finds."""
    return contextlib.closing(S3Store("http://store.invalid:9000", "Reading", account=Account("user", "password")))


def test_artifacts_come_through_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Components) as server, socks_proxying(server.server_port) as proxy:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        proxy.account = ("alice", PASSWORD)
        monkeypatch.setenv("HTTP_PROXY", proxy.url(ACCOUNT))
        try:
            with store() as opened:
                assert opened.read("bucket", "key", 1000) == COMPONENT
        finally:
            server.shutdown()
        assert proxy.asked == ["'store.invalid' 9000"]


def test_a_store_behind_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"socks5://{ACCOUNT}127.0.0.1:9")
    with store() as opened, pytest.raises(StoreError) as caught:
        opened.read("bucket", "key", 1000)
    assert str(caught.value) == "the proxy can't be reached: Connection refused"
