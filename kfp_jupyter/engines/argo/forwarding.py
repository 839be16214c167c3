"""A way through the Kubernetes API to a store that only the cluster reaches."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.errors import Action, RefusedError, unreachable
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.errors import EngineError


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """A service of the cluster, and one of its ports.

    Attributes:
        name: Its name.
        namespace: Where it is.
        port: The port.
    """

    name: str
    namespace: str
    port: int


def service_of(objects: Objects, endpoint: str) -> Service | None:
    """Return the service that a host and port name; None where everybody can resolve them, or where we are inside."""
    if os.environ.get("KUBERNETES_SERVICE_HOST"):
        return None
    service = parse_service(endpoint, objects.namespace)
    if service is None:
        return None
    try:
        found = objects.service(service.name, service.namespace)
    except RefusedError:
        # Not allowed to look: a name of two words may still be somebody's host.
        found = None
    return service if found or "." not in endpoint or ".svc" in endpoint else None


def parse_service(endpoint: str, namespace: str) -> Service | None:
    """Return which service a host and port may mean.

    Args:
        endpoint: Such as ``minio-service.kubeflow:9000``.
        namespace: Where a name without a namespace is.
    """
    host, _, port = endpoint.partition(":")
    words = host.rstrip(".").split(".")
    if len(words) > 2 and words[2] != "svc":
        return None
    if not words[0] or words[0] == "localhost" or words[-1].isdigit():
        return None
    return Service(words[0], words[1] if len(words) > 1 else namespace, int(port) if port.isdigit() else 80)


@contextlib.contextmanager
def forwarded(objects: Objects, service: Service, options: Mapping[str, Any]) -> Iterator[Any]:
    """Give a urllib3 pool manager, all of whose connections lead to a pod of the service.

    Args:
        objects: The way to the cluster.
        service: Where they lead.
        options: What the pool manager is made with.
    """
    pod, port = _target(objects, service)
    connection = importlib.import_module("urllib3.connection")
    pools = importlib.import_module("urllib3.connectionpool")
    forwards: list[Any] = []

    def connect() -> Any:
        forwards.append(_forward(objects, pod, service.namespace, port))
        return forwards[-1].socket(port)._socket

    plain = type("Forwarded", (connection.HTTPConnection,), {"_new_conn": lambda _: _Socket(connect())})
    tls = type("ForwardedTLS", (connection.HTTPSConnection,), {"_new_conn": lambda _: connect()})
    manager = importlib.import_module("urllib3").PoolManager(**options)
    manager.pool_classes_by_scheme = {
        "http": type("Pool", (pools.HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("PoolTLS", (pools.HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }
    try:
        yield manager
    finally:
        for forward in forwards:
            with contextlib.suppress(OSError):
                forward.close()


class _Socket:
    """A socket of this machine alone, which knows nothing of what is set on sockets of a network."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def setsockopt(self, *_: Any) -> None:
        """Do nothing: there is no delay to switch off."""


def _forward(objects: Objects, pod: str, namespace: str, port: int) -> Any:
    """Open one connection to a port of a pod."""
    client, stream = importlib.import_module("kubernetes.client"), importlib.import_module("kubernetes.stream")
    action = Action("create", "pods/portforward", namespace, pod)
    # A client of its own: the library changes the one it is given.
    api = client.CoreV1Api(client.ApiClient(objects.connection.client.configuration))
    try:
        return stream.portforward(api.connect_get_namespaced_pod_portforward, pod, namespace, ports=str(port))
    except client.ApiException as error:
        raise unreachable(action, objects.connection.host, error.reason or error) from None


def _target(objects: Objects, service: Service) -> tuple[str, int]:
    """Return a pod of a service, and its port there."""
    found = objects.service(service.name, service.namespace)
    if found is None:
        raise EngineError(
            f"The store is the service {service.name!r} in the namespace {service.namespace!r}, which isn't there.",
            remedy="Where the store is reached by another address from here, give it with s3_endpoint=….",
        )
    spec = found.get("spec") or {}
    selector = ",".join(f"{key}={value}" for key, value in (spec.get("selector") or {}).items())
    pods = objects.pods(selector, service.namespace) if selector else []
    ready = [pod for pod in pods if (pod.get("status") or {}).get("phase") == "Running"]
    if not ready:
        raise EngineError(
            f"The store is the service {service.name!r} in the namespace {service.namespace!r}, and no pod of it runs."
        )
    ports = spec.get("ports") or ()
    target = next((p.get("targetPort", p["port"]) for p in ports if p["port"] == service.port), service.port)
    return str(ready[0]["metadata"]["name"]), _number(ready[0], target)


def _number(pod: Mapping[str, Any], port: Any) -> int:
    if isinstance(port, int):
        return port
    for container in pod["spec"].get("containers") or ():
        for declared in container.get("ports") or ():
            if declared.get("name") == port:
                return int(declared["containerPort"])
    return int(port)
