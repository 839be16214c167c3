"""What the libraries raise that questions are asked with → the errors of this package, by one table."""

from __future__ import annotations

import contextlib
import functools
import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kfp_jupyter.kubernetes.api_errors import Asked, api_error, unreachable, untrusted
from kfp_jupyter.kubernetes.errors import ClusterConfigError, KubernetesError, TimedOutError
from kfp_jupyter.network_errors import innermost


class UnsendableError(OSError):
    """A request that the libraries refuse to send."""


def _answer(asked: Asked, error: Any) -> KubernetesError:
    if not error.status:
        # The client puts failures of TLS into the same class.
        return untrusted(asked, str(error.reason or ""))
    headers = error.headers or {}
    later, date = str(headers.get("Retry-After") or ""), str(headers.get("Date") or "")
    return api_error(asked, int(error.status), _text(error.body), retry_after=later, date=date)


def _handshake_answer(asked: Asked, error: Any) -> KubernetesError:
    return api_error(asked, int(error.status_code), _text(getattr(error, "resp_body", None)))


def _text(body: Any) -> str:
    return body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")


def _silence(asked: Asked, error: Exception) -> KubernetesError:
    return unreachable(asked, error, TimedOutError)


def _no_credentials(asked: Asked, error: Exception) -> KubernetesError:
    return ClusterConfigError(
        f"The credentials for the Kubernetes API at {asked.host} can't be renewed (to {asked.action}): "
        f"{innermost(error)}.",
        remedy=f"Log in again with your cluster's tool, or {asked.requirements.elsewhere}.",
    )


Translation = Callable[[Asked, Any], KubernetesError]

TABLE: Sequence[tuple[str, str, Translation]] = (
    ("kubernetes.client.exceptions", "ApiException", _answer),
    ("kubernetes.client.exceptions", "OpenApiException", unreachable),
    ("kubernetes.config", "ConfigException", _no_credentials),
    ("websocket", "WebSocketBadStatusException", _handshake_answer),
    ("websocket", "WebSocketException", unreachable),
    ("urllib3.exceptions", "ReadTimeoutError", _silence),
    ("urllib3.exceptions", "HTTPError", unreachable),
    ("http.client", "HTTPException", unreachable),
    # Among them all of ssl and socket, and PySocks' own.
    ("builtins", "OSError", unreachable),
)
"""Module, exception, and what becomes of it; the first that fits counts, so the most specific comes first.

By name: the Kubernetes client costs 0.4 s to import, and the table is only read where it has been imported.
"""


@functools.cache
def _rows() -> tuple[tuple[type[Exception], Translation], ...]:
    return tuple((getattr(importlib.import_module(module), name), made) for module, name, made in TABLE)


@functools.cache
def foreign_errors() -> tuple[type[Exception], ...]:
    """Return the classes of the table. Asked for in an ``except``, they cost nothing where nothing fails."""
    return tuple(kind for kind, _ in _rows())


def translate(error: Exception, asked: Asked) -> KubernetesError:
    """Return the error of this package for one of `foreign_errors`.

    Args:
        error: The exception.
        asked: What was asked when it was raised.
    """
    return next(made for kind, made in _rows() if isinstance(error, kind))(asked, error)


@contextlib.contextmanager
def sending() -> Iterator[None]:
    """Make a foreign error of whatever else the libraries raise while they send a request.

    Raises:
        UnsendableError: The request can't be sent as it is: a header has a line break, for one.
    """
    try:
        yield
    except (AttributeError, ValueError) as error:
        if isinstance(error, foreign_errors()):
            raise
        # The client stumbles over its own errors: where TLS fails they have no body to decode, and a proxy's page
        # may be in any encoding.
        if isinstance(error.__context__, foreign_errors()):
            raise error.__context__ from None
        if isinstance(error, ValueError):
            raise UnsendableError(str(error)) from None
        raise
