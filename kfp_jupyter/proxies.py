"""The proxy for an address, chosen by the rules of Go's programs such as kubectl and argo.

The rules are those of ``golang.org/x/net/http/httpproxy``: ``HTTPS_PROXY`` for https, ``HTTP_PROXY`` for http, neither
for this machine itself nor for what ``NO_PROXY`` names. Connections to proxies are those of ``net/http``: HTTP, plain
or encrypted, or SOCKS5.

Source: https://pkg.go.dev/golang.org/x/net/http/httpproxy.
"""

from __future__ import annotations

import base64
import dataclasses
import ipaddress
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from kfp_jupyter.redaction import redact, remember_address, without_credentials

_VARIABLES = {"https": ("HTTPS_PROXY", "https_proxy"), "http": ("HTTP_PROXY", "http_proxy")}
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""Scheme → the port of an address that names none."""

NO_PROXIES: Mapping[str, Any] = {"http": None, "https": None, "all": None}
"""What the requests library takes for: no proxy, whatever the environment says."""


class BadProxyError(ValueError):
    """A setting doesn't contain a usable proxy.

    Args:
        message: What is wrong with it, without a full stop.
        remedy: One sentence that says what to do.
    """

    def __init__(self, message: str, remedy: str = "Write it as http://host:port or socks5://host:port.") -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclasses.dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy.

    Attributes:
        url: Its address, with user and password if it has any.
        origin: The setting that contains it: ``HTTPS_PROXY``, ``the proxy-url of the kubeconfig``.
    """

    url: str = dataclasses.field(repr=False)
    origin: str

    @classmethod
    def of(cls, address: str, origin: str) -> Proxy:
        """Return the proxy at an address; the default scheme is http.

        Args:
            address: Its address.
            origin: The setting that contains it.

        Raises:
            BadProxyError: It is not a valid address, or its scheme is not supported.
        """
        url = address if "://" in address else f"http://{address}"
        remember_address(url)
        try:
            at = urlsplit(url)
            bad = not at.hostname or at.port == 0
        except ValueError:
            bad = True
        if bad:
            raise BadProxyError(f"{redact(address)!r} in {origin} is not a valid proxy address")
        proxy = cls(url, origin)
        if proxy.scheme not in _PORTS:
            raise BadProxyError(f"Only http, https and socks5 proxies are supported, but not {proxy}")
        return proxy

    def __str__(self) -> str:
        return f"the proxy {self.address} ({self.origin})"

    @property
    def address(self) -> str:
        """Its address without user and password."""
        return without_credentials(self.url)

    @property
    def scheme(self) -> str:
        """Its protocol: ``http``, ``https``, ``socks5``."""
        return urlsplit(self.url).scheme.lower()

    @property
    def host(self) -> str:
        """Its host."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Its port."""
        return urlsplit(self.url).port or _PORTS[self.scheme]

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS5; otherwise HTTP."""
        return self.scheme.startswith("socks")

    @property
    def account(self) -> tuple[str, str] | None:
        """User and password; None for none."""
        at = urlsplit(self.url)
        return None if at.username is None else (unquote(at.username), unquote(at.password or ""))

    @property
    def headers(self) -> dict[str, str]:
        """The headers that authenticate a request to it."""
        if self.account is None:
            return {}
        return {"proxy-authorization": f"Basic {base64.b64encode(':'.join(self.account).encode()).decode()}"}


def environment_proxy(url: str, environ: Mapping[str, str] = os.environ) -> Proxy | None:
    """Return the proxy that the environment names for an address; None for none.

    Args:
        url: The address of the request.
        environ: The variables.
    """
    at = urlsplit(url)
    scheme = at.scheme.lower()
    for name in _VARIABLES.get(scheme, ()):
        if environ.get(name):
            without = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
            host, port = at.hostname or "", str(at.port or _PORTS[scheme])
            return None if is_local(host) or _is_named(host, port, without) else Proxy.of(environ[name], name)
    return None


def is_local(host: str) -> bool:
    """Whether a host is this machine itself: ``localhost``, or an address of its loopback."""
    address = _address(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def requests_proxies(url: str) -> dict[str, Any]:
    """Return the proxies argument of the requests library: none for this machine itself, else the environment's.

    Args:
        url: The address.
    """
    try:
        return dict(NO_PROXIES) if is_local(urlsplit(url).hostname or "") else {}
    except ValueError:
        return {}


def _is_named(host: str, port: str, names: str) -> bool:
    """Whether ``NO_PROXY`` names a host: itself, a domain it is in, its address or a network."""
    address = _address(host)
    for name in filter(None, (word.strip().lower() for word in names.split(","))):
        if name == "*":
            return True
        network = _network(name)
        if network is not None:
            if address is not None and address in network:
                return True
            continue
        named, wanted = _split_port(name)
        if wanted and wanted != port:
            continue
        if address is not None:
            if _address(named) == address:
                return True
            continue
        domain = named.removeprefix("*")
        if host.lower().endswith(domain if domain.startswith(".") else f".{domain}") or host.lower() == domain:
            return True
    return False


def _split_port(name: str) -> tuple[str, str]:
    if name.startswith("["):
        inside, _, port = name[1:].partition("]")
        return inside, port.removeprefix(":")
    # More colons are an IPv6 address without a port.
    host, colon, port = name.partition(":")
    return (name, "") if not colon or ":" in port else (host, port)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _network(name: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(name, strict=False) if "/" in name else None
    except ValueError:
        return None
