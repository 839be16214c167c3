"""An interrupted magic reports one line instead of a traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

CHANGES = ("submit", "stop", "suspend", "resume", "retry", "resubmit", "delete", "schedule")
"""Words behind ``%kfp`` that ask an engine to do something."""


class Interrupted(KeyboardInterrupt):
    """A magic was interrupted; like any interrupt it ends what is to run behind it."""

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: what to show in place of a traceback."""
        return [f"\x1b[31mInterrupted\x1b[0m: {self}"]


def telling_interrupts(magic: str, run: Callable[..., None]) -> Callable[..., None]:
    """Return a magic that ends in one line where it is interrupted.

    Args:
        magic: The magic, such as ``%kfp``.
        run: What it does with the words behind it.
    """

    @functools.wraps(run)
    def guarded(line: str, *cell: Any) -> None:
        try:
            run(line, *cell)
        except KeyboardInterrupt:
            raise Interrupted(_what_is_known(magic, line)) from None

    return guarded


def _what_is_known(magic: str, line: str) -> str:
    word = next(iter(line.split()), "")
    if magic != "%kfp":
        return f"{magic} was interrupted; the cell defined nothing."
    if word in CHANGES:
        return f"%kfp {word} was interrupted and may or may not have taken effect. Check with %kfp runs."
    return f"{f'%kfp {word}'.rstrip()} was interrupted."
