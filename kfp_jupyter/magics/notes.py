"""What the compiler remarks on a pipeline, shown under its cell."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from IPython.display import display, update_display

from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.errors import Position
from kfp_jupyter.widget.notes import notes_bundle


def show_notes(messages: Iterable[str], position: Position | None = None) -> None:
    """Show sentences that the author should know, if there are any.

    Args:
        messages: The sentences.
        position: The line they are about; None for none.
    """
    notes = [Note(message, position) for message in messages]
    if notes:
        display(notes_bundle(notes), raw=True)


class PipelineNotes:
    """The notes on one pipeline: one output under its cell, brought up to date whenever others come."""

    def __init__(self) -> None:
        self._notes: tuple[Note, ...] = ()
        self._id: str | None = None

    def __bool__(self) -> bool:
        return bool(self._notes)

    def take(self, notes: Sequence[Note]) -> None:
        """Take what a compilation remarks, and show it if it differs from what is shown."""
        different = tuple(dict.fromkeys(notes))
        if different != self._notes:
            self._notes = different
            if self._id is not None:
                update_display(notes_bundle(different), raw=True, display_id=self._id)

    def show(self) -> None:
        """Make the output; it is empty while there are no notes, so that later ones have their place."""
        self._id = uuid.uuid4().hex
        display(notes_bundle(self._notes), raw=True, display_id=self._id)
