"""What requests fail with, whichever library makes them: the classes to catch, and the words worth showing."""

from __future__ import annotations

import functools
import importlib
import re

from kfp_jupyter.socks import meaning

_CONNECTION = re.compile(r"^(?:.*>: |\w*Connection\w*\([^)]*\): )")
"""The connection that an error of a network is about, as libraries write it."""

_ERRNO = re.compile(r"^.*\[Errno -?\d+\] ")
"""What precedes the operating system's words for a network error."""


@functools.cache
def request_errors() -> tuple[type[Exception], ...]:
    """Return the roots of what a request of the requests library, or of urllib3, may end with.

    Asked for in an ``except``, they cost nothing where nothing fails.
    """
    # OSError: among them all of ssl, socket and requests. ValueError: what can't be sent as it is.
    return (
        importlib.import_module("urllib3.exceptions").HTTPError,
        importlib.import_module("http.client").HTTPException,
        OSError,
        ValueError,
    )


def innermost(error: object) -> str:
    """Return the words at the bottom of a chain of network errors, without a full stop.

    Args:
        error: An exception of urllib3, requests, websocket, botocore or Python itself; or the words themselves.
    """
    seen = error
    while (below := _below(seen)) is not None:
        seen = below
    text = _ERRNO.sub("", " ".join(str(seen).split()))
    words = (isinstance(seen, BaseException) and meaning(seen)) or _CONNECTION.sub("", text)
    return (words or type(seen).__name__).rstrip(".")


def _below(error: object) -> BaseException | None:
    """Return the exception that an exception wraps: botocore, urllib3 and others each have a place of their own."""
    kwargs = getattr(error, "kwargs", None)
    candidates = (
        kwargs.get("error") if isinstance(kwargs, dict) else None,
        getattr(error, "reason", None),
        error.args[-1] if isinstance(error, BaseException) and error.args else None,
    )
    return next((found for found in candidates if isinstance(found, BaseException) and found is not error), None)
