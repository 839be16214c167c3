"""Pods, secrets, ConfigMaps, events and services as plain data: the objects of the core API group.

Paths and fields: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from kfp_jupyter.kubernetes.clocks import ClusterClock
from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.errors import NotFoundError, TimedOutError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.parsing.objects import entries, section


class CoreObjects:
    """Objects of the core API group, in the namespace of a connection unless another one is named.

    Args:
        connection: The way to them.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def namespace(self) -> str:
        """Where they are."""
        return self.connection.namespace

    @property
    def clock(self) -> ClusterClock:
        """The cluster's clock."""
        return self.connection.clock

    def pod(self, name: str) -> dict[str, Any] | None:
        """Return a pod; None for none."""
        return self._get("pods", name, self.namespace)

    def pods(self, selector: str, namespace: str = "") -> list[dict[str, Any]]:
        """Return the pods that have some labels.

        Args:
            selector: The labels.
            namespace: Where; by default that of the connection.
        """
        return self._list("pods", namespace or self.namespace, {"labelSelector": selector})

    def create_pod(self, pod: Mapping[str, Any]) -> str:
        """Create a pod; return the name that it was given."""
        made = self.connection.ask(self._act("create", "pods"), self._path("pods"), body=pod)
        return str(made["metadata"]["name"])

    def delete_pod(self, name: str, grace_seconds: int | None = None) -> None:
        """Delete a pod that may be gone already.

        Args:
            name: The pod.
            grace_seconds: How long its programs may take to end; by default what the pod itself says.
        """
        query = {} if grace_seconds is None else {"gracePeriodSeconds": grace_seconds}
        with contextlib.suppress(NotFoundError):
            self.connection.ask(self._act("delete", "pods", name), self._path("pods", name), query=query)

    def pod_log(
        self,
        name: str,
        container: str,
        *,
        follow: bool,
        quiet_seconds: float,
        since: str = "",
        timestamps: bool = False,
    ) -> contextlib.AbstractContextManager[Any]:
        """Open the log of a container: a urllib3 response.

        Args:
            name: The pod.
            container: Its container.
            follow: Whether to wait for more while it runs.
            quiet_seconds: How long it may be silent.
            since: Time (RFC 3339) from which on; empty for all.
            timestamps: Whether each line begins with its time.
        """
        query: dict[str, Any] = {"container": container, "follow": str(follow).lower()}
        if timestamps:
            query["timestamps"] = "true"
        if since:
            query["sinceTime"] = since
        path = f"{self._path('pods', name)}/log"
        return self.connection.open(self._act("get", "pods/log", name), path, query=query, quiet_seconds=quiet_seconds)

    def follow_log(self, name: str, container: str, quiet_seconds: float) -> Iterator[str]:
        """Yield the lines of a container's log from its beginning, until it ends or is silent for a while.

        Args:
            name: The pod.
            container: Its container.
            quiet_seconds: How long to wait for more.
        """
        opened, rest = False, b""
        try:
            with self.pod_log(name, container, follow=True, quiet_seconds=quiet_seconds) as response:
                opened = True
                for chunk in response.stream():
                    *lines, rest = (rest + chunk).split(b"\n")
                    yield from (line.decode(errors="replace") for line in lines)
        except TimedOutError:
            if not opened:
                raise
        if rest:
            yield rest.decode(errors="replace")

    def service(self, name: str, namespace: str) -> dict[str, Any] | None:
        """Return a service; None for none.

        Args:
            name: The service.
            namespace: Where it is.
        """
        return self._get("services", name, namespace)

    def config_map(self, name: str, namespace: str) -> dict[str, Any] | None:
        """Return a ConfigMap; None for none.

        Args:
            name: The ConfigMap.
            namespace: Where it is.
        """
        return self._get("configmaps", name, namespace)

    def secret(self, name: str) -> dict[str, str]:
        """Return the keys of a secret, with their values in base64.

        Raises:
            NotFoundError: There is none of that name.
        """
        answer = self.connection.ask(self._act("get", "secrets", name), self._path("secrets", name))
        return dict(section(answer, "data"))

    def create_secret(self, name: str, data: Mapping[str, str]) -> None:
        """Create a secret.

        Args:
            name: Its name.
            data: Key to value in base64.
        """
        body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": dict(data)}
        self.connection.ask(self._act("create", "secrets"), self._path("secrets"), body=body)

    def delete_secret(self, name: str) -> None:
        """Delete a secret.

        Raises:
            NotFoundError: There is none of that name.
        """
        self.connection.ask(self._act("delete", "secrets", name), self._path("secrets", name))

    def events(self, selector: str) -> list[dict[str, Any]]:
        """Return the events that fit a field selector, such as ``involvedObject.name=x,type=Warning``."""
        return self._list("events", self.namespace, {"fieldSelector": selector})

    def _get(self, kind: str, name: str, namespace: str) -> dict[str, Any] | None:
        try:
            return self.connection.ask(Action("get", kind, namespace, name), self._path(kind, name, namespace))
        except NotFoundError:
            return None

    def _list(self, kind: str, namespace: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = self.connection.ask(
            Action("list", kind, namespace), self._path(kind, namespace=namespace), query=query
        )
        return [dict(item) for item in entries(answer, "items")]

    def _act(self, verb: str, resource: str, name: str = "") -> Action:
        return Action(verb, resource, self.namespace, name)

    def _path(self, kind: str, name: str = "", namespace: str = "") -> str:
        path = f"/api/v1/namespaces/{namespace or self.namespace}/{kind}"
        return f"{path}/{quote(name, safe='')}" if name else path
