"""The end of a step's log: the part that is shown, and the thread that reads it."""

from __future__ import annotations

import collections
import threading
import time
from collections.abc import Callable

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.components.cell_lines import with_cells
from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.pacing import LOG_PAUSE_SECONDS
from kfp_jupyter.redaction import redact, redact_log
from kfp_jupyter.widget.text import plain_line

MAX_LINES = 400
MAX_CHARS = 64 * 1024
MAX_LINE = 8 * 1024


class LogTail:
    """The last lines of a log that comes in pieces. Not for use from several threads at once."""

    def __init__(self, max_lines: int = MAX_LINES, max_chars: int = MAX_CHARS) -> None:
        self._max_lines, self._max_chars = max_lines, max_chars
        self._lines: collections.deque[str] = collections.deque()
        self._chars = 0
        self._open = ""
        self.left_out = 0
        """Lines that were dropped at the beginning."""

    def add(self, text: str) -> None:
        """Take the next piece, which may begin and end inside a line."""
        *complete, self._open = (self._open + text).split("\n")
        if len(self._open) > 2 * MAX_LINE:  # a line without an end must not grow for ever
            self._open = self._open[-MAX_LINE:]
        for line in complete:
            shown = plain_line(line)[-MAX_LINE:]
            self._lines.append(shown)
            self._chars += len(shown) + 1
        while len(self._lines) > self._max_lines or self._chars > self._max_chars:
            self._chars -= len(self._lines.popleft()) + 1
            self.left_out += 1

    def lines(self) -> list[str]:
        """Return what is kept, line by line."""
        text = self.text()
        return text.split("\n") if text else []

    def text(self) -> str:
        """Return what is kept; messages of Python name the cell of a component that this notebook has made."""
        last = plain_line(self._open)[-MAX_LINE:]
        return with_cells(redact_log("\n".join([*self._lines, last] if last else self._lines)))


class LogFollower:
    """Reads a step's log to its end and shows it as it grows, a few times a second at most.

    Args:
        engine: Where the run is.
        run: The run.
        node_id: The step.
        stop: Ends the reading.
        show: Gets the last lines, how many are left out before them, and whether there may be more to come.
        call: Calls something in so many seconds, in the thread that shows.
    """

    def __init__(
        self,
        engine: Engine,
        run: RunRef,
        node_id: str,
        stop: CancelToken,
        show: Callable[[list[str], int, bool], None],
        call: Callable[[Callable[[], None], float], None],
    ) -> None:
        self._engine, self._run, self._node_id, self._stop = engine, run, node_id, stop
        self._show, self._call = show, call
        self._lock = threading.Lock()
        self._tail = LogTail()
        self._ended = self._called = False
        self._shown_at = 0.0

    def read(self) -> None:
        """Read to the end; returns on `stop`."""
        try:
            for chunk in self._engine.logs(self._run, self._node_id, follow=True, stop=self._stop):
                self._add(f"{chunk.text.rstrip()}\n" if chunk.notice else chunk.text)
        except KfpJupyterError as error:
            self._add(f"{error.format_message()}\n")
        except Exception as error:  # noqa: BLE001  told where the log would be: a log that stops must say why
            self._add(redact(f"The log can't be read: {type(error).__name__}: {error}\n"))
        self._add("", ended=True)

    def _add(self, text: str, *, ended: bool = False) -> None:
        with self._lock:
            self._tail.add(text)
            self._ended = ended
            if self._called or self._stop.is_set():
                return
            self._called = True
            after = max(0.0, self._shown_at + LOG_PAUSE_SECONDS - time.monotonic())
        self._call(self._update, after)

    def _update(self) -> None:
        with self._lock:
            lines, left_out, more = self._tail.lines(), self._tail.left_out, not self._ended
            self._called, self._shown_at = False, time.monotonic()
        if not self._stop.is_set():
            self._show(lines, left_out, more)


def end_of_log(engine: Engine, run: RunRef, node_id: str, stop: CancelToken) -> str:
    """Return the end of a finished step's log, or why it can't be read.

    Args:
        engine: Where the run is.
        run: The run.
        node_id: Id of the node.
        stop: Set to end it early.
    """
    tail = LogTail()
    try:
        for chunk in engine.logs(run, node_id, follow=False, stop=stop):
            tail.add(f"{chunk.text.rstrip()}\n" if chunk.notice else chunk.text)
    except KfpJupyterError as error:
        tail.add(f"{error.format_message()}\n")
    return tail.text()
