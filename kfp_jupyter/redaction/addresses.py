"""Credentials in addresses: user and password, secret parameters."""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from kfp_jupyter.redaction.known import WORDLIKE, remember_secret
from kfp_jupyter.redaction.places import IN_QUERIES, without_places

_SECRET_PARAMETER = re.compile(IN_QUERIES, re.IGNORECASE)


def remember_address(address: str) -> None:
    """Redact the credentials of an address in all texts from now on: its password, its secret parameters.

    Args:
        address: Such as ``https://user:password@host/path?token=…``; one that can't be read has none.
    """
    try:
        at = urlsplit(address)
        user, password = unquote(at.username or ""), unquote(at.password or "")
    except ValueError:
        return
    if password:
        remember_secret(password)
        # As a header has it.
        remember_secret(base64.b64encode(f"{user}:{password}".encode()).decode())
    elif len(user) >= WORDLIKE:
        # A token in the place of a name.
        remember_secret(user)
    for name, value in parse_qsl(at.query):
        if _SECRET_PARAMETER.fullmatch(name):
            remember_secret(value)


def without_credentials(address: str) -> str:
    """Return an address without user, password and secret parameters: safe to show and store.

    Args:
        address: The address; one without any is returned unchanged.
    """
    try:
        at = urlsplit(address)
        pairs = parse_qsl(at.query, keep_blank_values=True)
    except ValueError:
        return without_places(address)
    if "@" in at.netloc:
        at = at._replace(netloc=at.netloc.rpartition("@")[2])
    harmless = [(name, value) for name, value in pairs if not _SECRET_PARAMETER.fullmatch(name)]
    if len(harmless) < len(pairs):
        at = at._replace(query=urlencode(harmless))
    return at.geturl() if at != urlsplit(address) else address
