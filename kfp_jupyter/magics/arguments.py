"""The words behind a magic: ``key=value`` and ``--key value``, quoted as in a shell."""

from __future__ import annotations

import dataclasses
import keyword
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from kfp_jupyter.errors import Position, UsageError
from kfp_jupyter.naming import closest
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.truth import truth_of
from kfp_jupyter.workflow.quantities import amount

# A comma between list values, not one inside [extras] or before the second half of a version range.
_COMMA = re.compile(r",(?![^\[]*\])(?!\s*[<>=!~])")
LANGUAGES = ("python", "sh")
"""What a cell is written in."""


@dataclasses.dataclass(frozen=True, slots=True)
class Option:
    """One key that a magic knows.

    Attributes:
        name: The key.
        read: Text → value; raises ValueError with the reason.
        default: Value when the key isn't there.
        help: One line of help.
        code: Whether ``{x}`` and ``$x`` in it are its own, where other values take the notebook's variable.
    """

    name: str
    read: Callable[[str], Any]
    default: Any
    help: str
    code: bool = False


def help_of(options: Sequence[Option]) -> str:
    """Return the help: one line per option."""
    width = max(len(option.name) for option in options) + 1
    return "\n".join(f"    {option.name + '=':<{width}} {option.help}" for option in options)


def parse(
    magic: str,
    given: str | Sequence[str],
    options: Sequence[Option],
    expand: Callable[[str], str] = lambda text: text,
    place: Position | None = None,
) -> dict[str, Any]:
    """Return the values of all options of a magic.

    Args:
        magic: The magic, as messages call it.
        given: What stands behind it: a line, or its words.
        options: What it knows.
        expand: Puts the notebook's variables in the place of ``{x}`` and ``$x``.
        place: The line in its cell, for errors.

    Raises:
        UsageError: An unknown key, a value that can't be read, quotes that don't match.
    """
    try:
        words = split(magic, given) if isinstance(given, str) else list(given)
        return _parsed(magic, words, options, expand)
    except UsageError as error:
        error.position = place
        raise


def _parsed(magic: str, words: list[str], options: Sequence[Option], expand: Callable[[str], str]) -> dict[str, Any]:
    known = {option.name: option for option in options}
    values = {option.name: option.default for option in options}
    given: set[str] = set()
    for key, text in _pairs(magic, words, known):
        if key in given:
            raise _twice(magic, key)
        given.add(key)
        value = text if known[key].code else expand(text)
        try:
            values[key] = known[key].read(value)
        except ValueError as error:
            raise UsageError(f"{magic}: {key}={value!r} {error}.") from None
    return values


def with_options(magic: str, words: Sequence[str], options: Sequence[Option]) -> tuple[list[str], dict[str, Any]]:
    """Return the words that are no options, and the values of all options.

    Only what begins with the key of an option is one: names of steps and runs may hold ``=``.

    Args:
        magic: The magic, as messages call it.
        words: What stands behind it.
        options: What it knows.

    Raises:
        UsageError: An option is given twice, or its value can't be read.
    """
    known = {option.name: option for option in options}
    names: list[str] = []
    given: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        key, equals, _ = word.removeprefix("--").partition("=")
        key = key.replace("-", "_")
        if key not in known or not (equals or word.startswith("--")):
            names.append(word)
            continue
        given.append(word)
        if not equals and known[key].read is not flag and waiting:
            given.append(waiting.pop(0))
    return names, parse(magic, given, options)


def key_values(magic: str, words: Sequence[str]) -> dict[str, str]:
    """Return what stands behind the keys of words whose keys are not the magic's own: a pipeline's parameters.

    Args:
        magic: The magic, as messages call it.
        words: ``key=value``, each.

    Raises:
        UsageError: A word is something else, or a key is given twice.
    """
    values: dict[str, str] = {}
    for word in words:
        key, equals, value = word.removeprefix("--").partition("=")
        if not equals:
            raise UsageError(f"{magic}: {word!r} is not a key=value.", remedy=f"Write {key}=value.")
        if key in values:
            raise _twice(magic, key)
        values[key] = value
    return values


