"""The JSON documents in which steps report metrics and visualisations: an object with one list."""

from __future__ import annotations

import json
from typing import Any

from kfp_jupyter.errors import OutputFormatError
from kfp_jupyter.parsing import UnreadableError
from kfp_jupyter.parsing.json_reader import read_json

LIMIT = 4 * 1024 * 1024
"""How many bytes such a document may have: what it takes in memory is a multiple of it."""

_DIGITS = 1000
_SHOWN = 60


def entries(data: bytes, output: str, key: str, remedy: str) -> list[Any]:
    """Return the list that a document holds.

    Args:
        data: The document.
        output: Name of the step's output, for messages.
        key: The list's key.
        remedy: What to write instead of what is no such document.

    Raises:
        OutputFormatError: It is too large, or no JSON object with that list.
    """
    if len(data) > LIMIT:
        raise OutputFormatError(
            f"{output} has {len(data):,} bytes; {LIMIT:,} at most can be read.",
            remedy="Write large data to a separate output.",
        )
    try:
        document = read_json(data, parse_int=_number)
    except UnreadableError as error:
        raise OutputFormatError(f"{output} can't be read: {error.reason}.", remedy=remedy) from None
    found = document.get(key) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise OutputFormatError(f'{output} has no list under the key "{key}".', remedy=remedy)
    return found


def shown(value: Any) -> str:
    """Return a value as JSON, shortened so that it fits into a sentence."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _number(digits: str) -> int | float:
    """Return a whole number; one with more digits than Python reads is what a float makes of it."""
    return int(digits) if len(digits) <= _DIGITS else float(digits)
