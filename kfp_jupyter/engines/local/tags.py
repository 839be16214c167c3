"""`{{…}}` in a Workflow's text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_TAG = re.compile(r"\{\{[ \t]*([\w./-]+)[ \t]*\}\}")


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """Replace the tags that name a variable, in one pass: a value is never looked at again.

    Args:
        text: Any text, also a program's.
        variables: Variable name to value; every other ``{{…}}`` stays as it is written.
    """
    if "{{" not in text:
        return text
    return _TAG.sub(lambda match: variables.get(match[1], match[0]), text)


def names(text: str) -> Iterator[str]:
    """Yield the names of the tags in a text."""
    return (match[1] for match in _TAG.finditer(text))


def sole_name(text: str) -> str:
    """Return the name in a text that is one tag and nothing else; empty if it is anything else."""
    match = _TAG.fullmatch(text.strip())
    return match[1] if match else ""
