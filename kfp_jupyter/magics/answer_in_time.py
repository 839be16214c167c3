"""Asks an engine with a short timeout, for callers that can't wait for a slow or unreachable cluster."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from kfp_jupyter.errors import KfpJupyterError

ANSWER_TIMEOUT = 1.0
"""Seconds that an engine has for its answer."""

_Answer = TypeVar("_Answer")


def answer_in_time(ask: Callable[[], _Answer]) -> _Answer | None:
    """Return an engine's answer; None if it takes long or is an error, which is reported where the engine is used.

    Args:
        ask: Asks it; called in a thread, which is left alone when time is up.
    """
    answer: list[_Answer] = []

    def work() -> None:
        try:
            answer.append(ask())
        except (KfpJupyterError, StopIteration):
            return

    thread = threading.Thread(target=work, name="kfp-jupyter-question", daemon=True)
    thread.start()
    thread.join(ANSWER_TIMEOUT)
    return answer[0] if answer else None
