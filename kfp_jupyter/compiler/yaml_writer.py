"""A Workflow as YAML text that every parser reads to the same values.

The readers are Go's YAML 1.1 (kubectl, Argo and Kubeflow Pipelines take a bare `y` or `on` for true and `1e3` or `0o7`
for a number), PyYAML (to which `12:30:45` is a number and `1e3` is none) and YAML 1.2. A string is unquoted
only if all of them read it as that string. Programs are literal blocks and look as they were written.

Source: https://yaml.org/type/bool.html and https://github.com/kubernetes-sigs/yaml.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.errors import CompileError

# What isn't printable: controls, YAML 1.1's line breaks outside ASCII, halves of pairs, the byte order mark. Classes of
# what is not among them take a tenth of the time to compile.
_CONTROLS, _ODD = "\x00-\x1f", "\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"

_is_bare = re.compile(
    # Nothing like a number or a time, nor like the start or end of a document, nor an item of a list.
    r"(?![-+.:_ 0-9]*\Z|-?\.(?i:inf|nan)\Z|[-.]*[0-9][-+.:_ 0-9a-fA-FiInNoOpPtTxXzZ]*\Z|---|\.\.\.|-[ ])"
    rf"(?:[-.0-9A-Za-z_/$(]|[^\x00-\x7e\xa0{_ODD}])"
    # Behind it neither `: ` nor ` #`, and neither a space nor a colon at the end.
    rf"(?!.*(?::[ ]|[ ]\#))[^{_CONTROLS}{_ODD}]*(?<![ :])"
).fullmatch

_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
"""What some parser takes for a boolean or for nothing, in small letters."""

_is_one_line = re.compile(f"[^{_CONTROLS}{_ODD}]*").fullmatch
_is_block = re.compile(rf"[\n\t ]*[^{_CONTROLS} {_ODD}][^\x00-\x08\x0b-\x1f{_ODD}]*").fullmatch

# What JSON leaves as it is and YAML doesn't: what isn't printable, and the line breaks outside ASCII.
_escapes = functools.partial(
    re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]").sub, lambda found: f"\\u{ord(found[0]):04x}"
)
_surrogate = re.compile("[\ud800-\udfff]").search

_LONGEST_KEY = 1000
"""Parsers look for the colon behind a key no further than 1,024 characters, unless the key begins with `? `."""

_INTEGERS = range(-(2**63), 2**64)
"""What Go reads as an integer; beyond, it reads a float."""

_PLAIN_TYPES = frozenset((str, dict, list, int, float, bool, type(None)))


def to_yaml(workflow: Mapping[str, Any]) -> str:
    """Return the Workflow as YAML, keys in the order they have.

    Args:
        workflow: Mappings whose keys are text, lists, tuples, text, numbers, booleans and None.

    Raises:
        CompileError: Something in it can't be written; its place in the Workflow is named.
    """
    writer = _Writer()
    try:
        writer.document(workflow)
    except _UnwritableError as error:
        raise CompileError(f"{error.place()} in the Workflow {error.reason}.", remedy=error.remedy) from None
    except RecursionError:
        raise CompileError("The Workflow is nested too deeply for YAML, or contains itself.") from None
    return "".join(writer.pieces)


class _UnwritableError(Exception):
    """Something can't be written; the path to it grows while the error climbs."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.path: list[object] = []

    def place(self) -> str:
        """Return the path as a reader would write it, such as ``spec.templates[3].name``."""
        steps = (
            f".{step}" if isinstance(step, str) and re.fullmatch("[A-Za-z_][-A-Za-z0-9_]*", step) else f"[{step!r:.80}]"
            for step in reversed(self.path)
        )
        return "".join(steps).removeprefix(".") or "A value"


class _Keys(dict[str, str]):
    """Keys as they are written in one column, each rendered once."""

    def __init__(self, pad: str) -> None:
        super().__init__()
        self._pad = pad

    def __missing__(self, key: object) -> str:
        if not isinstance(key, str):
            raise _UnwritableError(f"is a key of type {type(key).__name__}", "Use a string as the key.")
        text = _scalar(str.__str__(key))
        rendered = f"{text}:" if len(text) <= _LONGEST_KEY else f"? {text}\n{self._pad}:"
        self[key] = rendered
        return rendered


class _Scalars(dict[str, str]):
    """Strings as they are written behind a key or dash of one column, each rendered once: many are in every task."""

    def __init__(self, pad: str) -> None:
        super().__init__()
        self._pad = pad

    def __missing__(self, text: str) -> str:
        block = "\n" in text and _is_block(text)
        rendered = self[text] = f" {_block(text, self._pad) if block else _scalar(text)}"
        return rendered


