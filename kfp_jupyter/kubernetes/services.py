"""Services of a cluster: which one a host names, which pod is behind it, and a way to it from this machine."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.kubernetes.errors import ApiError, PortForwardError
from kfp_jupyter.kubernetes.local_listener import LocalListener
from kfp_jupyter.kubernetes.objects import CoreObjects
from kfp_jupyter.kubernetes.port_forward import PortForward, open_port_forward
from kfp_jupyter.kubernetes.sources import IN_POD
from kfp_jupyter.parsing.objects import entries, section


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

    def __str__(self) -> str:
        return f"the service {self.name!r} in the namespace {self.namespace!r}"


def service_at(objects: CoreObjects, endpoint: str) -> Service | None:
    """Return the service that an address names; None where the name resolves outside of the cluster, or we are inside.

    Args:
        objects: The way to the cluster.
        endpoint: Host and port.
    """
    if os.environ.get(IN_POD):
        return None
    service = parse_service(endpoint, objects.namespace)
    if service is None:
        return None
    try:
        found = objects.service(service.name, service.namespace)
    except ApiError:
        # Services may not be read here: a name of two words may still be that of a host.
        found = None
    return service if found or "." not in endpoint or ".svc" in endpoint else None


def parse_service(endpoint: str, namespace: str) -> Service | None:
    """Return which service a host and port may mean.

    Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/

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
def forwarded(objects: CoreObjects, service: Service) -> Iterator[str]:
    """Give a host and port of this machine that lead to a pod of a service; nothing of it is left afterwards.

    Args:
        objects: The way to the cluster.
        service: Where they lead.

    Raises:
        PortForwardError: The service doesn't exist, no pod of it runs, or the proxy isn't fit for it.
        KubernetesError: The API doesn't allow it, or doesn't answer.
    """
    pod, port = _target(objects, service)

    def connect() -> PortForward:
        return open_port_forward(objects.connection, service.namespace, pod, port)

    # The first one before the port is known: so what is wrong is raised here, and not met by a program that connects.
    with contextlib.closing(LocalListener(connect, connect())) as listener:
        yield listener.address


def _target(objects: CoreObjects, service: Service) -> tuple[str, int]:
    """Return a pod of a service, and its port there."""
    found = objects.service(service.name, service.namespace)
    if found is None:
        raise PortForwardError(f"There is no service {service.name!r} in the namespace {service.namespace!r}.")
    spec = section(found, "spec")
    selector = ",".join(f"{key}={value}" for key, value in section(spec, "selector").items())
    pods = objects.pods(selector, service.namespace) if selector else []
    ready = [pod for pod in pods if section(pod, "status").get("phase") == "Running"]
    if not ready:
        raise PortForwardError(f"No pod of {service} runs.")
    ports = entries(spec, "ports")
    target = next((p.get("targetPort", p["port"]) for p in ports if p["port"] == service.port), service.port)
    return str(ready[0]["metadata"]["name"]), _number(ready[0], target)


def _number(pod: Mapping[str, Any], port: Any) -> int:
    if isinstance(port, int):
        return port
    for container in entries(pod["spec"], "containers"):
        for declared in entries(container, "ports"):
            if declared.get("name") == port:
                return int(declared["containerPort"])
    raise PortForwardError(f"The pod {pod['metadata']['name']!r} has no port {port!r}.")
