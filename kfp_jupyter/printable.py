"""Text from elsewhere, made safe to show: nothing in it moves a cursor or turns round what is beside it."""

from __future__ import annotations

import re

_UNSHOWN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls; a terminal obeys them, XML can't hold them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode's bidirectional controls (UAX #9, table 1)
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"  # no characters at all
    "]"
)


def printable(text: object) -> str:
    """Return the text with a replacement character for each character that does something instead of showing.

    Line ends, carriage returns and tabs stay.

    Args:
        text: Anything; what a run, a component or a file's author wrote.
    """
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", str(text))


def one_line(text: str, limit: int) -> str:
    """Return the text in one `printable` line.

    Args:
        text: Any text.
        limit: The most characters of the line; what is longer ends in ``…``.
    """
    flat = printable(" ".join(text[: limit * 4].split()))
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it takes it.

    Args:
        number: How many.
        noun: Of what, in the singular.
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
