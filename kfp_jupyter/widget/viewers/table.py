"""A table of text."""

from __future__ import annotations

from kfp_jupyter.runs.ui_metadata import Table
from kfp_jupyter.widget.text import count, escape, shorten

MAX_ROWS = 200
MAX_COLUMNS = 40
MAX_CELL = 300


def table_html(table: Table) -> str:
    """Return the table; rows and columns beyond what a page bears are counted instead of shown."""
    head = "".join(f"<th>{_cell(title)}</th>" for title in table.header[:MAX_COLUMNS])
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row[:MAX_COLUMNS])}</tr>" for row in table.rows[:MAX_ROWS]
    )
    widest = max((len(row) for row in (table.header, *table.rows)), default=0)
    hidden = [
        count(number, noun)
        for number, noun in ((len(table.rows) - MAX_ROWS, "more row"), (widest - MAX_COLUMNS, "more column"))
        if number > 0
    ]
    note = f'<p class="kfp-jupyter-note">{" and ".join(hidden)}</p>' if hidden else ""
    return (
        f'<div class="kfp-jupyter-scroll"><table class="kfp-jupyter-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{note}"
    )


def _cell(text: str) -> str:
    return escape(shorten(text, MAX_CELL))
