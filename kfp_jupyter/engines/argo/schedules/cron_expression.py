"""The text that says when runs start, checked by the rules of Argo's own reader (robfig/cron's standard form)."""

from __future__ import annotations

import dataclasses
import re

from kfp_jupyter.errors import UsageError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WORDS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_EVERY = re.compile(r"@every\s+((\d+(h|m|s))+)")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month at most."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    """One of the five.

    Attributes:
        name: Its name to display.
        low: Its smallest number.
        high: Its largest.
        words: Names that may stand for numbers, from `low` on.
        any_sign: Signs for any value.
    """

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    any_sign: str = "*?"


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 6, _DAYS),
)


def checked_cron(text: str) -> str:
    """Return a cron text with numbers in the place of names of months and days, which not every Argo takes.

    Raises:
        UsageError: It says no time, or one that never comes.
    """
    words = text.split()
    if not words:
        raise UsageError("A schedule needs a time.", remedy=_EXAMPLE)
    if text.strip().startswith("@"):
        return _checked_word(" ".join(words))
    if words[0].startswith(("TZ=", "CRON_TZ=")):
        zone = words[0].partition("=")[2]
        raise UsageError(f"The time {text!r} contains a time zone.", remedy=f"Write timezone={zone} instead.")
    if len(words) != len(_FIELDS):
        hint = " Seconds are not supported." if len(words) == len(_FIELDS) + 1 else ""
        fields = "1 field" if len(words) == 1 else f"{len(words)} fields"
        raise UsageError(
            f"The time {text!r} has {fields}, not 5: minute, hour, day of the month, month, day of the week.{hint}",
            remedy=_EXAMPLE,
        )
    pairs = [_read(text, word, field) for word, field in zip(words, _FIELDS, strict=True)]
    _check_that_it_comes(text, pairs[2][1], pairs[3][1], any_day=words[4][0] in _FIELDS[4].any_sign)
    return " ".join(word for word, _ in pairs)


_EXAMPLE = 'Write "0 6 * * *" for each day at six, for instance, or @hourly.'


def _checked_word(text: str) -> str:
    if text in _WORDS:
        return text
    every = _EVERY.fullmatch(text)
    if every and re.search("[1-9]", every[1]):
        return text
    raise UsageError(f"The time {text!r} isn't known.", remedy=f"Write one of {', '.join(_WORDS)}, or @every 1h30m.")


def _read(text: str, word: str, field: _Field) -> tuple[str, frozenset[int]]:
    """Return a field with numbers for names, and the numbers it stands for."""
    parts = [_read_part(text, part, field) for part in word.split(",")]
    return ",".join(part for part, _ in parts), frozenset().union(*(numbers for _, numbers in parts))


def _read_part(text: str, part: str, field: _Field) -> tuple[str, frozenset[int]]:
    span, slash, step_text = part.partition("/")
    start_text, dash, end_text = span.partition("-")
    if slash and not (step_text.isascii() and step_text.isdecimal() and int(step_text)):
        raise _wrong(text, field, f"{part!r} needs a whole number of at least 1 after the slash")
    step = int(step_text) if slash else 1
    if span and span in field.any_sign:
        return part, frozenset(range(field.low, field.high + 1, step))
    start = _number(text, start_text, part, field)
    end = _number(text, end_text, part, field) if dash else field.high if slash else start
    if end < start:
        raise _wrong(text, field, f"{part!r} ends before it begins")
    written = f"{start}-{end}" if dash else str(start)
    return written + (slash + step_text), frozenset(range(start, end + 1, step))


def _number(text: str, word: str, part: str, field: _Field) -> int:
    if word.lower() in field.words:
        return field.words.index(word.lower()) + field.low
    if not (word.isascii() and word.isdecimal()):
        names = f" or {field.words[0]} to {field.words[-1]}" if field.words else ""
        what = repr(word) if word else f"an empty value in {part!r}" if part else "an empty value"
        raise _wrong(text, field, f"{what} is not a number{names}, * or range such as {field.low}-{field.high}")
    if not field.low <= int(word) <= field.high:
        sunday = ", where 0 is Sunday" if field.words == _DAYS else ""
        raise _wrong(text, field, f"{word} is not in the range {field.low} to {field.high}{sunday}")
    return int(word)


def _wrong(text: str, field: _Field, why: str) -> UsageError:
    return UsageError(f"The {field.name} in the time {text!r} can't be read: {why}.", remedy=_EXAMPLE)


def _check_that_it_comes(text: str, days: frozenset[int], months: frozenset[int], *, any_day: bool) -> None:
    # Where a day of the week is given as well, either of the two is enough.
    if any_day and min(days) > max(_LONGEST[month - 1] for month in months):
        raise UsageError(f"The time {text!r} never comes: no such month has a day {min(days)}.", remedy=_EXAMPLE)
