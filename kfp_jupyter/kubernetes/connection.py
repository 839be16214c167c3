"""Asks a Kubernetes API: one question, one answer, or an answer that is read while it comes."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.kubernetes.api_errors import Asked, unreachable
from kfp_jupyter.kubernetes.clients import Opened, open_client, opened_by
from kfp_jupyter.kubernetes.clocks import ClusterClock, difference
from kfp_jupyter.kubernetes.errors import ClusterConfigError, KubernetesError, UnreachableError
from kfp_jupyter.kubernetes.rbac import Action, Requirements
from kfp_jupyter.kubernetes.sources import Source, find_source
from kfp_jupyter.kubernetes.translation import foreign_errors, sending, translate
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.proxies import Proxy

_METHODS = {"create": "POST", "patch": "PATCH", "update": "PUT", "delete": "DELETE"}
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
"""A DNS label.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
"""
_JSON = "application/json"
_MERGE = "application/merge-patch+json"


@dataclasses.dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until something counts as broken.

    Attributes:
        connect: Nobody answers at the address.
        answer: A question isn't answered, or the answer stops halfway.
        quiet: A watch says nothing. The server is asked to end it a moment before, so this finds dead networks only.
    """

    connect: float = 5.0
    answer: float = 30.0
    quiet: float = 45.0


