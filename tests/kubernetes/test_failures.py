"""Whatever the libraries below raise, people get an error of this package: every exception they have is tried."""

from __future__ import annotations

import contextlib
import http.client
import importlib
import inspect
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
import websocket

from kfp_jupyter.components import load_component_from_url
from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.images import ContainerBuilder
from kfp_jupyter.kubernetes.api_errors import Asked
from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.errors import ApiError, ClusterConfigError, TimedOutError, UnreachableError
from kfp_jupyter.kubernetes.port_forward import open_port_forward
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.kubernetes.translation import foreign_errors, translate
from tests.kubernetes.api import kubeconfig

MODULES = (
    "urllib3.exceptions",
    "kubernetes.client.exceptions",
    "kubernetes.config.config_exception",
    "requests.exceptions",
    "socks",
    "websocket",
    "http.client",
    "ssl",
    "socket",
)

MARK = "marked-0123456789"
WORDS = f"Invalid header value b'Bearer {MARK}'"


def exceptions() -> Iterator[type[Exception]]:
    """Every class of exception that one of the libraries has, but for warnings."""
    seen: set[type[Exception]] = {OSError, ConnectionResetError, BrokenPipeError, TimeoutError}
    yield from seen
    for module in MODULES:
        for _, found in inspect.getmembers(importlib.import_module(module), inspect.isclass):
            library = found.__module__.partition(".")[0] in (module.partition(".")[0], "_socket", "builtins")
            private = found.__name__.startswith("_") or found in (Exception, KeyError, TypeError, ValueError)
            if issubclass(found, Exception) and not issubclass(found, Warning) and library and not private:
                yield from {found} - seen
                seen.add(found)


WANTED: Mapping[type[Exception], tuple[Any, ...]] = {
    http.client.IncompleteRead: (b"", 5),
    urllib3.exceptions.IncompleteRead: (1, 5),
    urllib3.exceptions.InvalidChunkLength: (urllib3.HTTPResponse(b""), b"zz"),
    websocket.WebSocketBadStatusException: (WORDS, 500),
}
"""What some are made of, where words alone don't do."""


def made(kind: type[Exception]) -> Exception:
    """An exception of a class, with as many arguments as it wants."""
    if kind in WANTED:
        return kind(*WANTED[kind])
    for arguments in ((500, WORDS), (WORDS, WORDS), (WORDS,), (None, "http://h", WORDS), (WORDS, WORDS, 1), ()):
        with contextlib.suppress(TypeError, AttributeError, ValueError):
            return kind(*arguments)
    raise AssertionError(f"how is a {kind} made?")


CLASSES = list(exceptions())


def raising(kind: type[Exception]) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise made(kind)

    return fail


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    return Connection(kubeconfig=str(kubeconfig(tmp_path, "http://127.0.0.1:9", {"token": MARK})))


def refused(work: Callable[[], Any]) -> None:
    """The work ends in an error of ours that says something, and shows nothing that is secret."""
    with pytest.raises(KfpJupyterError) as caught:
        work()
    shown = "".join((str(caught.value), repr(caught.value), *map(str, caught.value.args)))
    assert MARK not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(caught.value.message) > 20


def test_the_table_has_the_most_specific_first() -> None:
    kinds = foreign_errors()
    assert [late for at, late in enumerate(kinds) for early in kinds[:at] if issubclass(late, early)] == []


def test_silence_and_lost_credentials_are_told_from_a_network_that_fails() -> None:
    asked = Asked(Action("get", "pods", "n"), "http://h")
    kinds = {
        urllib3.exceptions.ReadTimeoutError: TimedOutError,
        urllib3.exceptions.ProtocolError: UnreachableError,
        importlib.import_module("kubernetes.config").ConfigException: ClusterConfigError,
        websocket.WebSocketBadStatusException: ApiError,
    }
    assert {kind: type(translate(made(kind), asked)) for kind in kinds} == kinds


def test_there_are_many_of_them() -> None:
    named = {kind.__name__ for kind in CLASSES}
    assert {"ProxyError", "ApiTypeError", "ConfigException", "ConnectTimeout", "SSLCertVerificationError"} <= named
    assert {"IncompleteRead", "WebSocketTimeoutException", "gaierror", "LocationParseError", "SOCKS5AuthError"} <= named


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_none_gets_through(
    kind: type[Exception], connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connection.client
    monkeypatch.setattr(client, "call_api", raising(kind))
    monkeypatch.setattr("kfp_jupyter.kubernetes.connection.open_client", lambda _: connection._opened)
    action = Action("get", "pods", "n")
    refused(lambda: connection.ask(action, "/x"))
    with contextlib.ExitStack() as stack:
        refused(lambda: stack.enter_context(connection.open(action, "/x", quiet_seconds=1.0)))
    monkeypatch.setattr("websocket.WebSocket.connect", raising(kind))
    refused(lambda: open_port_forward(connection, "n", "p", 80))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    refused(lambda: ContainerBuilder(namespace="n").build(tmp_path, target_image="r.example/x:1"))
    if kind.__module__.partition(".")[0] not in ("kubernetes", "websocket"):
        monkeypatch.setattr(requests.Session, "request", raising(kind))
        refused(lambda: ArgoServer("http://127.0.0.1:9", MARK, fallback=str).version())
        refused(lambda: load_component_from_url(f"http://u:{MARK}@127.0.0.1:9/c.yaml?token={MARK}"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: a, b\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
    ],
    ids=range(12),
)
def test_no_answer_gets_through_either(answer: bytes, tmp_path: Path) -> None:
    with listening(answer) as url:
        connection = Connection(kubeconfig=str(kubeconfig(tmp_path, url, {"token": MARK})))
        refused(lambda: connection.ask(Action("get", "pods", "n"), "/x"))
        refused(lambda: ArgoServer(url, MARK, fallback=str).version())
        refused(lambda: load_component_from_url(f"{url}/c.yaml?token={MARK}"))
        refused(lambda: open_port_forward(connection, "n", "p", 80))


@contextlib.contextmanager
def listening(answer: bytes) -> Iterator[str]:
    """A server that answers everything in the same way, and hangs up."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = server.accept()
                with near, contextlib.suppress(OSError):
                    near.recv(1 << 16)
                    near.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
