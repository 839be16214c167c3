"""One connection to a port of a pod, through the Kubernetes API.

A web socket, each of whose messages begins with the number of a channel: 0 carries what is sent either way, 1 what is
wrong at the far end. The first message of each channel is the port's number. (The Kubernetes client's own object for
this leaves a thread and a socket behind when it is closed early, and writes of it to the notebook.)
"""

from __future__ import annotations

import contextlib
import importlib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kfp_jupyter.engines.argo.connection import Connection
from kfp_jupyter.engines.argo.errors import Action, refusal
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.failures import call_errors
from kfp_jupyter.proxies import Proxy

_PROTOCOL = "v4.channel.k8s.io"
_PATIENCE_SECONDS = 10.0
"""For the opening."""

_DATA = 0
_MARKS = 2
"""Bytes of a message that only says which port a channel is for."""


class Tunnel:
    """An open connection.

    Args:
        websocket: The web socket, as the Kubernetes client opens it.
    """

    def __init__(self, websocket: Any) -> None:
        # Any: the client comes without types.
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
        """Break it off, also for whoever waits in `blocks`; as often as one likes."""
        wire = self._websocket.sock
        if wire is not None:
            with contextlib.suppress(OSError, ValueError):
                wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Free it, when nobody sends or waits any more."""
        self._websocket.shutdown()

    @contextlib.contextmanager
    def _as_network_errors(self) -> Iterator[None]:
        try:
            yield
        except (self._library.WebSocketException, ValueError, AttributeError) as error:
            # Closed under whoever sends or waits, it shows its insides.
            raise ConnectionError(str(error)) from None


def open_tunnel(connection: Connection, namespace: str, pod: str, port: int) -> Tunnel:
    """Open a connection to a port of a pod.

    Raises:
        RefusedError: The API doesn't allow it.
        UnreachableError: It doesn't answer.
    """
    action = Action("create", "pods/portforward", namespace, pod)
    client = connection.client
    headers: dict[str, str] = {}
    client.update_params_for_auth(headers, [], ["BearerToken"])
    address = f"{client.configuration.host}/api/v1/namespaces/{namespace}/pods/{pod}/portforward?ports={port}"
    library = importlib.import_module("websocket")
    try:
        websocket = _opened(library, client.configuration, address, headers.get("authorization", ""), connection.proxy)
    except library.WebSocketBadStatusException as error:
        raise _refused(action, connection.host, error) from None
    except call_errors() as error:
        raise connection.unreachable(action, error) from None
    return Tunnel(websocket)


def _opened(library: Any, settings: Any, address: str, authorization: str, proxy: Proxy | None) -> Any:
    """Open a web socket with the settings of the Kubernetes client, which itself would wait for ever."""
    sockets = importlib.import_module("kubernetes.stream.ws_client")
    url = sockets.get_websocket_url(address)
    trusted = settings.ssl_ca_cert or importlib.import_module("certifi").where()
    tls: dict[str, Any]
    tls = {"cert_reqs": ssl.CERT_REQUIRED, "ca_certs": trusted} if settings.verify_ssl else {"cert_reqs": ssl.CERT_NONE}
    if not settings.verify_ssl or settings.assert_hostname is not None:
        tls["check_hostname"] = bool(settings.verify_ssl and settings.assert_hostname)
    more = {
        "certfile": settings.cert_file,
        "keyfile": settings.key_file,
        "server_hostname": getattr(settings, "tls_server_name", None),
    }
    websocket = library.WebSocket(
        sslopt=tls | {key: value for key, value in more.items() if value}, skip_utf8_validation=True
    )
    websocket.connect(
        url,
        header=[f"authorization: {authorization}"] if authorization else [],
        subprotocols=[_PROTOCOL],
        timeout=_PATIENCE_SECONDS,
        **_way(proxy),
    )
    # From here on whoever uses it has patience of their own.
    websocket.settimeout(None)
    return websocket


def _way(proxy: Proxy | None) -> dict[str, Any]:
    """Return what the web socket is told of proxies; without, it looks into the environment by rules of its own."""
    if proxy is None:
        # Only whoever names a proxy is heard about what it isn't for.
        return {"http_proxy_host": "none", "http_proxy_port": 1, "http_no_proxy": ["*"]}
    at = urlsplit(proxy.address)
    return {
        "http_no_proxy": ["none"],
        "http_proxy_host": at.hostname,
        "http_proxy_port": at.port or 80,
        "http_proxy_auth": proxy.account,
        "proxy_type": "http",
    }


def _refused(action: Action, host: str, error: Any) -> EngineError:
    body = getattr(error, "resp_body", None) or b""
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
    return refusal(action, int(error.status_code), text, host=host)