class Connection:
    """An API server, an account and a namespace. Usable from any thread; connects at first use.

    Args:
        context: Which context of the kubeconfig; by default its current one.
        namespace: Which namespace; by default the context's, or the pod's own.
        kubeconfig: Which file; by default ``$KUBECONFIG``, the pod's own account, then ``~/.kube/config``.
        timeouts: How long it waits.
        requirements: What the program that asks needs of the cluster.
        configuration: The Kubernetes client's own settings, in place of what a kubeconfig says; then `namespace` is
            needed.

    Example:
        ::

            connection = Connection(namespace="team")
            connection.ask(Action("get", "pods", "team", "p"), "/api/v1/namespaces/team/pods/p")
    """

    def __init__(
        self,
        context: str | None = None,
        namespace: str | None = None,
        kubeconfig: str | None = None,
        timeouts: Timeouts | None = None,
        requirements: Requirements | None = None,
        configuration: Any = None,
    ) -> None:
        self._context = context
        self._given_namespace = namespace
        self._kubeconfig = kubeconfig
        self.timeouts = timeouts or Timeouts()
        self.requirements = requirements or Requirements()
        self._configuration = configuration
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._source: Source | None = None
        self.clock = ClusterClock()
        """The cluster's time, by its answers."""

    @property
    def source(self) -> Source:
        """What leads to the API; decided once.

        Raises:
            ClusterConfigError: Nothing does.
        """
        if self._source is None:
            self._source = find_source(self._context, self._kubeconfig)
        return self._source

    def check(self) -> None:
        """Open the configuration without asking the API anything.

        Raises:
            ClusterConfigError: Nothing leads to an API, or to a namespace in it.
        """
        self._connected()
        self._find_namespace()

    @property
    def namespace(self) -> str:
        """The namespace that runs are in.

        Raises:
            ClusterConfigError: None is named, or what is named is not a valid one. For none, kubectl would take
                ``default``, where few clusters have what runs need.
        """
        return self._find_namespace()

    def _find_namespace(self) -> str:
        named = self._given_namespace or self.source.namespace
        if not named:
            raise ClusterConfigError(
                f"No namespace is set: no option names one, and neither does {self.source}.",
                remedy="Name it with namespace=…; namespace=default is the one that kubectl would take.",
            )
        if not _NAMESPACE.fullmatch(named):
            raise ClusterConfigError(
                f"{named!r} is not a valid namespace.",
                remedy="Its name has small letters, digits and hyphens, 63 at most.",
            )
        return named

    @property
    def host(self) -> str:
        """The API's address."""
        return self._connected().host

    @property
    def proxy(self) -> Proxy | None:
        """The proxy that it is asked through; None for none."""
        return self._connected().proxy

    def clock_difference(self) -> str:
        """Return that the API's clock and this machine's differ, in words; empty where they don't."""
        action = Action("get", "the version", "")
        with self.open(action, "/version", quiet_seconds=self.timeouts.answer) as response:
            return difference(str(response.headers.get("Date") or ""))

    @property
    def checked(self) -> bool:
        """Whether the API's certificate is checked."""
        return self._connected().checked

    @property
    def authorization(self) -> str:
        """The header ``Authorization``, such as ``Bearer …``; empty where a client certificate is used."""
        headers: dict[str, str] = {}
        self.client.update_params_for_auth(headers, [], ["BearerToken"])
        return headers.get("authorization", "")

    @property
    def client(self) -> Any:
        """The Kubernetes client's own object."""
        return self._connected().client

    def dial(self, seconds: float) -> Any:
        """Return a socket that leads to the API, for something other than a request; see `Opened.dial`."""
        return self._connected().dial(seconds)

    def unreachable(self, action: Action, reason: object) -> UnreachableError:
        """Return the error for an answer that didn't come.

        Args:
            action: What was asked.
            reason: What came instead: an exception, or words.
        """
        return unreachable(self._asked(action), reason)

    def translated(self, action: Action, error: Exception) -> KubernetesError:
        """Return the error of this package for one that a library has raised; see `translate`.

        Args:
            action: What was asked.
            error: One of `foreign_errors`.
        """
        return translate(error, self._asked(action))

    def ask(
        self,
        action: Action,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        accept: str = _JSON,
    ) -> dict[str, Any]:
        """Ask, and return the object that comes back.

        Args:
            action: What is asked.
            path: Where.
            query: How.
            body: What is sent.
            accept: In which form the answer is wanted.

        Raises:
            ApiError: The API answered with an error.
            UnreachableError: It didn't answer.
            ClusterConfigError: It can't be asked: there are no credentials.
        """
        with self._translated(action):
            response = self._send(action, path, query, body, self.timeouts.answer, accept)
            text = response.data
        try:
            answer = read_json(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self.unreachable(action, "the answer is not a Kubernetes object")
        return answer

    @contextlib.contextmanager
    def open(
        self, action: Action, path: str, *, query: Mapping[str, Any] | None = None, quiet_seconds: float
    ) -> Iterator[Any]:
        """Ask, and give the answer while it comes: a urllib3 response.

        Args:
            action: What is asked.
            path: Where.
            query: How.
            quiet_seconds: How long it may say nothing.
        """
        with self._translated(action):
            response = self._send(action, path, query, None, quiet_seconds, _JSON)
            try:
                yield response
            finally:
                # The rest of the answer stays unread, so the connection can't be used again.
                response.close()

    def _send(
        self,
        action: Action,
        path: str,
        query: Mapping[str, Any] | None,
        body: Any,
        read_seconds: float,
        accept: str,
    ) -> Any:
        timeouts = (self.timeouts.connect, read_seconds)
        opened = self._connected()
        response = None
        try:
            response = _call(opened.client, action, path, query, body, timeouts, accept)
        except Exception as error:
            # 401: the token has run out before its time, or was revoked. No status: a certificate doesn't do.
            if getattr(error, "status", None) not in (401, 0):
                raise
        if response is None:
            # Perhaps there are newer ones by now.
            response = _call(self._connected(instead_of=opened).client, action, path, query, body, timeouts, accept)
        self.clock.note(response.headers.get("Date"))
        return response

    def _connected(self, instead_of: Opened | None = None) -> Opened:
        with self._lock:
            if self._opened is None or self._opened is instead_of:
                self._opened = opened_by(self._configuration) if self._configuration else open_client(self.source)
            return self._opened

    def _asked(self, action: Action) -> Asked:
        return Asked(action, self.host, self.proxy, self.requirements)

    @contextlib.contextmanager
    def _translated(self, action: Action) -> Iterator[None]:
        self._connected()
        try:
            yield
        except foreign_errors() as error:
            raise self.translated(action, error) from None


def _call(
    client: Any,
    action: Action,
    path: str,
    query: Mapping[str, Any] | None,
    body: Any,
    timeouts: tuple[float, float],
    accept: str,
) -> Any:
    with sending():
        return client.call_api(
            path,
            _METHODS.get(action.verb, "GET"),
            query_params=list((query or {}).items()),
            header_params={
                "Accept": accept,
                "Content-Type": _MERGE if action.verb == "patch" else "application/json",
            },
            body=body,
            auth_settings=["BearerToken"],
            _preload_content=False,
            _request_timeout=timeouts,
            _return_http_data_only=True,
        )
