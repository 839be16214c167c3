"""SOCKS5 proxies, such as those of ``ssh -D``, through PySocks, as urllib3 does.

The proxy resolves the names of hosts, whether their address says ``socks5`` or ``socks5h``: for Go's programs
the two are the same.

Source: RFC 1928 and RFC 1929, https://www.rfc-editor.org/rfc/rfc1928.
"""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from kfp_jupyter.proxies import BadProxyError, Proxy

if TYPE_CHECKING:
    from requests import Session

S = TypeVar("S", bound="Session")

_NUMBER = re.compile(r"^(?:0x[0-9a-f]{2}:|\[Errno -?\d+\]) ")
"""The codes before the messages of a proxy and of the system."""

_MEANINGS = {
    "ProxyConnectionError": "the proxy can't be reached",
    "SOCKS5AuthError": "the proxy refused the user name and password",
    "SOCKS5Error": "the proxy can't connect to it",
}
"""PySocks' exception → what it means; what isn't here is an answer that no SOCKS5 proxy gives."""


def check_socks(proxy: Proxy) -> None:
    """Check that PySocks, which a SOCKS5 proxy needs, is installed.

    Raises:
        BadProxyError: It isn't.
    """
    try:
        importlib.import_module("socks")
    except ImportError:
        raise BadProxyError(
            f"The package PySocks, which {proxy} needs, isn't installed", remedy="Run: pip install PySocks"
        ) from None


def through_socks(manager: Any, proxy: Proxy) -> Any:
    """Return a urllib3 ``PoolManager`` with the settings of another, whose connections go through a SOCKS5 proxy.

    Args:
        manager: The other.
        proxy: The proxy.

    Raises:
        BadProxyError: PySocks isn't installed.
    """
    check_socks(proxy)
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    user, password = proxy.account or (None, None)
    return importlib.import_module("urllib3.contrib.socks").SOCKSProxyManager(
        f"socks5h://{host}:{proxy.port}", user, password, headers=manager.headers, **manager.connection_pool_kw
    )


def with_socks(session: S) -> S:
    """Return a session of the requests library that reaches SOCKS5 proxies in the same way, from whichever source."""
    for adapter in session.adapters.values():
        _take_socks(adapter)
    return session


def _take_socks(adapter: Any) -> None:
    usual = adapter.proxy_manager_for

    def manager_for(address: str, **settings: Any) -> Any:
        if address.lower().startswith("socks5") and address not in adapter.proxy_manager:
            proxy = Proxy.of(address, "the environment")
            adapter.proxy_manager[address] = through_socks(adapter.poolmanager, proxy)
        return usual(address, **settings)

    adapter.proxy_manager_for = manager_for


def meaning(error: BaseException) -> str:
    """Return a message for a failure of a SOCKS5 proxy; empty for other errors.

    Args:
        error: What urllib3 raises, which it makes of what PySocks raises.
    """
    library = sys.modules.get("socks")
    if library is None:
        return ""
    cause: Any = next(
        (e for e in (error, error.__cause__, error.__context__) if isinstance(e, library.ProxyError)), None
    )
    if cause is None:
        return ""
    # What is said against the question comes as a failure of the network, which carries it.
    while isinstance(cause.socket_err, library.ProxyError):
        cause = cause.socket_err
    what = _MEANINGS.get(type(cause).__name__, "the server doesn't respond as a SOCKS5 proxy would")
    return f"{what}: {_NUMBER.sub('', str(cause.socket_err or cause.msg))}"
