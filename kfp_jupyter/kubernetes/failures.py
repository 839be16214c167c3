"""What the libraries raise that requests are made with, when one fails."""

from __future__ import annotations

import functools
import http.client
import importlib
import re

from kfp_jupyter.socks import meaning

_WHOSE = re.compile(r"^(?:.*>: |\w*Connection\w*\([^)]*\): )")
"""The connection that an error of a network is about, as libraries write it."""


class UnsendableError(OSError):
    """A request that the libraries refuse to send."""


@functools.cache
def request_errors() -> tuple[type[Exception], ...]:
    """Return the roots of what a request of the requests library, or of urllib3, may end with.

    Asked for in an ``except``, they cost nothing where nothing fails.
    """
    # OSError: among them all of ssl, socket and requests. ValueError: what can't be sent as it is.
    return (importlib.import_module("urllib3.exceptions").HTTPError, http.client.HTTPException, OSError, ValueError)


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


def innermost(reason: object) -> str:
    """Return the words at the bottom of a chain of network errors."""
    seen = reason
    while (below := _below(seen)) is not None:
        seen = below
    words = (isinstance(seen, Exception) and meaning(seen)) or _WHOSE.sub("", " ".join(str(seen).split()))
    return (words or type(seen).__name__).rstrip(".")


def _below(error: object) -> object | None:
    reason: object = getattr(error, "reason", None)
    if reason is not None and reason is not error and not isinstance(reason, str):
        return reason
    # A network error often carries the one below it as its last argument.
    args = error.args if isinstance(error, Exception) else ()
    return args[-1] if args and isinstance(args[-1], Exception) else None


def is_answer(error: Exception) -> bool:
    """Whether an exception carries what the API has answered, or that TLS has kept it from being asked."""
    return isinstance(error, importlib.import_module("kubernetes.client.exceptions").ApiException)
