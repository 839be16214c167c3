"""Connections that don't warn that a certificate isn't checked, where the user has asked for just that.

urllib3 warns at each place of the code that asks, in every thread anew. Python's filters of warnings hold for the whole
process; these connections only for those who use them.
"""

from __future__ import annotations

import functools
from typing import Any


def quieten(manager: Any) -> None:
    """Let a urllib3 ``PoolManager`` make such connections.

    Args:
        manager: The manager, also one that goes through a proxy.
    """
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {**pools, "https": _quiet(pools["https"])}


def quieten_session(session: Any) -> None:
    """Let a session of the requests library make such connections, also through a proxy.

    Args:
        session: The session.
    """
    adapter = session.get_adapter("https://")
    quieten(adapter.poolmanager)
    usual = adapter.proxy_manager_for

    def quiet(proxy: str, **settings: Any) -> Any:
        manager = usual(proxy, **settings)
        quieten(manager)
        return manager

    adapter.proxy_manager_for = quiet


@functools.cache
def _quiet(pool: Any) -> Any:
    """Return the kind of pools that are as those of another kind, and don't warn."""

    class QuietPool(pool):  # type: ignore[misc]  # known at first use
        def _validate_conn(self, conn: Any) -> None:
            # What the method does beside warning, in urllib3 1 and 2.
            if getattr(conn, "sock", None) is None:
                conn.connect()

    return QuietPool
