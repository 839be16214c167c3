"""One connection to a port of a pod, through the Kubernetes API.

A web socket, each of whose messages begins with the number of a channel: 0 carries what is sent either way, 1 what is
wrong at the far end. The first message of each channel is the port's number. (The Kubernetes client's own object for
this leaves a thread and a socket behind when it is closed early, and writes of it to the notebook.)

Source: staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go of Kubernetes 1.34.
"""

from __future__ import annotations

import contextlib
import importlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.errors import PortForwardError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.kubernetes.translation import foreign_errors, sending

_PROTOCOL = "v4.channel.k8s.io"
_OPENING_SECONDS = 10.0

_DATA = 0
_MARKS = 2
"""Bytes of a message that only says which port a channel is for."""


class PortForward:
    """An open connection.

    Args:
        websocket: The web socket, which is open.
    """

    def __init__(self, websocket: Any) -> None:
        # Any: the library comes without types.
        self._websocket = websocket
        self._library = importlib.import_module("websocket")
        self._sending = threading.Lock()

    def send(self, block: bytes) -> None:
        """Send some bytes.

        Raises:
            OSError: The connection is broken.
        """
        with self._sending, self._as_network_errors():
            self._websocket.send_binary(bytes([_DATA]) + block)

    def blocks(self) -> Iterator[bytes]:
        """Yield what comes, until the far end or `end` ends it.

        Raises:
            OSError: The connection is broken.
        """
        begun: set[int] = set()
        with self._as_network_errors():
            while message := self._websocket.recv():
                data = message.encode() if isinstance(message, str) else message
                channel, content = data[0], data[1:]
                if channel not in begun and len(content) == _MARKS:
                    begun.add(channel)
                elif channel == _DATA:
                    yield content
                else:
                    # The far end says what is wrong, and nothing good comes after.
                    return

    def end(self) -> None:
        """Break it off, which also ends `blocks` in another thread. May be called more than once."""
        wire = self._websocket.sock
        if wire is not None:
            with contextlib.suppress(OSError, ValueError):
                wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Free it, once no thread sends or receives any more."""
        self._websocket.shutdown()

    @contextlib.contextmanager
    def _as_network_errors(self) -> Iterator[None]:
        try:
            yield
        except (self._library.WebSocketException, ValueError, AttributeError) as error:
            # Closed while another thread sends or receives, the library raises errors of its own insides.
            raise ConnectionError(str(error)) from None


def open_port_forward(connection: Connection, namespace: str, pod: str, port: int) -> PortForward:
    """Open a connection to a port of a pod.

    Args:
        connection: The way to the API.
        namespace: Where the pod is.
        pod: The pod.
        port: Its port.

    Raises:
        ApiError: The API doesn't allow it.
        UnreachableError: It doesn't answer.
        PortForwardError: The proxy can't be used for web sockets.
    """
    proxy = connection.proxy
    if proxy is not None and proxy.scheme == "https":
        raise PortForwardError(
            f"Ports of pods can't be reached through {proxy}: web sockets go through proxies of http and socks5 only.",
            remedy="Use a proxy of http or socks5, or an address that is reached without the Kubernetes API.",
        )
    action = Action("create", "pods/portforward", namespace, pod)
    library = importlib.import_module("websocket")
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}/portforward?ports={port}"
    try:
        with sending():
            websocket = _opened(library, connection, path)
    except foreign_errors() as error:
        raise connection.translated(action, error) from None
    return PortForward(websocket)


def _opened(library: Any, connection: Connection, path: str) -> Any:
    """Open a web socket on a connection as the API's other questions have it: encrypted, and through their proxy."""
    sockets = importlib.import_module("kubernetes.stream.ws_client")
    authorization = connection.authorization
    websocket = library.WebSocket(skip_utf8_validation=True)
    wire = connection.dial(_OPENING_SECONDS)
    try:
        websocket.connect(
            sockets.get_websocket_url(f"{connection.host}{path}"),
            header=[f"authorization: {authorization}"] if authorization else [],
            subprotocols=[_PROTOCOL],
            socket=wire,
            redirect_limit=0,
        )
    except BaseException:
        wire.close()
        raise
    # From here on, silence is normal: a connection may be idle.
    websocket.settimeout(None)
    return websocket
