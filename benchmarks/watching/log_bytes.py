"""What crosses the comm for a long log on screen: only its new lines, where its whole end is 400 lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import comm
from comm.base_comm import BaseComm

from benchmarks.timing import Row
from kfp_jupyter.widget.log import LogTail
from kfp_jupyter.widget.log_box import LogBox
from kfp_jupyter.widget.text import escape

LINES = 50_000
LINE = "2026-01-02 03:04:05 INFO epoch {}: loss 0.123456, accuracy 0.98\n"

RATES = (10, 100)
"""Lines that come between two updates, of which there are four a second."""


def rows() -> list[Row]:
    """Measure; return the rows."""
    found = []
    for rate in RATES:
        sent, whole = _bytes(rate)
        what = f"log of {LINES:,} lines, {4 * rate} a second: bytes a line on the comm"
        found.append(Row(what, f"{sent / LINES:,.0f}"))
        found.append(Row(f"{what}, were the end sent each time", f"{whole / LINES:,.0f}"))
    return found


def _bytes(rate: int) -> tuple[int, int]:
    """Return how many bytes are sent, and how many would be if the end of the log were sent at each update."""
    tail, whole = LogTail(), 0
    with _counted() as sent:
        box = LogBox()
        for start in range(0, LINES, rate):
            numbers = range(start, start + rate)
            tail.add(
                "".join(
                    f"2026-01-02 03:04:05 INFO epoch {number}: loss 0.123456, accuracy 0.98\n" for number in numbers
                )
            )
            box.show(tail.lines(), tail.left_out, live=True)
            whole += len(escape(tail.text()))
    return sum(sent), whole


@contextmanager
def _counted() -> Iterator[list[int]]:
    """Count the bytes of all messages that widgets send inside."""
    sent: list[int] = []

    class Counting(BaseComm):
        def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, *_: Any, **__: Any) -> None:
            sent.append(len(json.dumps([msg_type, data, metadata])))

    with patch.object(comm, "create_comm", Counting):
        yield sent
