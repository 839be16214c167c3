"""Proxies are chosen as Go's programs choose them."""

from __future__ import annotations

import pytest

from kfp_jupyter.proxies import BadProxyError, Proxy, environment_proxy

PROXY = "http://proxy.example:3128"


def chosen(url: str, **variables: str) -> str:
    found = environment_proxy(url, variables)
    return f"{found.url} {found.origin}" if found else ""


def test_each_scheme_has_a_variable_of_its_own() -> None:
    assert chosen("https://h", HTTPS_PROXY=PROXY) == f"{PROXY} HTTPS_PROXY"
    assert chosen("https://h", https_proxy=PROXY) == f"{PROXY} https_proxy"
    assert chosen("http://h", http_proxy=PROXY) == f"{PROXY} http_proxy"
    assert chosen("https://h", HTTP_PROXY=PROXY, ALL_PROXY=PROXY) == ""
    assert chosen("http://h", HTTPS_PROXY=PROXY) == ""
    assert chosen("https://h", HTTPS_PROXY="proxy:3128") == "http://proxy:3128 HTTPS_PROXY"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "127.255.255.254", "[::1]", "[0:0:0:0:0:0:0:1]"]
)
def test_this_machine_is_never_asked_through_one(host: str) -> None:
    assert chosen(f"https://{host}:6443", HTTPS_PROXY=PROXY) == ""


@pytest.mark.parametrize("host", ["localhost.example", "128.0.0.1", "127.0.0.1.example", "[::2]", "10.0.0.1"])
def test_other_machines_are(host: str) -> None:
    assert chosen(f"https://{host}:6443", HTTPS_PROXY=PROXY)


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("api.example.org", "example.org"),
        ("api.example.org", "api.example.org"),
        ("api.example.org", ".example.org"),
        ("api.example.org", "*.example.org"),
        ("API.Example.org", "other, EXAMPLE.ORG"),
        ("api.example.org:6443", "example.org:6443"),
        ("api.example.org", "example.org:443"),
        ("anything", "*"),
        ("10.1.2.3", "10.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3/8"),
        ("10.1.2.3:6443", "10.1.2.3"),
        ("10.1.2.3:6443", "10.1.2.3:6443"),
        ("[fd00::5]", "fd00::/8"),
        ("[fd00::5]", "fd00::5"),
        ("[fd00::5]:6443", "[fd00::5]:6443"),
    ],
)
def test_what_no_proxy_names_is_asked_without_one(host: str, names: str) -> None:
    assert chosen(f"https://{host}", HTTPS_PROXY=PROXY, NO_PROXY=names) == ""
    assert chosen(f"https://{host}", HTTPS_PROXY=PROXY, no_proxy=names) == ""


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("myexample.org", "example.org"),
        ("example.org", ".example.org"),
        ("example.org", "*.example.org"),
        ("api.example.org:6443", "example.org:443"),
        ("11.1.2.3", "10.0.0.0/8"),
        ("10.1.2.3:6443", "10.1.2.3:443"),
        ("110.1.2.3", "10.1.2.3"),
        ("anything", ",, :80,/,10.0.0.0/99"),
    ],
)
def test_what_it_does_not_name_is_asked_through_one(host: str, names: str) -> None:
    assert chosen(f"https://{host}", HTTPS_PROXY=PROXY, NO_PROXY=names)


def test_a_proxy_s_password_is_for_the_proxy_alone() -> None:
    proxy = Proxy.of("http://alice:p%40ss-marked@proxy:3128", "HTTPS_PROXY")
    assert str(proxy) == "the proxy http://proxy:3128 (HTTPS_PROXY)"
    assert "marked" not in repr(proxy)
    assert proxy.account == ("alice", "p@ss-marked")
    assert proxy.headers == {"proxy-authorization": "Basic YWxpY2U6cEBzcy1tYXJrZWQ="}


@pytest.mark.parametrize(
    ("address", "port", "socks"),
    [
        ("h", 80, False),
        ("http://h", 80, False),
        ("https://h", 443, False),
        ("socks5://h", 1080, True),
        ("socks5h://[::1]", 1080, True),
        ("socks5://h:9050", 9050, True),
    ],
)
def test_each_kind_of_proxy_has_a_port_of_its_own(address: str, port: int, socks: bool) -> None:
    proxy = Proxy.of(address, "HTTPS_PROXY")
    assert (proxy.port, proxy.is_socks) == (port, socks)


def test_other_kinds_are_refused_in_words() -> None:
    with pytest.raises(BadProxyError) as caught:
        Proxy.of("socks4://alice:marked-pw@h:1", "HTTPS_PROXY")
    words = "Only http, https and socks5 proxies are supported, but not the proxy socks4://h:1 (HTTPS_PROXY)"
    assert str(caught.value) == words
