"""Clocks that differ: tokens and certificates are not yet, or no longer, good where they do."""

from __future__ import annotations

from datetime import datetime, timezone
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
