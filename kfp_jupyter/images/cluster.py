"""The Kubernetes API as far as builds need it, with its errors as ours. The only file here that knows its client."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.clients import open_client
from kfp_jupyter.kubernetes.errors import AccessError
from kfp_jupyter.kubernetes.failures import call_errors, is_answer
from kfp_jupyter.kubernetes.sources import find_source
from kfp_jupyter.network_errors import innermost
from kfp_jupyter.parsing.json_reader import read_json

if TYPE_CHECKING:
    from kubernetes.client import Configuration

OWN_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
"""In a pod: the namespace it is in."""

CONNECT_SECONDS = 20


class NotThereError(EngineError):
    """The cluster has no object of that name."""


class UnreachableError(EngineError):
    """The cluster didn't answer, which may pass."""


def default_namespace() -> str:
    """Return the namespace of the notebook's own pod; outside of a cluster ``kubeflow``, as in KFP v1."""
    return OWN_NAMESPACE.read_text().strip() if OWN_NAMESPACE.exists() else "kubeflow"


class Cluster:
    """Pods and secrets of one namespace.

    Args:
        namespace: The namespace.
        configuration: How to reach the API; found as KFP v1 finds it unless given: ``$KUBECONFIG``, the pod's own
            service account, ``~/.kube/config``.

    Raises:
        EngineError: No cluster is known.
    """

    def __init__(self, namespace: str, configuration: Configuration | None = None) -> None:
        self.namespace = namespace
        # Any: its older versions are without types, and its newer ones don't know that a dict will do for an object.
        self._api: Any = _connected(configuration)

    def create_pod(self, pod: Mapping[str, Any]) -> str:
        """Create a pod; return the name it was given."""
        with self._translated("create", "pods"):
            made = self._api.create_namespaced_pod(self.namespace, dict(pod), _request_timeout=CONNECT_SECONDS)
        return str(made.metadata.name)

    def read_pod(self, name: str) -> dict[str, Any]:
        """Return a pod as JSON has it."""
        with self._translated("get", "pods", name):
            pod = self._api.read_namespaced_pod(name, self.namespace, _request_timeout=CONNECT_SECONDS)
        found: dict[str, Any] = self._api.api_client.sanitize_for_serialization(pod)
        return found

    def delete_pod(self, name: str) -> None:
        """Delete a pod."""
        with self._translated("delete", "pods", name):
            # kaniko has nothing to put in order, and as its container's first process it wouldn't hear a SIGTERM.
            self._api.delete_namespaced_pod(
                name, self.namespace, grace_period_seconds=1, _request_timeout=CONNECT_SECONDS
            )

    def create_secret(self, name: str, data: Mapping[str, str]) -> None:
        """Create a secret.

        Args:
            name: Its name.
            data: Key to value in base64.
        """
        body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": dict(data)}
        with self._translated("create", "secrets"):
            self._api.create_namespaced_secret(self.namespace, body, _request_timeout=CONNECT_SECONDS)

    def read_secret(self, name: str) -> dict[str, str]:
        """Return key to value in base64 of a secret."""
        with self._translated("get", "secrets", name):
            secret = self._api.read_namespaced_secret(name, self.namespace, _request_timeout=CONNECT_SECONDS)
        return dict(secret.data or {})

    def delete_secret(self, name: str) -> None:
        """Delete a secret."""
        with self._translated("delete", "secrets", name):
            self._api.delete_namespaced_secret(name, self.namespace, _request_timeout=CONNECT_SECONDS)

    def warnings(self, name: str) -> list[str]:
        """Return what Kubernetes warned of about a pod, the oldest first.

        Raises:
            EngineError: The events can't be read, often because that isn't allowed.
        """
        of_pod = f"involvedObject.name={name},type=Warning"
        with self._translated("list", "events"):
            events = self._api.list_namespaced_event(
                self.namespace, field_selector=of_pod, _request_timeout=CONNECT_SECONDS
            )
        return [f"{event.reason}: {event.message}" for event in events.items]

    def log(self, name: str, container: str, quiet_seconds: float) -> Iterator[str]:
        """Yield the lines of a container's log from its beginning, until it ends or says nothing for a while.

        Args:
            name: The pod.
            container: Its container.
            quiet_seconds: How long to wait for a line.
        """
        from urllib3.exceptions import ReadTimeoutError  # noqa: PLC0415  (lazy: comes with kubernetes)

        with self._translated("get", "pods/log", name):
            answer = self._api.read_namespaced_pod_log(
                name,
                self.namespace,
                container=container,
                follow=True,
                _preload_content=False,
                _request_timeout=(CONNECT_SECONDS, quiet_seconds),
            )
            rest = b""
            with contextlib.closing(answer), contextlib.suppress(ReadTimeoutError):
                for chunk in answer.stream():
                    *lines, rest = (rest + chunk).split(b"\n")
                    yield from (line.decode(errors="replace") for line in lines)
                if rest:
                    yield rest.decode(errors="replace")

    @contextlib.contextmanager
    def _translated(self, verb: str, resource: str, name: str = "") -> Iterator[None]:
        what = f"{verb} {resource}" + (f" {name!r}" if name else "")
        try:
            yield
        except call_errors() as error:
            if is_answer(error):
                raise self._error(verb, resource, what, error) from None
            raise UnreachableError(
                f"The cluster at {self._api.api_client.configuration.host} doesn't answer ({what}): {innermost(error)}."
            ) from None

    def _error(self, verb: str, resource: str, what: str, error: Any) -> EngineError:
        said = _message(error.body) or error.reason or f"status {error.status}"
        if error.status == 403 and "service account" in said and "not found" in said:
            return EngineError(
                f"The cluster refused the pod: {said}.",
                remedy="Name a service account of that namespace that may push images with service_account=….",
            )
        if error.status in (401, 403):
            return EngineError(
                f"The cluster doesn't allow to {verb} {resource} in the namespace {self.namespace!r}: {said}",
                remedy=f'Ask for a role that allows the verb "{verb}" on the resource "{resource}" there.',
            )
        busy = error.status == 429 or (error.status or 0) >= 500
        kind = NotThereError if error.status == 404 else UnreachableError if busy else EngineError
        return kind(f"The cluster could not {what} in the namespace {self.namespace!r}: {said}.")


def _message(body: Any) -> str:
    text = body.decode(errors="replace") if isinstance(body, bytes) else body or ""
    try:
        return str(read_json(text)["message"])
    except (ValueError, KeyError, TypeError):
        return str(text).strip()


def _connected(configuration: Configuration | None) -> Any:
    # Weighs half a second and 35 MiB, and most builds of pipelines need no cluster.
    from kubernetes import client  # noqa: PLC0415  (lazy, see above)

    if configuration is not None:
        return client.CoreV1Api(client.ApiClient(configuration))
    try:
        return client.CoreV1Api(open_client(find_source()).client)
    except AccessError as error:
        local = 'Or build on this machine with docker or podman: builder="local".'
        raise AccessError(error.message, remedy=f"{error.remedy} {local}".strip()) from None
