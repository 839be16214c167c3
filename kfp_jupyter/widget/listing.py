"""Tables of things, as HTML and as text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from kfp_jupyter.printable import one_line, printable
from kfp_jupyter.redaction import redact
from kfp_jupyter.widget.text import escape

MAX_CELL = 2000
"""Characters of a cell that a listing as text shows."""

_CELL = "text-align:left;padding:2px 14px 2px 0;vertical-align:top"
_HEAD = f"{_CELL};font-weight:600;border-bottom:1px solid var(--jp-border-color1,#bbb)"


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads somewhere.

    Attributes:
        text: What is read.
        url: Where it leads; only an address of the web does.
    """

    text: str
    url: str


Cell = str | Link


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """A titled table. No credential in it is shown.

    Attributes:
        title: What is listed.
        header: Column titles.
        rows: Cells, a sequence a row.
        empty: What to say when there are no rows.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""

    def html(self) -> str:
        """Return the table as HTML, all text escaped."""
        if not self.rows:
            return f"<p><b>{_shown(self.title)}</b> {_shown(self.empty)}</p>"
        head = "".join(f'<th style="{_HEAD}">{_shown(cell)}</th>' for cell in self.header)
        body = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{_cell(cell)}</td>' for cell in row) + "</tr>" for row in self.rows
        )
        return f"<p><b>{_shown(self.title)}</b></p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def text(self) -> str:
        """Return the table as aligned text."""
        if not self.rows:
            return printable(redact(f"{self.title} {self.empty}")).rstrip()
        lines = [[_plain(cell) for cell in row] for row in (self.header, *self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        return "\n".join([printable(redact(self.title)), *("  " + _aligned(line, widths) for line in lines)])


def _shown(text: str) -> str:
    return escape(redact(text))


def _plain(cell: Cell) -> str:
    return one_line(redact(cell.text if isinstance(cell, Link) else cell), MAX_CELL)


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _shown(cell)
    if not cell.url.startswith(("https://", "http://")):
        return _shown(cell.text)
    return f'<a href="{_shown(cell.url)}" target="_blank" rel="noopener noreferrer">{_shown(cell.text)}</a>'


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


@dataclasses.dataclass(frozen=True, slots=True)
class Listings:
    """Several tables below each other; what a cell shows."""

    parts: Sequence[Listing]

    def _repr_mimebundle_(self, **_wanted: object) -> dict[str, str]:
        return {
            "text/html": "".join(part.html() for part in self.parts),
            "text/plain": "\n".join(part.text() for part in self.parts),
        }
