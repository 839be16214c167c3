"""The lines of a log on screen: new ones are appended, those that stand there aren't sent again."""

from __future__ import annotations

import ipywidgets

from kfp_jupyter.printable import count
from kfp_jupyter.widget.text import escape

BLOCK_LINES, BLOCK_CHARS = 25, 4 * 1024
"""How much a block holds. The last one is sent again with each line that comes to it; a block costs a message."""

EMPTY_BLOCKS = 64
"""How many emptied blocks stay where they are. Taking the first out makes the page build all others anew."""


class _Block:
    """Lines that are sent together."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.widget = ipywidgets.HTML(_html(lines))

    @property
    def full(self) -> bool:
        return len(self.lines) >= BLOCK_LINES or sum(map(len, self.lines)) >= BLOCK_CHARS

    def show(self, lines: list[str]) -> None:
        self.lines, self.widget.value = lines, _html(lines)


class LogBox(ipywidgets.Box):
    """The end of a log, in blocks of lines.

    The element that scrolls is the box, and stays: who has scrolled up in it is left there.
    """

    def __init__(self) -> None:
        self._note = ipywidgets.HTML()
        self._inside = ipywidgets.VBox([self._note])
        super().__init__([self._inside])
        self.add_class("kfp-jupyter-log-box")
        self._blocks: list[_Block] = []
        self._emptied: list[_Block] = []
        self._first = 0
        """Number of the first line that is shown."""

    def show(self, lines: list[str], left_out: int, *, live: bool) -> None:
        """Bring the box up to date.

        Args:
            lines: The last lines of the log.
            left_out: How many there are before them.
            live: Whether there may be more to come.
        """
        self._drop_before(left_out)
        shown = [line for block in self._blocks for line in block.lines]
        # A block goes when all of it is out of date, so the first one may have lines that are left out by now.
        wanted = [*shown[: max(0, left_out - self._first)], *lines]
        if not self._blocks:
            self._first = left_out
        kept = at = 0
        for block in self._blocks:
            if wanted[at : at + len(block.lines)] != block.lines:
                break
            kept, at = kept + 1, at + len(block.lines)
        self._replace(kept, wanted[at:])
        self._say(live=live)

    def close(self) -> None:
        """Close what is in it too."""
        for widget in (*self._inside.children, self._inside):
            widget.close()
        super().close()

    def _drop_before(self, number: int) -> None:
        while self._blocks and self._first + len(self._blocks[0].lines) <= number:
            block = self._blocks.pop(0)
            self._first += len(block.lines)
            block.show([])
            self._emptied.append(block)

    def _replace(self, kept: int, rest: list[str]) -> None:
        """Show lines behind the first blocks, in the place of those that are there."""
        open_ = self._blocks[kept - 1] if kept and kept == len(self._blocks) and not self._blocks[-1].full else None
        if open_ and rest:
            kept, rest = kept - 1, [*open_.lines, *rest]
        changed, surplus = self._blocks[kept:], self._blocks[kept:]
        made = []
        while rest:
            lines, rest = _cut(rest)
            if changed:
                block = changed.pop(0)
                surplus.pop(0)
                if block.lines != lines:
                    block.show(lines)
            else:
                block = _Block(lines)
            made.append(block)
        new = [*self._blocks[:kept], *made]
        if new != self._blocks or len(self._emptied) > EMPTY_BLOCKS:
            self._blocks = new
            self._lay_out(surplus)

    def _lay_out(self, surplus: list[_Block]) -> None:
        gone = list(surplus)
        if len(self._emptied) > EMPTY_BLOCKS:
            gone += self._emptied
            self._emptied = []
        blocks = [*self._emptied, *self._blocks]
        self._inside.children = (self._note, *(block.widget for block in blocks))
        for block in gone:
            block.widget.close()

    def _say(self, *, live: bool) -> None:
        if self._first:
            self._note.value = f"<i>{count(self._first, 'earlier line')} left out</i>"
        elif self._blocks:
            self._note.value = ""
        else:
            words = "Nothing written yet." if live else "The step wrote nothing."
            self._note.value = f'<div class="kfp-jupyter-note">{words}</div>'


def _cut(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return as many lines as a block holds, and the rest."""
    size = 0
    for number, line in enumerate(lines[:BLOCK_LINES]):
        size += len(line)
        if size >= BLOCK_CHARS:
            return lines[: number + 1], lines[number + 1 :]
    return lines[:BLOCK_LINES], lines[BLOCK_LINES:]


def _html(lines: list[str]) -> str:
    # A block that begins with an empty line would lose it: HTML leaves out a line break behind <pre>.
    return "<pre>\n" + escape("\n".join(lines)) + "</pre>" if lines else ""
