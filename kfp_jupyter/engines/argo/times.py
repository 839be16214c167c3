"""Times as Argo's controller writes them."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> str:
    """Return this moment, to the second: RFC 3339, UTC."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
