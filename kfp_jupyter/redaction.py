"""Credentials are left out of every text that people see: messages, tracebacks, listings, views.

A credential is found in two ways. What was read as one is remembered (`remember_secret`, `remember_address`), and is
found in each form that libraries write it in. What looks like one is found by its place: in a header, in an address,
behind a name such as ``password=``, or by the format that its issuer gives it.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlencode, urlsplit

REDACTED = "***"
"""What stands in the place of a credential."""

SHORTEST = 6
"""Characters of the shortest credential that is remembered: shorter ones are words that messages have anyway."""

_WORDLIKE = 8
"""Characters from which on a credential is found inside longer words too."""

_REMEMBERED = 500
"""How many credentials are remembered; the oldest is forgotten first. Tokens are renewed every hour or so."""

_NAMES = (
    r"[\w.-]{0,50}(?:token|password|passwd|passphrase|(?:secret|access|api|private|account|encryption)[_-]?key(?:[_-]?id)?"
    r"|client[_-]?secret|client[_-]?key[_-]?data)"
)
"""Names of fields and options whose values are credentials."""

_IN_QUERIES = rf"(?:{_NAMES}|[\w-]*(?:signature|credential)|secret|sig|key|pwd|auth|code|jwt|sid|session(?:[_-]?id)?)"
"""Names of parameters of addresses whose values are credentials; ``sig`` is Azure's, ``X-Amz-Signature`` Amazon's."""

_SECRET_PARAMETER = re.compile(_IN_QUERIES, re.IGNORECASE)

_SECRET_VARIABLE = re.compile(
    r"(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|_PASS|_PW|_KEY|APIKEY|COOKIE|CREDENTIALS|ACCESS_KEY_ID)$",
    re.IGNORECASE,
)
"""Ends of the names of environment variables whose values are credentials."""

_HEADERS = r"\b(?:(?:proxy-|x-)?authorization|(?:set-)?cookie|x-api-key|(?:x-)?(?:auth|private|amz-security)-token)"

_QUOTED = r"(?:\\.|(?!\2).)+"
"""The rest of a text that the quote of the second group begins."""

_PLAIN = r"(?:(?:None|True|False|null|\d{1,5})\b(?![\w.-])|<\w+>|…)"
"""Numbers and marks that language models have under such names, such as ``max_token=4096``; ``token=…`` of remedies."""

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # A private key in PEM; its end may be cut off.
        r"()-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]*-----)?",
        # user:password@ of an address: in its authority, or behind a password that has a slash in it.
        r"(://)[^\s/?#'\"<>]{0,999}(?=@)",
        r"(://)[^\s/?#:@'\"<>\[]{0,99}:(?!\d+[/?#])[^\s@'\"<>]{0,999}(?=@)",
        # Headers: quoted, or up to where their values end.
        rf"({_HEADERS}['\"]?\s*[:=]\s*b?(['\"])){_QUOTED}",
        r"(\b(?:proxy-)?authorization\s*[:=]\s*)(?:[\w-]+ +)?[^\s'\",;]+",
        r"(\b(?:set-)?cookie\s*:\s*)[^\s;'\"]+=[^\s;'\"]*(?:;\s*[^\s;'\"]+(?:=[^\s;'\"]*)?)*",
        rf"(b?(['\"])(?-i:Bearer|Basic|Token|Negotiate|Digest) ){_QUOTED}",
        r"(\b(?-i:Bearer) +)(?!tokens?\b|realm\b|auth)[^\s'\",;]+",
        # Parameters of addresses, also where only the end of an address is quoted.
        rf"([?&;]{_IN_QUERIES}=)[^\s&#'\"<>]+",
        # key=value, where the value isn't a call or the like; --key value, "key": "value", and a line of YAML.
        rf"(?<![\w.-])({_NAMES} ?= ?b?(['\"]))(?!{_PLAIN}){_QUOTED}",
        rf"(?<![\w.-])({_NAMES}=)(?!{_PLAIN}|[\w.]*[(\[])[^\s'\"&,;()\[\]{{}}]+",
        rf"(?<!\S)(--{_NAMES} )(?!{_PLAIN})[^\s'\"-][^\s'\"]*",
        rf"(['\"]{_NAMES}['\"]\s*:\s*b?(['\"]))(?!{_PLAIN}){_QUOTED}",
        rf"(?<![\w.'\"-])({_NAMES}: +)(?=\S*\d)[\w+/=.~-]{{8,}}",
        # What issuers mark as theirs: JSON web tokens, GitHub, GitLab, Slack, Amazon, Google, Hugging Face, OpenAI.
        r"()\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*",
        r"()\b(?-i:(?:gh[pousr]|github_pat|hf)_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|sk-(?:proj-)?\w{20,})",
        r"()\b(?-i:(?:AKIA|ASIA)[A-Z0-9]{16}|ya29\.[\w-]{20,}|AIza[\w-]{30,})",
    )
)
"""Credentials by their place or format; the first group of each is what stands before one and stays."""

_lock = threading.Lock()
_forms_of: dict[str, tuple[str, ...]] = {}
"""Credential → the texts that it is found by."""


def redact(text: str) -> str:
    """Return a text with ``***`` in the place of each credential.

    Args:
        text: Any text for people. What has none in it comes back as it is.
    """
    _remember_environment()
    # Credentials of requests before all: a pattern may take a part of one for its end.
    with _lock:
        known = sorted({form for forms in _forms_of.values() for form in forms if form in text}, key=len, reverse=True)
    for form in known:
        text = text.replace(form, REDACTED) if len(form) >= _WORDLIKE else _alone(form).sub(REDACTED, text)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{REDACTED}", text)
    return text


def remember_secret(value: str) -> None:
    """Find a credential in all texts from now on, also encoded (base64, of addresses, of HTML) or escaped.

    Args:
        value: The credential: a token, a password, a key. Several lines are found line by line too.
    """
    value = value.strip()
    if len(value) < SHORTEST or value in _forms_of:
        return
    lines = [line.strip() for line in value.splitlines()]
    parts = [value, *(line for line in lines if len(line) > 2 * _WORDLIKE and not line.startswith("-----"))]
    forms = tuple({form: None for part in parts for form in _forms(part)})
    with _lock:
        _forms_of[value] = forms
        while len(_forms_of) > _REMEMBERED:
            _forms_of.pop(next(iter(_forms_of)))


def remember_address(address: str) -> None:
    """Find the credentials that are in an address in all texts from now on: its password, its secret parameters.

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
    elif len(user) >= _WORDLIKE:
        # A token in the place of a name.
        remember_secret(user)
    for name, value in parse_qsl(at.query):
        if _SECRET_PARAMETER.fullmatch(name):
            remember_secret(value)


