"""What the compiler remarks on a pipeline, as its cell shows it."""

from __future__ import annotations

from collections.abc import Sequence

from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.printable import printable
from kfp_jupyter.redaction import redact
from kfp_jupyter.widget.text import escape

_BOX = (
    "border-left:4px solid var(--jp-warn-color1,#c77700);padding:2px 12px;margin:4px 0;line-height:1.5;"
    "font-family:var(--jp-ui-font-family,sans-serif);font-size:13px;color:var(--jp-ui-font-color1,inherit)"
)
_CODE = (
    "margin:0;font-family:var(--jp-code-font-family,monospace);font-size:12px;color:var(--jp-ui-font-color2,inherit)"
)


def notes_bundle(notes: Sequence[Note]) -> dict[str, str]:
    """Return the notes as a MIME bundle; without notes it shows nothing, neither in a browser nor in a terminal."""
    shown = {"text/html": "".join(map(_html, notes))}
    return shown | {"text/plain": "\n".join(map(_text, notes))} if notes else shown


def _html(note: Note) -> str:
    where = f"<b>{escape(note.position)}</b>: " if note.position else ""
    line = _line(note)
    code = f'<pre style="{_CODE}">{escape(line)}</pre>' if line else ""
    return f'<div class="kfp-jupyter-note" role="note" style="{_BOX}">{where}{escape(redact(note.message))}{code}</div>'


def _text(note: Note) -> str:
    where = f"{note.position}: " if note.position else ""
    line = _line(note)
    return printable(f"Note: {where}{redact(note.message)}" + (f"\n    {line}" if line else ""))


def _line(note: Note) -> str:
    place = note.position
    return redact(f"{place.line} | {place.text.rstrip()}") if place and place.text.strip() else ""
