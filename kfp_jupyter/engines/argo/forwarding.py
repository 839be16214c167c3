"""A way through the Kubernetes API to a store that only the cluster reaches."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.errors import RefusedError
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.tunnels import Tunnel, open_tunnel
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.objects import entries, section

_BLOCK = 1 << 16


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
def forwarded(objects: Objects, service: Service) -> Iterator[str]:
    """Give a host and port of this machine that lead to a pod of a service; nothing of it is left afterwards.

    Args:
        objects: The way to the cluster.
        service: Where they lead.

    Raises:
        EngineError: No pod of it runs, or the API doesn't lead there.
    """
    pod, port = _target(objects, service)
    # The first one before anybody asks: what is wrong with the way there is known here, not to whoever goes it.
    first = open_tunnel(objects.connection, service.namespace, pod, port)
    with contextlib.closing(_Listener(objects, service.namespace, pod, port, first)) as listener:
        yield listener.address


class _Listener:
    """Passes on what connects to a port of this machine.

    Args:
        objects: The way to the cluster.
        namespace: Where the pod is.
        pod: The pod.
        port: Its port.
        first: A tunnel to it, for whoever comes first.
    """

    def __init__(self, objects: Objects, namespace: str, pod: str, port: int, first: Tunnel) -> None:
        self._objects, self._target = objects, (namespace, pod, port)
        self._ready: Tunnel | None = first
        self._lock = threading.Lock()
        self._closed = False
        self._connections: list[socket.socket] = []
        self._tunnels: list[Tunnel] = [first]
        self._threads: list[threading.Thread] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._start(self._accept)

    def close(self) -> None:
        """End everything, and wait for it."""
        with self._lock:
            self._closed = True
        # Closing alone wouldn't wake the threads that wait for somebody, or for something.
        for open_socket in (self._server, *self._connections):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        for tunnel in self._tunnels:
            tunnel.end()
        for thread in self._threads:
            thread.join()
        for open_socket in (self._server, *self._connections):
            open_socket.close()
        for tunnel in self._tunnels:
            tunnel.close()

    def _start(self, work: Any, *words: Any) -> None:
        thread = threading.Thread(target=work, args=words, name="kfp-jupyter-forward", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            tunnel, self._ready = self._ready, None
            try:
                tunnel = tunnel or open_tunnel(self._objects.connection, *self._target)
            except EngineError:
                # To whoever has connected it is a server that hangs up, and they say so.
                near.close()
                continue
            with self._lock:
                if self._closed:
                    near.close()
                    tunnel.close()
                    return
                self._connections.append(near)
                self._tunnels.append(tunnel)
                self._start(_pass_up, near, tunnel)
                self._start(_pass_down, near, tunnel)


def _pass_up(near: socket.socket, tunnel: Tunnel) -> None:
    with contextlib.suppress(OSError):
        while block := near.recv(_BLOCK):
            tunnel.send(block)
    tunnel.end()


def _pass_down(near: socket.socket, tunnel: Tunnel) -> None:
    with contextlib.suppress(OSError):
        for block in tunnel.blocks():
            near.sendall(block)
    with contextlib.suppress(OSError):
        near.shutdown(socket.SHUT_RDWR)


def _target(objects: Objects, service: Service) -> tuple[str, int]:
    """Return a pod of a service, and its port there."""
    found = objects.service(service.name, service.namespace)
    if found is None:
        raise EngineError(
            f"The store is the service {service.name!r} in the namespace {service.namespace!r}, which isn't there.",
            remedy="Where the store is reached by another address from here, give it with s3_endpoint=….",
        )
    spec = section(found, "spec")
    selector = ",".join(f"{key}={value}" for key, value in section(spec, "selector").items())
    pods = objects.pods(selector, service.namespace) if selector else []
    ready = [pod for pod in pods if section(pod, "status").get("phase") == "Running"]
    if not ready:
        raise EngineError(
            f"The store is the service {service.name!r} in the namespace {service.namespace!r}, and no pod of it runs.",
            remedy="Where the store is reached by another address from here, give it with s3_endpoint=….",
        )
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
    raise EngineError(f"The pod {pod['metadata']['name']!r} has no port {port!r}.")
