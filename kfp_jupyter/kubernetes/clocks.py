"""Clocks that differ: tokens and certificates are not yet, or no longer, good where they do; durations are wrong."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

TOLERANCE = 60.0
"""Seconds by which clocks may differ without a word."""


def difference(date: str, now: datetime | None = None) -> str:
    """Return that two clocks differ, in words; empty where they don't, or where nothing is known of the other.

    Args:
        date: What an answer's header ``Date`` says.
        now: This machine's time; by default as it is.
    """
    try:
        there = parsedate_to_datetime(date)
        ahead = ((now or datetime.now(timezone.utc)) - there).total_seconds()
    except (TypeError, ValueError):
        return ""
    if abs(ahead) <= TOLERANCE:
        return ""
    minutes = round(abs(ahead) / 60)
    amount = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return f"this machine's clock is {amount} {'ahead of' if ahead > 0 else 'behind'} the cluster's"


def own_time(now: datetime | None = None) -> str:
    """Return what this machine's clock says, in UTC."""
    return f"{now or datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"


NOTICED = timedelta(seconds=3)
"""A smaller difference may come from the time that an answer travels, or from ``Date`` having whole seconds only."""

_HALF_A_SECOND = timedelta(seconds=0.5)


class ClusterClock:
    """How far the cluster's clock is ahead, by the ``Date`` that comes with its answers. Usable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = timedelta()

    @property
    def ahead(self) -> timedelta:
        """What is to be taken off the cluster's times to have them by the clock here; negative where it is behind."""
        with self._lock:
            return self._ahead

    def note(self, date: str | None) -> None:
        """Take an answer's ``Date`` header, just received; None, and what is not a valid date, is ignored."""
        try:
            ahead = parsedate_to_datetime(date or "") + _HALF_A_SECOND - datetime.now(timezone.utc)
        except (TypeError, ValueError):
            # No date, or one without a zone.
            return
        with self._lock:
            # One difference all along: times that moved by fractions with each answer would make new states.
            if abs(ahead - self._ahead) >= NOTICED:
                self._ahead = timedelta(seconds=round(ahead.total_seconds()))
