"""The output beside the widget that holds the static picture, kept up to date through its display id."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from IPython.display import display, update_display

MIN_GAP = 1.0
"""Seconds between two updates; each is a message of some kilobytes that the notebook stores."""


class StaticPicture:
    """One display output.

    Args:
        draw: Makes the MIME bundle of the moment.
        clock: Counts seconds.
    """

    def __init__(self, draw: Callable[[], dict[str, str]], clock: Callable[[], float] = time.monotonic) -> None:
        self._draw, self._clock = draw, clock
        self._id: str | None = None
        self._last: dict[str, str] = {}
        self._at = 0.0

    def show(self) -> None:
        """Make the output; made once more, both are kept up to date."""
        self._id = self._id or uuid.uuid4().hex
        self._last, self._at = self._draw(), self._clock()
        display(self._last, raw=True, display_id=self._id)

    def update(self, *, at_once: bool = False) -> bool:
        """Bring the output up to date; return False where it is too early for that, unless `at_once`."""
        if self._id is None:
            return True
        if not at_once and self._clock() - self._at < MIN_GAP:
            return False
        bundle = self._draw()
        if bundle != self._last:
            self._last, self._at = bundle, self._clock()
            update_display(bundle, raw=True, display_id=self._id)
        return True
