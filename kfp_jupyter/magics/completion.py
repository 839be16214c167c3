"""Tab behind a magic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def complete(words: Sequence[str]) -> Callable[[Any, Any], list[str]]:
    """Return IPython's ``complete_command`` hook for a magic.

    Args:
        words: What may stand behind it.
    """

    def hook(_completer: Any, event: Any) -> list[str]:
        dashes = "--" if event.symbol.startswith("-") else ""
        stem = event.symbol.lstrip("-")
        if "=" in stem or "\n" in event.line:
            return []
        given = {word.lstrip("-").partition("=")[0] for word in event.line.split()[1:]}
        return [
            dashes + word.rstrip("=" if dashes else "")
            for word in words
            if word.startswith(stem) and (word.rstrip("=") not in given or word.rstrip("=") == stem)
        ]

    return hook
