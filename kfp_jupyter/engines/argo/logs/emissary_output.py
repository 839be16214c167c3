"""What Argo's emissary writes into the log of the program that it runs; an archived log doesn't contain it.

It is a line of fields, which Argo 3 and 4 write in different ways, or a JSON object if the controller is configured so
(``--executor-log-format``). Both contain ``argo``, which distinguishes them from a program that logs in the same way.
The emissary writes to standard error. If the program writes to standard output, the node may store either first, so
that neither the emissary's first line nor its last one has to be in its place.

Source: https://github.com/argoproj/argo-workflows/blob/v3.7.4/cmd/argoexec/commands/emissary.go
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from kfp_jupyter.parsing.json_reader import read_json

_BEGINS, _EXITED = "capturing logs", "sub-process exited"
"""The messages before a program's first word, where its log is kept, and behind its last one."""

# Before its first character may stand what the program wrote last, without a line's end.
_FIELDS = re.compile(rb'time=(?:"[^"\n]*"|[-\d:.TZ+]+) level=\w+ msg=.* argo=true(?: .*)?\n\Z')
_OBJECT = re.compile(rb'\{"(?:argo":true|time":.*"argo":true).*\}\n\Z')
_FIELD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')
_MARKS = b" argo=true", b'"argo":true'

_FAILS = b"Error: "
"""Prefix of the emissary's final plain-text line; it repeats its own errors without the prefix."""
_UNMARKED = re.compile(rb'time=\S+ level=\w+ msg=|\{"level":"\w+","msg":|\{"time":"[^"]*","level":')
"""How lines begin that its libraries write: as its own, but for the mark."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Line:
    """One line of the launcher: where it begins, its level, what it says, and the error that it tells of."""

    start: int
    level: str
    message: str
    error: str


class LauncherLines:
    """The launcher's lines in one log, line after line.

    Attributes:
        begun: Whether it has said that it keeps the log: then what follows is the whole.
        exited: Whether it has said that the program is over.
    """

    def __init__(self) -> None:
        self.begun = self.exited = False
        self._error: bytes | None = None

    def without(self, line: bytes) -> tuple[bytes, str]:
        """Return what the program wrote of a whole line, and what the launcher complains of in it, if it does."""
        found = _read(line)
        if found is None:
            return (b"" if self.exited and self._goes_on(line) else line), ""
        self.begun |= found.message == _BEGINS
        self.exited |= found.message == _EXITED
        complains = found.level in ("warning", "warn", "error")
        return line[: found.start], ": ".join(filter(None, (found.message, found.error))) if complains else ""

    def _goes_on(self, line: bytes) -> bool:
        """Return whether a line without the mark that stands behind the program's end is the launcher's."""
        if line.startswith(_FAILS):
            self._error = line.removeprefix(_FAILS)
            return True
        return line == self._error or _UNMARKED.match(line) is not None


def begins(head: bytes) -> bool:
    """Return whether the beginning of a log has the line in which the launcher says that it keeps the log."""
    if _BEGINS.encode() not in head:
        return False
    lines = map(_read, head.splitlines(keepends=True))
    return any(line is not None and line.message == _BEGINS for line in lines)


def _read(line: bytes) -> _Line | None:
    """Return what a line of a log has of the launcher; None where the program alone wrote it."""
    if not any(mark in line for mark in _MARKS):
        return None
    if found := _FIELDS.search(line):
        pairs = _FIELD.findall(found[0].decode(errors="replace"))
        fields: dict[str, Any] = {key: _unquoted(value) for key, value in pairs}
    elif found := _OBJECT.search(line):
        try:
            fields = read_json(found[0])
        except ValueError:
            return None
    else:
        return None
    error = str(fields.get("error") or "")
    return _Line(found.start(), str(fields.get("level")).lower(), str(fields.get("msg")), error)


def _unquoted(value: str) -> str:
    try:
        return str(read_json(value)) if value.startswith('"') else value
    except ValueError:
        return value
