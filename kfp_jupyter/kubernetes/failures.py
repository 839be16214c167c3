"""What the libraries raise that requests are made with, when one fails."""

from __future__ import annotations

import functools
import http.client
import importlib


class UnsendableError(OSError):
    """A request that the libraries refuse to send."""


@functools.cache
def client_errors() -> tuple[type[Exception], ...]:
    """Return the roots of what a request of the Kubernetes client may end with, also one of its web sockets."""
    return (
        importlib.import_module("kubernetes.client.exceptions").OpenApiException,
        importlib.import_module("kubernetes.config").ConfigException,
        importlib.import_module("websocket").WebSocketException,
        importlib.import_module("urllib3.exceptions").HTTPError,
        http.client.HTTPException,
        OSError,
    )


def call_errors() -> tuple[type[Exception], ...]:
    """Return them, with what the libraries raise of a call that can't be sent as it is."""
    return (*client_errors(), ValueError)


def is_answer(error: Exception) -> bool:
    """Whether an exception carries what the API has answered, or that TLS has kept it from being asked."""
    return isinstance(error, importlib.import_module("kubernetes.client.exceptions").ApiException)
