"""The JSON documents in which steps report to people: an object with one list."""

from __future__ import annotations

import json
from typing import Any

from kfp_jupyter.errors import OutputFormatError


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
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise OutputFormatError(f"{output} is not JSON: {error}.", remedy=remedy) from None
    found = document.get(key) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise OutputFormatError(f'{output} has no list under the key "{key}".', remedy=remedy)
    return found
