"""What the Kubernetes client and the libraries below it raise when a request fails."""

from __future__ import annotations

import functools
import http.client
import importlib


class UnsendableError(OSError):
    """A request that the libraries refuse to send."""


@functools.cache
def client_errors() -> tuple[type[Exception], ...]:
    """Return the roots of their exceptions. They come with the client, which is loaded before anybody can be asked."""
    return (
        importlib.import_module("kubernetes.client.exceptions").OpenApiException,
        importlib.import_module("kubernetes.config").ConfigException,
        importlib.import_module("urllib3.exceptions").HTTPError,
        http.client.HTTPException,
        # Among them all of ssl, socket and requests.
        OSError,
    )


def is_answer(error: Exception) -> bool:
    """Whether an exception carries what the API has answered, or that TLS has kept it from being asked."""
    return isinstance(error, importlib.import_module("kubernetes.client.exceptions").ApiException)
