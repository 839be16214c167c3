"""The part of the Kubernetes API that builds use, played on 127.0.0.1 from answers that a real one gave.

``answers.json`` holds them: Kubernetes 1.34, pods made as builds make them, the namespace and its users renamed. Only
``busy`` is written by hand, after the words of an API server that has lost its database.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kubernetes.client import Configuration

from tests.images.servers import Handler, serving

ANSWERS: dict[str, Any] = json.loads((Path(__file__).parent / "answers.json").read_text())

PATH = re.compile(r"/api/v1/namespaces/(?P<namespace>[^/]+)/(?P<kind>\w+)(/(?P<name>[^/]+)(?P<log>/log)?)?$")

VERBS = {"POST": "create", "GET": "get", "DELETE": "delete"}


@dataclasses.dataclass
class KubernetesApi:
    """What the server says, and what it was asked.

    Attributes:
        pod: The recorded pod that every pod here turns out to be.
        refusals: ``"create pods"`` and the like to the recorded refusal of that.
        secrets: Name to data.
        stay: Whether the pod stays in its last state but one.
        asked: Verb, resource and name of every request, and its body.
        url: Where the server is.
    """

    pod: str = "built"
    refusals: dict[str, str] = dataclasses.field(default_factory=dict)
    secrets: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    stay: bool = False
    asked: list[tuple[str, Any]] = dataclasses.field(default_factory=list)
    url: str = ""
    looks: int = 0

    @property
    def requests(self) -> list[str]:
        """Verb and resource of every kind of request, in the order of their first."""
        return list(dict.fromkeys(what for what, _ in self.asked))

    def body(self, what: str) -> Any:
        """The body of the first request of that kind."""
        return next(body for asked, body in self.asked if asked == what)

    def configuration(self) -> Configuration:
        """How clients reach it."""
        return Configuration(host=self.url)

    def answer(self, verb: str, kind: str, name: str, body: Any) -> tuple[int, Any]:
        """Return status and body of the answer to a request."""
        self.asked.append((f"{verb} {kind}", body))
        if refusal := self.refusals.get(f"{verb} {kind}"):
            found = ANSWERS["refusals"][refusal]
            return found["status"], found["body"]
        recorded = ANSWERS["pods"][self.pod]
        if kind == "pods":
            return 200, self._pod_now(recorded["states"], looked=verb == "get")
        if kind == "pods/log":
            return 200, recorded["log"]
        if kind == "events":
            return 200, {"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": recorded["events"]}
        return self._secret(verb, name, body)

    def _pod_now(self, states: list[Any], *, looked: bool) -> Any:
        last = len(states) - 1 - self.stay
        state = states[min(self.looks, last)]
        self.looks += looked
        return state

    def _secret(self, verb: str, name: str, body: Any) -> tuple[int, Any]:
        if verb == "create":
            self.secrets[body["metadata"]["name"]] = body["data"]
        data = self.secrets.pop(name, {}) if verb == "delete" else self.secrets.get(name, {})
        return 200, {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": name}, "data": data}


class ApiHandler(Handler):
    """Kubernetes' addresses."""

    api: KubernetesApi

    def any_method(self) -> None:
        text = self.body()
        found = PATH.match(self.path.partition("?")[0])
        assert found, self.path
        kind = found["kind"] + (found["log"] or "")
        verb = "list" if kind == "events" else VERBS[self.command]
        status, answer = self.api.answer(verb, kind, found["name"] or "", json.loads(text) if text else None)
        if isinstance(answer, str):
            self.say(status, answer.encode(), Content_Type="text/plain")
        else:
            self.say(status, json.dumps(answer).encode(), Content_Type="application/json")

    do_GET = do_POST = do_DELETE = any_method


@contextmanager
def served() -> Iterator[KubernetesApi]:
    """Serve it while the block runs."""
    api = KubernetesApi()
    with serving(type("OwnHandler", (ApiHandler,), {"api": api})) as host:
        api.url = f"http://{host}"
        yield api
