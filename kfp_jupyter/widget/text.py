"""Text for display: durations, escaped HTML, cleaned terminal output, shortened values."""

from __future__ import annotations

import html
import re
from datetime import datetime

from kfp_jupyter.printable import one_line as one_line  # noqa: PLC0414  (callers find it beside `escape`)
from kfp_jupyter.printable import printable

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])"  # CSI, OSC, two-character sequences
)


def escape(text: object) -> str:
    """Return the text for HTML and XML, in content and in quoted attributes, made `printable`."""
    return html.escape(printable(text), quote=True)


def duration(seconds: float | None) -> str:
    """Return a duration in the unit that suits it; empty for None."""
    if seconds is None:
        return ""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"


def ago(moment: datetime | None, now: datetime) -> str:
    """Return how long ago a moment was, as text; empty for None.

    Args:
        moment: The moment; None for none.
        now: The current time.
    """
    if moment is None:
        return ""
    seconds = int((now - moment).total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{max(seconds, 0)} s ago"


def plain_line(line: str) -> str:
    """Return a line of terminal output as a terminal finally shows it, without colours.

    Text overwritten after a carriage return is removed: of a progress bar the last state remains.
    """
    line = _ESCAPES.sub("", line).rstrip("\r")
    return line.rpartition("\r")[2]


def shorten(text: str, limit: int) -> str:
    """Return the text, truncated after `limit` characters with a note of its length.

    Args:
        text: The text.
        limit: Maximum number of characters.
    """
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text):,} characters in all)"


def letters(text: str) -> float:
    """Return the approximate width of a text in letters of average width."""
    return sum(_WIDTHS.get(char, 1.03 if char < "\u2e80" else 1.9) for char in text)


_WIDTHS = {**dict.fromkeys("mwMW@%", 1.45), **dict.fromkeys("iIjlft.,:;'|!()[] ", 0.5)}
