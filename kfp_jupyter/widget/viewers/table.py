"""A table of text."""

from __future__ import annotations

from kfp_jupyter.printable import count
from kfp_jupyter.runs.ui_metadata import MAX_COLUMNS, Table
from kfp_jupyter.widget.text import escape, shorten

MAX_CELL = 300


def table_html(table: Table) -> str:
    """Return the table; rows and columns beyond what a page bears are counted instead of shown."""
    head = "".join(f"<th>{_cell(title)}</th>" for title in table.header)
    body = "".join(f"<tr>{''.join(map(_cell_html, row))}</tr>" for row in table.rows)
    more_rows, more_columns = table.row_count - len(table.rows), table.column_count - MAX_COLUMNS
    hidden = [
        count(number, noun) for number, noun in ((more_rows, "more row"), (more_columns, "more column")) if number > 0
    ]
    note = f'<p class="kfp-jupyter-note">{" and ".join(hidden)}</p>' if hidden else ""
    return (
        f'<div class="kfp-jupyter-scroll"><table class="kfp-jupyter-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{note}"
    )


def _cell_html(text: str) -> str:
    """Return a cell; what has no space in it is one number or word, also where it has hyphens: 1e-05, 2026-01-02."""
    whole = "" if len(text.split()) > 1 else ' class="kfp-jupyter-whole"'
    return f"<td{whole}>{_cell(text)}</td>"


def _cell(text: str) -> str:
    return escape(shorten(text, MAX_CELL))
