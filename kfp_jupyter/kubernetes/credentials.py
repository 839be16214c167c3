"""Logins to a Kubernetes API: what goes into the header ``Authorization``, renewed before it expires.

The order of the kinds is that of kubectl: a file with a token, a token, a program that logs in, a password.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from kfp_jupyter.kubernetes.errors import ClusterConfigError
from kfp_jupyter.kubernetes.plugins import Credential, Plugin
from kfp_jupyter.kubernetes.sources import Source
from kfp_jupyter.parsing import MANIFEST
from kfp_jupyter.parsing.files import read_file
from kfp_jupyter.redaction import remember_secret

_SHARE = 0.8
"""Of its lifetime, after which a token is renewed."""


class Login(Protocol):
    """A login. Usable from any thread."""

    def header(self) -> str:
        """Return the header ``Authorization``, such as ``Bearer …``; empty where a client certificate is used.

        Raises:
            ClusterConfigError: There are no credentials.
        """


class Fixed:
    """A login that stays.

    Args:
        header: The header ``Authorization``.
    """

    def __init__(self, header: str = "") -> None:
        self._header = header

    def header(self) -> str:
        """Return the header ``Authorization``."""
        return self._header


class TokenFile:
    """A token in a file that others renew; white space around it doesn't count, as for kubectl.

    Args:
        path: The file.
        whose: What names it, for messages.
    """

    def __init__(self, path: Path, whose: object) -> None:
        self._path, self._whose = path, whose

    def header(self) -> str:
        """Return the header ``Authorization`` with the token that the file has now."""
        try:
            token = read_file(self._path, MANIFEST).decode().strip()
        except (OSError, ValueError) as error:
            why = (
                "it is not text" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", None) or error
            )
            raise ClusterConfigError(
                f"The token of {self._whose} can't be read from {str(self._path)!r}: {why}.",
                remedy="Log in again with your cluster's tool.",
            ) from None
        if not token:
            raise ClusterConfigError(f"The token of {self._whose} can't be read: {str(self._path)!r} is empty.")
        return bearer(token, self._whose)


class PluginLogin:
    """A token that a program makes, renewed before it runs out.

    Args:
        plugin: The program.
        first: What it has given.
        whose: What names it, for messages.
        clock: Seconds since 1970.
    """

    def __init__(
        self, plugin: Plugin, first: Credential, whose: object, clock: Callable[[], float] = time.time
    ) -> None:
        self._plugin, self._whose, self._clock = plugin, whose, clock
        self._lock = threading.Lock()
        self._take(first)

    def header(self) -> str:
        """Return the header ``Authorization``, with a new token where the old one expires soon."""
        with self._lock:
            if self._due is not None and self._clock() > self._due:
                try:
                    self._take(self._plugin.run())
                except ClusterConfigError:
                    # The old one is still valid.
                    if self._end is None or self._clock() > self._end:
                        raise
            return self._header

    def _take(self, given: Credential) -> None:
        now = self._clock()
        self._header = bearer(given.token, f"the program {self._plugin.name!r}, which {self._whose} names,")
        self._end = given.expires_at
        # One that has expired already shows that the two clocks differ: then the API says when it is no longer valid.
        self._due = now + _SHARE * (self._end - now) if self._end is not None and self._end > now else None


def bearer(token: str, whose: object) -> str:
    """Return the header for a token; see `header`."""
    return header("Bearer", token, whose)


def header(scheme: str, token: str, whose: object) -> str:
    """Return the header ``Authorization`` for a token.

    Args:
        scheme: What kind of token it is: ``Bearer``, ``Basic``.
        token: The token.
        whose: What names it, for messages.

    Raises:
        ClusterConfigError: It can't be in a header.
    """
    remember_secret(token)
    if not token.isascii() or not token.isprintable():
        raise ClusterConfigError(
            f"The token of {whose} holds a character that no header can have, such as a line's end.",
            remedy="Write the token again, on one line.",
        )
    return f"{scheme} {token}"


def basic(user: str, password: str) -> str:
    """Return the header for a user and a password.

    Args:
        user: The name of the user.
        password: The password.
    """
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    for secret in (password, pair):
        remember_secret(secret)
    return f"Basic {pair}"


def login_of(user: Mapping[str, Any], source: Source) -> Login | None:
    """Return the login of a user of a kubeconfig; None where a program has to be run for it.

    Args:
        user: What a kubeconfig says of the user.
        source: What leads to the API, for messages.
    """
    if user.get("tokenFile"):
        return TokenFile(Path(user["tokenFile"]), source)
    if user.get("token"):
        return Fixed(bearer(str(user["token"]), source))
    if user.get("exec"):
        return None
    if user.get("username") and "password" in user:
        return Fixed(basic(str(user["username"]), str(user["password"])))
    return Fixed()
