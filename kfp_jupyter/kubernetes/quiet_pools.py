"""Connections that don't warn of a certificate that nobody checks, where the person has asked for just that.

urllib3 warns at each place of the code that asks, in every thread anew. Python's filters of warnings hold for the whole
process; these connections only for those who use them.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any


@functools.cache
def quiet_pools() -> dict[str, Any]:
    """Return what a urllib3 ``PoolManager`` makes pools of, as its ``pool_classes_by_scheme``."""
    pools = importlib.import_module("urllib3.connectionpool")

    class QuietPool(pools.HTTPSConnectionPool):  # type: ignore[name-defined,misc]  # known at first use
        def _validate_conn(self, conn: Any) -> None:
            # What the method does beside warning, in urllib3 1 and 2.
            if getattr(conn, "sock", None) is None:
                conn.connect()

    return {"http": pools.HTTPConnectionPool, "https": QuietPool}


def quieten(session: Any) -> None:
    """Let a session of the requests library make such connections, also through a proxy.

    Args:
        session: The session.
    """
    adapter = session.get_adapter("https://")
    adapter.poolmanager.pool_classes_by_scheme = quiet_pools()
    usual = adapter.proxy_manager_for

    def quiet(proxy: str, **settings: Any) -> Any:
        manager = usual(proxy, **settings)
        manager.pool_classes_by_scheme = quiet_pools()
        return manager

    adapter.proxy_manager_for = quiet
