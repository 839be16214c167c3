"""Tab behind a magic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Words = Callable[[list[str]], Sequence[str]]
"""What may stand behind a magic, given the words that stand there already."""


def complete(words: Sequence[str] | Words) -> Callable[[Any, Any], list[str]]:
    """Return IPython's ``complete_command`` hook for a magic.

    Args:
        words: What may stand behind it.
    """

    def hook(_completer: Any, event: Any) -> list[str]:
        dashes = "--" if event.symbol.startswith("-") else ""
        stem = event.symbol.lstrip("-")
        if "=" in stem or "\n" in event.line:
            return []
        before = event.line.split()[1:]
        if event.symbol and before:
            before.pop()
        given = {word.lstrip("-").partition("=")[0] for word in before}
        return [
            dashes + word.rstrip("=" if dashes else "")
            for word in (words(before) if callable(words) else words)
            if word.startswith(stem) and word.rstrip("=") not in given
        ]

    return hook
