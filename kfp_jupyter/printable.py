"""Text from elsewhere, made safe to show: nothing in it moves a cursor or turns round what is beside it."""

from __future__ import annotations

import re

_UNSHOWN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls; a terminal obeys them, XML can't hold them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode's bidirectional controls (UAX #9, table 1)
    # What nobody sees: separators, fillers and marks, in which names hide that look alike. Joiners and breaks that the
    # writing of some languages needs are none of them.
    "\u180e\u2028\u2029\u2060-\u2065\u206a-\u206f\u115f\u1160\u3164\uffa0\ufeff\ufff9-\ufffb\U000e0001"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"  # no characters at all
    "]"
    # Tags spell hidden text, except behind a black flag, where they say whose it is.
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+"
)

_DIVIDERS = re.compile("[\u00ad\u200b]")
"""Where a long text may be divided; a name with one looks like another without."""


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
    flat = printable(_DIVIDERS.sub("\N{REPLACEMENT CHARACTER}", " ".join(text[: limit * 4].split())))
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def tidy(text: object, limit: int = 300) -> str:
    """Return the text in one `printable` line that fits into a sentence: without a full stop at its end.

    Args:
        text: Any text, or an exception: its message, or the name of its class where it has none.
        limit: The most characters of the line; what is longer ends in ``…``.
    """
    words = str(text) or (type(text).__name__ if isinstance(text, BaseException) else "")
    return one_line(words.rstrip(" .;\r\n\t"), limit)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it takes it.

    Args:
        number: How many.
        noun: Of what, in the singular.
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
