"""Times as Argo and Kubernetes write them: RFC 3339.

Source: RFC 3339, https://www.rfc-editor.org/rfc/rfc3339.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


def now(ahead: timedelta = timedelta()) -> str:
    """Return this moment, to the second: RFC 3339, UTC.

    Args:
        ahead: How far the cluster's clock is ahead of the one here.
    """
    return (datetime.now(timezone.utc) + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str | None, ahead: timedelta = timedelta()) -> datetime | None:
    """Return an RFC 3339 time (with or without a fraction of a second) as an aware datetime; None for none.

    Args:
        text: The time.
        ahead: How far the clock that it was read from is ahead of the one here.
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00")) - ahead if text else None
