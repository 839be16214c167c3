"""A small HTTP server in the place of a Kubernetes API, and kubeconfigs that lead to it."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.kubernetes import pod_port

CERTIFICATES = Path(__file__).parent / "certificates"
"""Of a server on 127.0.0.1, each with its key: good from 2020 to 2120, from 2100 on, on the first day of 2020."""

EMPTY = {"kind": "WorkflowList", "metadata": {"resourceVersion": "1"}, "items": []}


class Api:
    """Answers every question with an empty list, ports of pods send back what they get; notes who asked.

    Attributes:
        url: Where it is.
        told: The header ``Authorization`` of each question; empty where there was none.
        status: What it answers with.
        headers: Headers of its answers.
        echo: Whether what it says against a question repeats all that it was told.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.told: list[str] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.echo = False


@contextlib.contextmanager
def serving(certificate: str = "") -> Iterator[Api]:
    """Listen on a port of this machine.

    Args:
        certificate: One of ``certificates/``: ``good``, ``future`` or ``past``; empty for plain HTTP.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.told.append(self.headers.get("Authorization") or "")
            if made.status == 200 and self.headers.get("Upgrade"):
                pod_port.forward(self)
                return
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            message = f"{self.path} {dict(self.headers)} {self.headers.items()}" if made.echo else "no"
            body = EMPTY if made.status == 200 else {"kind": "Status", "message": message, "code": made.status}
            text = json.dumps(body).encode()
            self.send_response_only(made.status)
            for name, value in ({"Content-Length": str(len(text))} | made.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_PATCH = do_DELETE = do_PUT = do_GET

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if certificate:
            scheme, tls = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        made = Api(f"{scheme}://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()


def kubeconfig(directory: Path, server: str, user: dict[str, Any] | None = None, **cluster: Any) -> Path:
    """Write a kubeconfig with one context ``c`` in the namespace ``n``."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server} | cluster}],
        "users": [{"name": "u", "user": user or {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "n"}}],
    }
    path = directory / "kubeconfig"
    path.write_text(json.dumps(config))
    return path


def plugin(directory: Path, script: str, **fields: Any) -> dict[str, Any]:
    """A user whose login program is a shell script; ``$CREDENTIAL`` in it names a file that has a token."""
    version = "client.authentication.k8s.io/v1"
    file = directory / "credential.json"
    if not file.exists():
        file.write_text(credential("plugin-token"))
    env = [{"name": "CREDENTIAL", "value": str(file)}]
    command = {"apiVersion": version, "command": "sh", "args": ["-c", script], "env": env, "interactiveMode": "Never"}
    return {"exec": command | fields}


def credential(token: str, **status: str) -> str:
    """What a login program writes."""
    version = "client.authentication.k8s.io/v1"
    return json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": {"token": token, **status}})
