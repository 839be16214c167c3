"""The JSON documents in which steps report to people: an object with one list."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.errors import OutputFormatError
from kfp_jupyter.parsing import UnreadableError
from kfp_jupyter.parsing.json_reader import read_json


def entries(data: bytes, output: str, key: str, remedy: str) -> list[Any]:
    """Return the list that a document holds.

    Args:
        data: The document.
        output: Name of the step's output, for messages.
        key: The list's key.
        remedy: What to write instead of what is no such document.

    Raises:
        OutputFormatError: It is no JSON object with that list.
    """
    try:
        document = read_json(data)
    except UnreadableError as error:
        raise OutputFormatError(f"{output} can't be read: {error.reason}.", remedy=remedy) from None
    found = document.get(key) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise OutputFormatError(f'{output} has no list under the key "{key}".', remedy=remedy)
    return found
