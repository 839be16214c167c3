"""Notices when an ended run is retried or deleted by another kernel or tool."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.capabilities import SupportsSummary
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.pacing import (
    FIRST_LOOK_AT_ENDED_RUN_SECONDS,
    LONGEST_LOOK_AT_ENDED_RUN_SECONDS,
    LOOK_AT_ENDED_RUN_GROWTH,
)
from kfp_jupyter.streams import start_thread


class EndedRunWatcher:
    """Checks an ended run from time to time, in a thread, until it is retried or deleted.

    Args:
        engine: Where it is.
        ref: The run.
        ended_at: When it ended.
        on_retried: Called when it was retried.
        on_deleted: Gets a message when it was deleted.
    """

    def __init__(
        self,
        engine: SupportsSummary,
        ref: RunRef,
        ended_at: datetime | None,
        on_retried: Callable[[], None],
        on_deleted: Callable[[str], None],
    ) -> None:
        self._engine, self._ref, self._ended_at = engine, ref, ended_at
        self._on_again, self._on_deleted = on_retried, on_deleted
        self._stop = CancelToken()

    def start(self) -> None:
        """Start checking."""
        start_thread(self._look, "afterwards")

    def close(self) -> None:
        """Stop checking."""
        self._stop.set()

    def _look(self) -> None:
        pause = FIRST_LOOK_AT_ENDED_RUN_SECONDS
        while not self._stop.wait(pause):
            pause = min(pause * LOOK_AT_ENDED_RUN_GROWTH, LONGEST_LOOK_AT_ENDED_RUN_SECONDS)
            try:
                found = self._engine.summary(self._ref)
            except RunNotFoundError as error:
                if not self._stop.is_set():
                    self._on_deleted(error.format_message())
                return
            except EngineError:
                # The state of the run is unknown; the next check may succeed.
                continue
            if not found.phase.finished or found.finished_at != self._ended_at:
                if not self._stop.is_set():
                    self._on_again()
                return
