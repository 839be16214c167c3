"""Remembered credentials, found in every form that libraries write them in."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

REDACTED = "***"
"""What replaces a credential."""

SHORTEST = 6
"""Characters of the shortest credential that is remembered: shorter ones are words that messages have anyway."""

WORDLIKE = 8
"""Characters from which on a credential is found inside longer words too."""

_UNIQUE = 12
"""Characters from which on a credential is found across line breaks and colours, which wrapped texts have."""

_BEGINNING = 10
"""Characters by which the beginning of a credential is found, at the end of a text that was shortened."""

_REMEMBERED = 500
"""How many credentials are remembered; the oldest is forgotten first. Tokens are renewed every hour or so."""

_LONGEST_WRAPPED = 100_000
"""Characters of a text in which divided credentials are looked for: wrapped texts are shorter."""

_BREAKS = re.compile(r"(?:\x1b\[[0-9;]*m|[\s\u200b-\u200d\u2060\ufeff\u2502])+")
"""What may divide a credential without being seen: line breaks, colours, characters without width, frames."""

_CUT = re.compile(r"['\"]?(?:…|\.\.\.|[)\]}.]*\s*$)")
"""What follows where a text was shortened."""

_lock = threading.Lock()
_forms_of: dict[str, tuple[str, ...]] = {}
"""Credential → the texts that it is found by."""


def remember_secret(value: str) -> None:
    """Redact a credential in all texts from now on, also encoded (base64, of addresses, of HTML) or escaped.

    Args:
        value: The credential: a token, a password, a key. Several lines are found line by line too.
    """
    value = value.strip()
    if len(value) < SHORTEST or value in _forms_of:
        return
    lines = [line.strip() for line in value.splitlines()]
    parts = [value, *(line for line in lines if len(line) > 2 * WORDLIKE and not line.startswith("-----"))]
    forms = tuple({form: None for part in parts for form in _forms(part)})
    with _lock:
        _forms_of[value] = forms
        while len(_forms_of) > _REMEMBERED:
            _forms_of.pop(next(iter(_forms_of)))


def without_known(text: str) -> str:
    """Return a text with ``***`` in place of each remembered credential, in any form.

    Args:
        text: The text.
    """
    with _lock:
        remembered = list(_forms_of.values())
    found = sorted({form for forms in remembered for form in forms if form in text}, key=len, reverse=True)
    for form in found:
        text = text.replace(form, REDACTED) if len(form) >= WORDLIKE else _alone(form).sub(REDACTED, text)
    beginnings = [forms[0] for forms in remembered if len(forms[0]) > _BEGINNING and forms[0][:_BEGINNING] in text]
    for value in beginnings:
        text = _without_beginning(text, value)
    return _without_divided(text, remembered)


def _without_beginning(text: str, value: str) -> str:
    """Remove what is left of a credential at the end of a shortened text."""
    start = text.find(value[:_BEGINNING])
    while start >= 0:
        end = start + _BEGINNING
        while end < len(text) and end - start < len(value) and text[end] == value[end - start]:
            end += 1
        if _CUT.match(text, end):
            text, end = text[:start] + REDACTED + text[end:], start + len(REDACTED)
        start = text.find(value[:_BEGINNING], end)
    return text


def _without_divided(text: str, remembered: list[tuple[str, ...]]) -> str:
    """Remove credentials that are divided by line breaks, colours or the like."""
    if not remembered or len(text) > _LONGEST_WRAPPED or not _BREAKS.search(text):
        return text
    # Where each character of the text without breaks stands in the text.
    places = [place for piece in _between(text) for place in range(*piece)]
    plain = "".join(text[place] for place in places)
    hits = [
        (places[match.start()], places[match.end() - 1] + 1)
        for forms in remembered
        for form in forms
        if len(form) >= _UNIQUE and form in plain
        for match in re.finditer(re.escape(form), plain)
    ]
    for start, end in sorted(hits, reverse=True):
        if REDACTED not in text[start:end]:
            text = text[:start] + REDACTED + text[end:]
    return text


def _between(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAKS.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _forms(value: str) -> Iterator[str]:
    """Yield the forms that libraries make of a text: encodings, escapes."""
    data = value.encode("utf-8", "surrogatepass")
    yield value
    yield repr(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield json.dumps(value)[1:-1].replace("/", "\\/")
    yield html.escape(value)
    for quoted in (quote(data, safe=""), quote(data), quote_plus(data)):
        yield quoted
        yield re.sub("%..", lambda match: match[0].lower(), quoted)
    if len(value) >= WORDLIKE:
        yield data.hex()
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(data).decode().rstrip("=")
            yield from _inside_base64(data, encode)


def _inside_base64(data: bytes, encode: Callable[[bytes], bytes]) -> Iterator[str]:
    """Yield the base64 of data inside longer data, such as ``user:password``, that are encoded as one."""
    for before in range(3):
        whole = encode(bytes(before) + data).decode()
        # The characters that hold bits of the data alone.
        inner = whole[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        if len(inner) >= WORDLIKE:
            yield inner


def _alone(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(form)}(?![\w-]|\.\w)")
