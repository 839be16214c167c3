"""Times as Argo's controller writes them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


def now(ahead: timedelta = timedelta()) -> str:
    """Return this moment, to the second: RFC 3339, UTC.

    Args:
        ahead: How far the cluster's clock is ahead of the one here.
    """
    return (datetime.now(timezone.utc) + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")