class _Column:
    """One column of the document, and what has been rendered for it."""

    def __init__(self, number: int) -> None:
        pad = " " * number
        self._number = number
        self.lead = f"\n{pad}"
        self.dash = f"\n{pad}-"
        self.keys = _Keys(pad)
        self.scalars = _Scalars(f"{pad}  ")

    @functools.cached_property
    def inner(self) -> _Column:
        """The column of what is nested one level deeper."""
        return _Column(self._number + 2)


class _Writer:
    """Collects the pieces of a document: most are shared by many lines, so that only the document itself is large."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def document(self, workflow: Mapping[str, Any]) -> None:
        if workflow := _plain(workflow):
            self._mapping(workflow, "", _Column(0))
            self.pieces.append("\n")
        else:
            self.pieces.append("{}\n")

    def _mapping(self, mapping: dict[str, Any], lead: str, column: _Column) -> None:
        pieces, keys, scalars, next_lead = self.pieces, column.keys, column.scalars, column.lead
        key = None
        try:
            for key, value in mapping.items():
                plain = value if type(value) in _PLAIN_TYPES else _plain(value)
                kind = type(plain)
                if kind is str:
                    pieces += (lead, keys[key], scalars[plain])
                elif kind is dict and plain:
                    pieces += (lead, keys[key])
                    self._mapping(plain, column.inner.lead, column.inner)
                elif kind is list and plain:
                    pieces += (lead, keys[key])
                    self._sequence(plain, column.dash, column)
                else:
                    pieces += (lead, keys[key], _atom(plain))
                lead = next_lead
        except _UnwritableError as error:
            error.path.append(key)
            raise

    def _sequence(self, items: list[Any], dash: str, column: _Column) -> None:
        pieces, scalars, next_dash = self.pieces, column.scalars, column.dash
        index = 0
        try:
            for index, item in enumerate(items):  # noqa: B007  (read where an error passes)
                plain = item if type(item) in _PLAIN_TYPES else _plain(item)
                kind = type(plain)
                if kind is str:
                    pieces += (dash, scalars[plain])
                elif kind is dict and plain:
                    self._mapping(plain, f"{dash} ", column.inner)
                elif kind is list and plain:
                    self._sequence(plain, f"{dash} -", column.inner)
                else:
                    pieces += (dash, _atom(plain))
                dash = next_dash
        except _UnwritableError as error:
            error.path.append(index)
            raise


def _plain(value: object) -> Any:
    """Return the value as one of the plain types, such as an enum's text as text."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list | tuple):
        return list(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    raise _UnwritableError(
        f"is of type {type(value).__name__}", "Use a string, a number, a boolean, None, a list or a mapping."
    )


def _atom(value: object) -> str:
    """Return a number, boolean, None or empty container behind its key or dash."""
    if value is True or value is False:
        return " true" if value else " false"
    if isinstance(value, int):
        if value not in _INTEGERS:
            raise _UnwritableError("is an integer of more than 64 bits", "Make it a string.")
        return f" {value}"
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _UnwritableError(f"is {value}, which JSON and Kubernetes don't support", "Make it a string.")
        # `1e+22` is text to PyYAML, `1.0e+22` a number to all.
        digits = repr(value)
        return f" {digits}" if "." in digits else f" {digits.replace('e', '.0e')}"
    if value is None:
        return " null"
    return " {}" if isinstance(value, dict) else " []"


def _scalar(text: str) -> str:
    """Return a text on one line: bare, in single quotes, or in double quotes with escapes."""
    if _is_one_line(text):
        if _is_bare(text) and not (len(text) <= 5 and text.lower() in _WORDS):
            return text
        return "'" + text.replace("'", "''") + "'"
    if found := _surrogate(text):
        raise _UnwritableError(
            f"holds the lone surrogate {found[0]!r}, which no Unicode encoding can represent",
            "Remove it; bytes decoded with surrogateescape may have brought it.",
        )
    return _escapes(json.dumps(text, ensure_ascii=False))


def _block(text: str, pad: str) -> str:
    """Return a text as literal block, without the last line's end."""
    # Parsers take the indentation from the first line, unless that is empty or indented itself: then it is said.
    indentation = "2" if text[0] in "\n\t " else ""
    if not text.endswith("\n"):
        end = "-"
    else:
        end = "+" if text.endswith("\n\n") else ""
        text = text[:-1]
    return "\n".join([f"|{indentation}{end}", *(f"{pad}{line}" if line else "" for line in text.split("\n"))])
