"""A small HTTP server in the place of the Kubernetes API, for what a real one can't be made to answer."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

NAME = "run-1"
Answer = Callable[[BaseHTTPRequestHandler], None]


def workflow(version: int, phase: str = "Running", **metadata: Any) -> dict[str, Any]:
    """A Workflow without steps."""
    named = {"name": NAME, "uid": "u-1", "resourceVersion": str(version), **metadata}
    return {"metadata": named, "spec": {}, "status": {"phase": phase}}


def reply(body: object, status: int = 200, **headers: str) -> Answer:
    """An answer with a body: text as it is, anything else as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)

    def send(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(text.encode())))
        request.end_headers()
        request.wfile.write(text.encode())

    return send


def refuse(status: int, message: str, **headers: str) -> Answer:
    """A Kubernetes Status."""
    return reply({"kind": "Status", "metadata": {}, "message": message, "code": status}, status, **headers)


def events(*found: tuple[str, dict[str, Any]], hold: float = 0.0) -> Answer:
    """A watch that brings events and ends after a while."""

    def send(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Connection", "close")
        request.end_headers()
        for kind, object_ in found:
            request.wfile.write(json.dumps({"type": kind, "object": object_}).encode() + b"\n")
            request.wfile.flush()
        server: Any = request.server
        server.ended.wait(hold)

    return send


class FakeApi:
    """Answers lists and watches with what a test has laid ready, and then with the run as it is.

    Attributes:
        current: The run that is there; None for none.
        lists: What the next lists are answered with.
        watches: What the next watches are answered with; without, they stay open and silent.
        ahead: Seconds that its clock is ahead of the one here.
        asked: What was asked: ``list`` or ``watch``, and the version that a watch went on from.
    """

    def __init__(self) -> None:
        self.current: dict[str, Any] | None = workflow(1)
        self.lists: deque[Answer] = deque()
        self.watches: deque[Answer] = deque()
        self.asked: list[tuple[str, str]] = []
        self.port = 0
        self.ahead = 0.0

    def kubeconfig(self, directory: Path) -> Path:
        """Write the kubeconfig that leads here."""
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{self.port}"}}],
            "users": [{"name": "u", "user": {"token": "t"}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "mine"}}],
        }
        path = directory / "kubeconfig"
        path.write_text(json.dumps(config))
        return path

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        query = parse_qs(urlsplit(request.path).query)
        if "watch" in query:
            self.asked.append(("watch", query["resourceVersion"][0]))
            (self.watches.popleft() if self.watches else events(hold=60))(request)
            return
        self.asked.append(("list", ""))
        items = [self.current] if self.current else []
        version = self.current["metadata"]["resourceVersion"] if self.current else "99"
        there = reply({"kind": "WorkflowList", "metadata": {"resourceVersion": version}, "items": items})
        (self.lists.popleft() if self.lists else there)(request)

    @contextlib.contextmanager
    def serving(self) -> Iterator[FakeApi]:
        """Listen."""
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                # Whoever asked may be gone by now.
                with contextlib.suppress(OSError):
                    api.answer(self)

            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string((timestamp or time.time()) + api.ahead)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            ended = threading.Event()

        Server.ended = threading.Event()
        with Server(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_port
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.ended.set()
                server.shutdown()
