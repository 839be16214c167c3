"""Where ``%kfp logs`` puts a log: its end under the cell, or all of it into a file. Memory is bounded either way."""

from __future__ import annotations

import collections
from collections.abc import Iterable
from pathlib import Path

from kfp_jupyter.components.cell_lines import with_cells
from kfp_jupyter.engines.base import LogChunk
from kfp_jupyter.errors import UsageError
from kfp_jupyter.printable import count
from kfp_jupyter.redaction import redact_log

LINES, CHARACTERS = 2_000, 256 * 1024
"""How much of a log is printed unless more is asked for: a notebook keeps all of it in its file."""

MOST_CHARACTERS = 4 * 1024 * 1024
"""How much is printed at most, however many lines are asked for."""

_MORE = "tail=LINES prints more of them, file=PATH writes the whole log"


class LogEnd:
    """The last lines of a log that comes in pieces.

    Args:
        max_lines: How many lines are kept.
        max_characters: How many characters are kept.
    """

    def __init__(self, max_lines: int, max_characters: int) -> None:
        self._max_lines, self._max_characters = max_lines, max_characters
        self._lines: collections.deque[str] = collections.deque([""])
        self._characters = 0
        self.left_out = 0
        """Lines before those kept."""
        self.cut = False
        """Whether the first line that is kept is the end of one."""

    def add(self, text: str) -> None:
        """Take the next piece, which may begin and end inside a line."""
        first, *more = text.split("\n")
        self._lines[-1] += first
        self._lines.extend(more)
        self._characters += len(text)
        # What stands behind the last line break is no line yet.
        most = self._max_lines + (not self._lines[-1])
        while len(self._lines) > 1 and (len(self._lines) > most or self._characters > self._max_characters):
            self._characters -= len(self._lines.popleft()) + 1
            self.left_out += 1
            self.cut = False
        if self._characters > self._max_characters:
            self._lines[0] = self._lines[0][-self._max_characters :]
            self._characters, self.cut = len(self._lines[0]), True

    def text(self) -> str:
        """Return what is kept."""
        return "\n".join(self._lines)

    def note(self) -> str:
        """Return a line on what is left out; empty where nothing is."""
        if self.left_out:
            return f"[{count(self.left_out, 'earlier line')} not printed: {_MORE}]\n"
        return f"[the beginning of this line is not printed: {_MORE}]\n" if self.cut else ""


def print_log(chunks: Iterable[LogChunk], tail: int | None, *, follow: bool) -> None:
    """Print the end of a log; one that is followed is printed as it comes, until that is too much.

    Args:
        chunks: The log.
        tail: How many lines; None for as many as a notebook takes well.
        follow: Whether it is followed.
    """
    end = LogEnd(tail, MOST_CHARACTERS) if tail else LogEnd(LINES, CHARACTERS)
    room = CHARACTERS if follow and not tail else 0
    for chunk in chunks:
        if len(chunk.text) <= room:
            _print(chunk.text)
            room -= len(chunk.text)
            continue
        if room:
            _print(f"\n[from here on only the end of the log is printed, once the step has ended: {_MORE}]\n")
            room = 0
        end.add(chunk.text)
    _print(end.note() + end.text())


def write_log(chunks: Iterable[LogChunk], path: str) -> None:
    """Write a log to a file, and print what the engine says of it.

    Args:
        chunks: The log.
        path: The file; what it held before is gone.

    Raises:
        UsageError: The file can't be written.
    """
    target, size = Path(path).expanduser(), 0
    try:
        with target.open("wb") as file:
            for chunk in chunks:
                if chunk.notice:
                    _print(chunk.text)
                size += file.write(chunk.text.encode(errors="replace"))
    except OSError as error:
        raise UsageError(f"The log can't be written to {path}: {error.strerror or error}.") from None
    _print(f"The log is in {target}: {count(size, 'byte')}.\n")


def _print(text: str) -> None:
    print(with_cells(redact_log(text)), end="", flush=True)  # noqa: T201  (what a person asked for)