def _twice(magic: str, key: str) -> UsageError:
    return UsageError(f"{magic}: {key} is given twice.", remedy="Remove one.")


def _pairs(magic: str, words: list[str], known: Mapping[str, Option]) -> list[tuple[str, str]]:
    pairs = []
    while words:
        word = words.pop(0)
        key, equals, text = word.removeprefix("--").partition("=")
        key = _known_key(magic, key, known, word)
        if not equals:
            is_flag = known[key].read is flag
            if word.startswith("--") and is_flag and (not words or truth_of(words[0]) is None):
                text = "true"
            elif word.startswith("--") and words:
                text = words.pop(0)
            else:
                raise UsageError(f"{magic}: {key} has no value.", remedy=f"Write {key}=value.")
        pairs.append((key, text))
    return pairs


def _known_key(magic: str, key: str, known: Mapping[str, Option], word: str) -> str:
    key = key.replace("-", "_")
    if key in known:
        return key
    nearest = closest(key, known)
    remedy = f"Did you mean {nearest}=?" if nearest else f"It knows {', '.join(known)}."
    if "=" not in word and not word.startswith("-"):
        raise UsageError(f"{magic}: {word!r} is not a key=value.", remedy=f"{remedy} Quote values that contain spaces.")
    raise UsageError(f"{magic} doesn't know {key!r}.", remedy=remedy)


def split(magic: str, line: str) -> list[str]:
    """Return the words of a line, quoting undone.

    Args:
        magic: The magic, for messages.
        line: What follows it.

    Raises:
        UsageError: A quote isn't closed.
    """
    try:
        return shlex.split(line)
    except ValueError:
        raise UsageError(f"{magic}: a quote is not closed in: {line.strip()}", remedy="Close it.") from None


def text(value: str) -> str:
    """Read a value that is text."""
    return value


def flag(value: str) -> bool:
    """Read true or false."""
    found = truth_of(value)
    if found is None:
        raise ValueError("is neither true nor false")
    return found


def whole_number(value: str) -> int:
    """Read a whole number from 1 up."""
    if not value.isascii() or not value.isdigit() or not int(value):
        raise ValueError("is not a whole number of at least 1")
    return int(value)


def quantity(value: str) -> str:
    """Read an amount in Kubernetes' notation."""
    number = amount(value)
    if number is None or number < 0:
        raise ValueError("is not a valid Kubernetes quantity such as 500m, 2, 512Mi or 4Gi")
    return value


def identifier(value: str) -> str:
    """Read a name that Python takes."""
    if not value.isidentifier() or keyword.iskeyword(value):
        raise ValueError("is not a valid Python name")
    return value


def language(value: str) -> str:
    """Read what a cell is written in."""
    if value not in LANGUAGES:
        raise ValueError("is neither python nor sh")
    return value


def words(value: str) -> list[str]:
    """Read the words of a command: a JSON list of texts, or as a shell splits them."""
    if not value.lstrip().startswith("["):
        try:
            return shlex.split(value)
        except ValueError:
            raise ValueError("has a quote that is not closed") from None
    try:
        found = read_json(value)
    except ValueError as error:
        raise ValueError(f"is not a valid JSON list: {error}") from None
    if not all(isinstance(word, str) for word in found):
        raise ValueError("is not a list of strings")
    return list(found)


def requirements(value: str) -> list[str]:
    """Read a list of what pip can install."""
    found = [item.strip() for item in _COMMA.split(value) if item.strip()]
    for item in found:
        if "://" in item or item.startswith((".", "/")):
            continue
        try:
            Requirement(item)
        except InvalidRequirement:
            raise ValueError(f"contains {item!r}, which pip can't install; separate packages by commas") from None
    return found