def without_credentials(address: str) -> str:
    """Return an address without user, password and secret parameters: what may be shown and kept.

    Args:
        address: The address; one without any comes back as it is.
    """
    try:
        at = urlsplit(address)
        pairs = parse_qsl(at.query, keep_blank_values=True)
    except ValueError:
        return redact(address)
    if "@" in at.netloc:
        at = at._replace(netloc=at.netloc.rpartition("@")[2])
    harmless = [(name, value) for name, value in pairs if not _SECRET_PARAMETER.fullmatch(name)]
    if len(harmless) < len(pairs):
        at = at._replace(query=urlencode(harmless))
    return at.geturl() if at != urlsplit(address) else address


def _remember_environment() -> None:
    for name, value in os.environ.items():
        if _SECRET_VARIABLE.search(name):
            # Shorter ones are words such as "true"; and some variables name a file.
            if len(value) >= _WORDLIKE and not (value.startswith(("/", "~")) and Path(value).expanduser().exists()):
                remember_secret(value)
        elif "://" in value and "@" in value:
            for word in value.split():
                remember_address(word)


def _forms(value: str) -> Iterator[str]:
    """Yield what libraries make of a text: encodings, escapes."""
    data = value.encode("utf-8", "surrogatepass")
    yield value
    yield repr(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield html.escape(value)
    yield quote(data, safe="")
    yield quote(data)
    yield quote_plus(data)
    if len(value) >= _WORDLIKE:
        yield base64.b64encode(data).decode().rstrip("=")
        yield base64.urlsafe_b64encode(data).decode().rstrip("=")


def _alone(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(form)}(?![\w-]|\.\w)")
