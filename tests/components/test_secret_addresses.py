"""Credentials in a component's address lead there, and appear nowhere else."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from requests.auth import HTTPBasicAuth

from kfp_jupyter import dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.components import ComponentStore, load_component_from_url
from kfp_jupyter.errors import ComponentError

COMPONENT = "name: Far\nimplementation: {container: {image: busybox, command: [echo, hi]}}\n"
PASSWORD, TOKEN = "marked-pw", "marked-parameter"


class Server:
    """A server of one component.

    Attributes:
        asked: The path of each question.
        told: Its header ``Authorization``.
        status: What it answers with.
    """

    def __init__(self, port: int) -> None:
        self.place = f"127.0.0.1:{port}"
        self.asked: list[str] = []
        self.told: list[str] = []
        self.status = 200

    @property
    def secret(self) -> str:
        """The address with credentials in it."""
        return f"http://alice:{PASSWORD}@{self.place}/c.yaml?token={TOKEN}&v=1"


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            made.told.append(self.headers.get("Authorization") or "")
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(COMPONENT)))
            self.end_headers()
            self.wfile.write(COMPONENT.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        made = Server(listening.server_port)
        threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
        yield made
        listening.shutdown()


def is_clean(text: str) -> bool:
    return PASSWORD not in text and TOKEN not in text and base64.b64encode(PASSWORD.encode()).decode() not in text


def test_they_lead_there_and_are_not_in_the_workflow(server: Server) -> None:
    far = load_component_from_url(server.secret)
    assert server.asked == [f"/c.yaml?token={TOKEN}&v=1"]
    assert base64.b64decode(server.told[0].removeprefix("Basic ")).decode() == f"alice:{PASSWORD}"

    @dsl.pipeline(name="p")
    def pipeline() -> None:
        far()

    workflow = Compiler()._create_workflow(pipeline)
    assert is_clean(json.dumps(workflow))
    reference = json.loads(
        workflow["spec"]["templates"][0]["metadata"]["annotations"]["pipelines.kubeflow.org/component_ref"]
    )
    assert reference["url"] == f"http://{server.place}/c.yaml?v=1"
    assert is_clean(repr(far.component_spec))


@pytest.mark.parametrize("status", [404, 401, 500])
def test_they_are_not_in_what_is_said_when_there_is_nothing(server: Server, status: int) -> None:
    server.status = status
    with pytest.raises(ComponentError, match=f"The component http://{server.place}/c.yaml.v=1 .*{status}") as caught:
        load_component_from_url(server.secret)
    assert is_clean(str(caught.value))


def test_they_are_not_in_what_is_said_when_nobody_answers() -> None:
    address = f"http://alice:{PASSWORD}@127.0.0.1:9/c.yaml?token={TOKEN}"
    with pytest.raises(ComponentError, match="refused") as caught:
        load_component_from_url(address)
    assert is_clean(str(caught.value))


def test_they_are_not_in_what_is_said_of_what_is_no_component(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "COMPONENT", "name: [")
    with pytest.raises(ComponentError, match=f"http://{server.place}/c.yaml") as caught:
        load_component_from_url(server.secret)
    assert is_clean(str(caught.value))


def test_a_store_tells_where_it_looked_without_them(server: Server) -> None:
    server.status = 404
    store = ComponentStore(url_search_prefixes=[f"http://alice:{PASSWORD}@{server.place}/"])
    with pytest.raises(
        ComponentError, match=rf"Tried: .*, http://{server.place}/far/component.yaml can't be fetched"
    ) as caught:
        store.load_component("far")
    assert is_clean(str(caught.value))


@pytest.mark.parametrize("auth", [("alice", PASSWORD), HTTPBasicAuth("alice", PASSWORD)], ids=["pair", "object"])
def test_a_password_that_is_given_beside_the_address_is_not_said(
    server: Server, auth: tuple[str, str] | HTTPBasicAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "COMPONENT", f"name: [{PASSWORD}")
    with pytest.raises(ComponentError) as caught:
        load_component_from_url(f"http://{server.place}/c.yaml", auth)
    assert is_clean(str(caught.value))


def test_this_machine_is_asked_without_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert load_component_from_url(f"http://{server.place}/c.yaml").name == "Far"
