"""Warnings about a pipeline, collected while it is traced and compiled."""

from __future__ import annotations

import warnings
from typing import NamedTuple

from kfp_jupyter.errors import Position


class PipelineWarning(UserWarning):
    """Something in a pipeline that probably isn't what its author meant.

    Example:
        warnings.filterwarnings("ignore", category=dsl.PipelineWarning)
    """


class Note(NamedTuple):
    """A warning about a pipeline.

    Attributes:
        message: One or two sentences.
        position: The line it is about, where one is known.
    """

    message: str
    position: Position | None


def show(notes: tuple[Note, ...]) -> None:
    """Show notes as Python's warnings, each at its line."""
    for note in notes:
        place = note.position
        warnings.warn_explicit(
            note.message, PipelineWarning, place.file if place else "pipeline", place.line if place else 1
        )
