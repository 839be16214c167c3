"""Locks between processes; they end with the process that holds them, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


def opened(path: Path) -> TextIO:
    """Open a lock's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a")


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock that nobody else holds meanwhile."""
    with opened(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def turn(directory: Path, *, exclusive: bool) -> Iterator[None]:
    """Wait for a turn: many at once, or one alone.

    Args:
        directory: Where the locks' files are.
        exclusive: Whether nobody else may have a turn meanwhile.
    """
    with opened(directory / "turn.lock") as held:
        # Who waits to be alone holds up those who come later, or it would wait for ever.
        with alone(directory / "queue.lock"):
            fcntl.flock(held, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield


class Share:
    """Keeps what several processes use until the last of them lets go.

    Args:
        path: The lock's file.
    """

    def __init__(self, path: Path) -> None:
        self._file = opened(path)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def let_go(self) -> bool:
        """Let go; return whether this was the last one.

        Until `close`, the last one keeps everybody else waiting.
        """
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Give the lock back."""
        self._file.close()
