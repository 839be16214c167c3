"""Objects of the core group as plain data, and logs that are followed."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.kubernetes.connection import Connection, Timeouts
from kfp_jupyter.kubernetes.errors import ApiError, NotFoundError, TimedOutError, UnreachableError
from kfp_jupyter.kubernetes.objects import CoreObjects
from tests.kubernetes.api import kubeconfig

Answer = Callable[[BaseHTTPRequestHandler], None]


class Asked:
    """A server that answers everything in one way, and notes what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[str] = []
        self.over = threading.Event()
        self.answer: Answer = says(200, {"kind": "Status"})


def says(status: int, body: Any) -> Answer:
    text = json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    return answer


@pytest.fixture
def server() -> Iterator[Asked]:
    class Handler(BaseHTTPRequestHandler):
        def any_method(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.requests.append(f"{self.command} {self.path}")
            with contextlib.suppress(OSError):
                asked.answer(self)

        do_GET = do_POST = do_DELETE = any_method

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        asked = Asked(f"http://127.0.0.1:{http.server_port}")
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield asked
        finally:
            asked.over.set()
            http.shutdown()


@pytest.fixture
def objects(tmp_path: Path, server: Asked) -> CoreObjects:
    file = str(kubeconfig(tmp_path, server.url, {"token": "t"}))
    return CoreObjects(Connection(namespace="team", kubeconfig=file, timeouts=Timeouts(2, 2, 2)))


def lines(server: Asked, text: bytes, *, then: str) -> Answer:
    """Answer with a log, and then be silent, hang up in the middle, or end."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
        if then == "silence":
            server.over.wait(10)
        if then == "end":
            handler.wfile.write(b"0\r\n\r\n")

    return answer


@pytest.mark.parametrize("then", ["silence", "end"])
def test_a_log_is_followed_until_it_ends_or_is_silent(objects: CoreObjects, server: Asked, then: str) -> None:
    server.answer = lines(server, b"one\ntwo\nthr", then=then)

    assert list(objects.follow_log("p", "main", 0.3)) == ["one", "two", "thr"]
    assert server.requests == ["GET /api/v1/namespaces/team/pods/p/log?container=main&follow=true"]


def test_a_log_that_breaks_off_is_told_from_one_that_is_silent(objects: CoreObjects, server: Asked) -> None:
    server.answer = lines(server, b"one\n", then="nothing")
    log = objects.follow_log("p", "main", 5)

    assert next(log) == "one"
    with pytest.raises(UnreachableError, match="doesn't answer") as caught:
        next(log)
    assert not isinstance(caught.value, TimedOutError)


def test_a_log_that_does_not_even_begin_is_an_error(objects: CoreObjects, server: Asked) -> None:
    def silent(_: BaseHTTPRequestHandler) -> None:
        server.over.wait(10)

    server.answer = silent

    with pytest.raises(TimedOutError, match="timed out"):
        next(objects.follow_log("p", "main", 0.3))


def test_what_is_not_there_is_none_or_an_error_of_its_own(objects: CoreObjects, server: Asked) -> None:
    server.answer = says(404, {"message": 'pods "p" not found'})

    assert objects.pod("p") is objects.service("s", "other") is objects.config_map("c", "other") is None
    objects.delete_pod("p")
    for ask in (objects.secret, objects.delete_secret):
        with pytest.raises(NotFoundError, match="not found"):
            ask("s")


def test_what_may_not_be_seen_is_not_taken_for_what_is_not_there(objects: CoreObjects, server: Asked) -> None:
    server.answer = says(403, {"message": 'pods "p" is forbidden: User "u" cannot get resource "pods"'})

    with pytest.raises(ApiError, match="The account 'u' may not get pods 'p'") as caught:
        objects.pod("p")
    assert caught.value.forbidden
    assert not caught.value.passes


def test_names_are_quoted_and_selectors_sent(objects: CoreObjects, server: Asked) -> None:
    server.answer = says(200, {"items": [{"metadata": {"name": "x"}}]})

    assert objects.pods("app=x", "other") == objects.events("type=Warning") == [{"metadata": {"name": "x"}}]
    objects.pod("../secrets/s")
    objects.delete_pod("p", grace_seconds=1)
    assert server.requests == [
        "GET /api/v1/namespaces/other/pods?labelSelector=app%3Dx",
        "GET /api/v1/namespaces/team/events?fieldSelector=type%3DWarning",
        "GET /api/v1/namespaces/team/pods/..%2Fsecrets%2Fs",
        "DELETE /api/v1/namespaces/team/pods/p?gracePeriodSeconds=1",
    ]
