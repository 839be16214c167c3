"""What the compiler remarks on a pipeline, shown under its cell."""

from __future__ import annotations

import linecache
import uuid
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from IPython.display import display, update_display

from kfp_jupyter.dsl import PipelineWarning
from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.errors import Position
from kfp_jupyter.widget.notes import notes_bundle


class PipelineNotes:
    """The notes on one pipeline: one output under its cell, brought up to date whenever others come."""

    def __init__(self) -> None:
        self._notes: tuple[Note, ...] = ()
        self._id: str | None = None

    def __bool__(self) -> bool:
        return bool(self._notes)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take what a compilation inside remarks, and show it if it differs from what is shown."""
        with _caught() as found:
            yield
        notes = tuple(dict.fromkeys(found))
        if notes != self._notes:
            self._notes = notes
            if self._id is not None:
                update_display(notes_bundle(notes), raw=True, display_id=self._id)

    def show(self) -> None:
        """Make the output; it is empty while there are no notes, so that later ones have their place."""
        self._id = uuid.uuid4().hex
        display(notes_bundle(self._notes), raw=True, display_id=self._id)


@contextmanager
def _caught() -> Iterator[Sequence[Note]]:
    """Yield a list that gets the compiler's warnings; all others go where they went."""
    found: list[Note] = []
    with warnings.catch_warnings():
        show = warnings.showwarning

        def keep(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, PipelineWarning):
                found.append(_note(str(message), filename, lineno))
            else:
                show(message, category, filename, lineno, file, line)

        warnings.showwarning = keep
        warnings.simplefilter("always", PipelineWarning)
        yield found


def _note(message: str, file: str, line: int) -> Note:
    if file == "pipeline":
        return Note(message, None)
    text = linecache.getline(f"<{file}>", line) or linecache.getline(file, line)
    return Note(message, Position(file, line, text))
