"""The way to a Kubernetes API: which one, as whom, and how it is asked. Nothing else here knows the client."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.argo.errors import Action, refusal, unreachable
from kfp_jupyter.errors import EngineError

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""In a pod: its service account."""

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0

_METHODS = {"create": "POST", "patch": "PATCH", "update": "PUT", "delete": "DELETE"}
_MERGE = "application/merge-patch+json"


class Connection:
    """An API server, an account and a namespace. Usable from any thread; connects at first use.

    Args:
        context: Which context of the kubeconfig; by default its current one.
        namespace: Which namespace; by default the context's, or the pod's own.
        kubeconfig: Which file; by default ``$KUBECONFIG``, the pod's own account, then ``~/.kube/config``.
    """

    def __init__(self, context: str | None = None, namespace: str | None = None, kubeconfig: str | None = None) -> None:
        self._context = context
        self._given_namespace = namespace
        self._kubeconfig = kubeconfig
        self._lock = threading.Lock()
        # Any: the client comes without types.
        self._client: Any = None
        self._namespace = ""

    @property
    def namespace(self) -> str:
        """The namespace that runs are in."""
        self._connected()
        return self._namespace

    @property
    def host(self) -> str:
        """The API's address."""
        return str(self._connected().configuration.host)

    @property
    def client(self) -> Any:
        """The client's own object, for what goes through web sockets."""
        return self._connected()

    def ask(
        self,
        action: Action,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Ask, and return the object that comes back.

        Raises:
            RefusedError: The API said no.
            UnreachableError: It said nothing.
        """
        with self._translated(action):
            response = self._send(action, path, query, body, ANSWER_SECONDS)
            text = response.data
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise unreachable(action, self.host, "what it answers is no Kubernetes object")
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
            response = self._send(action, path, query, None, quiet_seconds)
            try:
                yield response
            finally:
                # Its rest is of no use to anybody: the connection goes with it.
                response.close()

    def _send(self, action: Action, path: str, query: Mapping[str, Any] | None, body: Any, read_seconds: float) -> Any:
        client = self._connected()
        try:
            return _call(client, action, path, query, body, read_seconds)
        except Exception as error:
            if getattr(error, "status", None) != 401:
                raise
        # The token has run out before its time, or was revoked: perhaps there is a newer one by now.
        return _call(self._connected(instead_of=client), action, path, query, body, read_seconds)

    def _connected(self, instead_of: Any = None) -> Any:
        with self._lock:
            if self._client is None or self._client is instead_of:
                self._client, found = _connect(self._context, self._kubeconfig)
                self._namespace = self._given_namespace or found or "default"
            return self._client

    @contextlib.contextmanager
    def _translated(self, action: Action) -> Iterator[None]:
        self._connected()
        # They come with the client, which is loaded by now.
        from kubernetes.client import ApiException  # noqa: PLC0415  (lazy, see _connect)
        from urllib3.exceptions import HTTPError  # noqa: PLC0415  (the same)

        try:
            yield
        except ApiException as error:
            raise self._refusal(action, error) from None
        except (HTTPError, OSError) as error:
            raise unreachable(action, self.host, error) from None

    def _refusal(self, action: Action, error: Any) -> EngineError:
        if not error.status:
            return unreachable(action, self.host, error.reason or "it can't be understood")
        body = error.body.decode(errors="replace") if isinstance(error.body, bytes) else error.body or ""
        later = str((error.headers or {}).get("Retry-After") or "")
        return refusal(action, int(error.status), body, host=self.host, retry_after=later)


def _call(
    client: Any, action: Action, path: str, query: Mapping[str, Any] | None, body: Any, read_seconds: float
) -> Any:
    try:
        return client.call_api(
            path,
            _METHODS.get(action.verb, "GET"),
            query_params=list((query or {}).items()),
            header_params={
                "Accept": "application/json",
                "Content-Type": _MERGE if action.verb == "patch" else "application/json",
            },
            body=body,
            auth_settings=["BearerToken"],
            _preload_content=False,
            _request_timeout=(CONNECT_SECONDS, read_seconds),
            _return_http_data_only=True,
        )
    except AttributeError as error:
        # The client stumbles over its own error where TLS fails: that one comes without a body.
        if error.__context__ is not None:
            raise error.__context__ from None
        raise


def _connect(context: str | None, kubeconfig: str | None) -> tuple[Any, str]:
    """Return a client and the namespace that goes with it; empty for none."""
    # Weighs half a second and 35 MiB; who runs locally does without.
    from kubernetes import client, config  # noqa: PLC0415  (lazy, see above)

    configuration = client.Configuration()
    # Requests are asked again by those who know whether that is safe.
    configuration.retries = False
    try:
        if not (context or kubeconfig or os.environ.get("KUBECONFIG")):
            with contextlib.suppress(config.ConfigException):
                config.load_incluster_config(client_configuration=configuration)
                return client.ApiClient(configuration), _own_namespace()
        file = kubeconfig or None
        config.load_kube_config(config_file=file, context=context, client_configuration=configuration)
        return client.ApiClient(configuration), _namespace_of(config, file, context)
    except (config.ConfigException, OSError, ValueError) as error:
        raise _unknown_cluster(config, context, kubeconfig, error) from None


def _own_namespace() -> str:
    try:
        return (ACCOUNT / "namespace").read_text().strip()
    except OSError:
        return ""


def _namespace_of(config: Any, file: str | None, context: str | None) -> str:
    contexts, current = config.list_kube_config_contexts(config_file=file)
    chosen = next((c for c in contexts if c["name"] == context), current)
    return str((chosen.get("context") or {}).get("namespace") or "")


def _unknown_cluster(config: Any, context: str | None, file: str | None, error: Exception) -> EngineError:
    if context:
        try:
            names = [str(c["name"]) for c in config.list_kube_config_contexts(config_file=file)[0]]
        except (config.ConfigException, OSError, ValueError):
            names = []
        if names and context not in names:
            return EngineError(
                f"The kubeconfig has no context {context!r}.", remedy=f"It has {', '.join(map(repr, names))}."
            )
    why = str(error).strip().partition("\n")[0].rstrip(".")
    return EngineError(
        f"No Kubernetes cluster is known here: {why}.",
        remedy="Set KUBECONFIG to a kubeconfig file, or name one with kubeconfig=….",
    )
