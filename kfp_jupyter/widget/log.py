"""The end of a step's log: what people see of it, and the thread that reads it."""

from __future__ import annotations

import collections
import threading
from collections.abc import Callable

from kfp_jupyter.components.cell_lines import with_cells
from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.printable import count
from kfp_jupyter.redaction import redact, redact_log
from kfp_jupyter.streams import CancelToken
from kfp_jupyter.widget.text import escape, plain_line

MAX_LINES = 400
MAX_CHARS = 64 * 1024
MAX_LINE = 8 * 1024
PAUSE = 0.25
"""Seconds between two looks at the log on screen."""


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

    def text(self) -> str:
        """Return what is kept; messages of Python name the cell of a component that this notebook has made."""
        last = plain_line(self._open)[-MAX_LINE:]
        return with_cells(redact_log("\n".join([*self._lines, last] if last else self._lines)))


def log_html(tail: LogTail, *, live: bool) -> str:
    """Return the log's end as HTML."""
    text = tail.text()
    if not text:
        note = "Nothing written yet." if live else "The step wrote nothing."
        return f'<div class="kfp-jupyter-note">{note}</div>'
    cut = f"<i>{count(tail.left_out, 'earlier line')} left out</i>\n" if tail.left_out else ""
    return f"<pre>{cut}{escape(text)}</pre>"


def follow_log(
    engine: Engine, run: RunRef, node_id: str, stop: CancelToken, show: Callable[[LogTail, bool], None]
) -> None:
    """Read a step's log to its end and show it as it grows, a few times a second at most; returns on `stop`.

    Args:
        engine: Where the run is.
        run: The run.
        node_id: The step.
        stop: Ends the reading.
        show: Gets the tail and whether there may be more to come. Called from this thread and one of its own.
    """
    tail, lock, changed, ended = LogTail(), threading.Lock(), threading.Event(), threading.Event()

    def read() -> None:
        try:
            for chunk in engine.logs(run, node_id, follow=True, stop=stop):
                with lock:
                    tail.add(f"{chunk.text.rstrip()}\n" if chunk.notice else chunk.text)
                changed.set()
        except KfpJupyterError as error:
            with lock:
                tail.add(f"{error.format_message()}\n")
        except Exception as error:  # noqa: BLE001  told where the log would be: a log that stops must say why
            with lock:
                tail.add(redact(f"The log can't be read: {type(error).__name__}: {error}\n"))
        finally:
            ended.set()
            changed.set()

    threading.Thread(target=read, name="kfp-jupyter-log-reader", daemon=True).start()
    while not stop.is_set():
        changed.wait()
        changed.clear()
        over = ended.is_set()
        with lock:
            if not stop.is_set():
                show(tail, not over)
        if over:
            return
        stop.wait(PAUSE)


def end_of_log(engine: Engine, run: RunRef, node_id: str, stop: CancelToken) -> str:
    """Return the end of a finished step's log, or why it can't be read."""
    tail = LogTail()
    try:
        for chunk in engine.logs(run, node_id, follow=False, stop=stop):
            tail.add(f"{chunk.text.rstrip()}\n" if chunk.notice else chunk.text)
    except KfpJupyterError as error:
        tail.add(f"{error.format_message()}\n")
    return tail.text()
