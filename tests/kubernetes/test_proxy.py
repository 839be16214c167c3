"""Which way leads to an API: proxies as kubectl takes them, and what is said when one doesn't lead there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.port_forward import open_port_forward
from tests.kubernetes.api import CERTIFICATES, Api, kubeconfig, serving
from tests.kubernetes.proxy import Proxy, proxying

FAR = "http://192.0.2.10:6443"
"""An address that nobody has."""

NOBODY = "http://127.0.0.1:9"
"""A port that nobody listens at."""


@pytest.fixture
def proxy(api: Api) -> Iterator[Proxy]:
    with proxying(urlsplit(api.url).port or 0) as made:
        yield made


def engine(tmp_path: Path, server: str, **cluster: str) -> ArgoEngine:
    return ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, server, {"token": "t"}, **cluster)))


def test_a_kubeconfig_s_proxy_is_taken(tmp_path: Path, api: Api, proxy: Proxy) -> None:
    engine(tmp_path, FAR, **{"proxy-url": proxy.url}).runs()
    assert api.told == ["Bearer t"]
    assert proxy.asked[0].startswith(f"GET {FAR}/apis/argoproj.io")


def test_a_kubeconfig_s_proxy_counts_more_than_the_environment_s(
    tmp_path: Path, api: Api, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOBODY)
    monkeypatch.setenv("NO_PROXY", "*")
    engine(tmp_path, FAR, **{"proxy-url": proxy.url}).runs()
    assert api.told == ["Bearer t"]


def test_a_kubeconfig_s_proxy_leads_to_this_machine_too(tmp_path: Path, api: Api, proxy: Proxy) -> None:
    engine(tmp_path, api.url, **{"proxy-url": proxy.url}).runs()
    assert proxy.asked[0].startswith(f"GET {api.url}/apis/")


def test_there_is_no_way_round_a_kubeconfig_s_proxy(tmp_path: Path, api: Api) -> None:
    with pytest.raises(EngineError) as caught:
        engine(tmp_path, api.url, **{"proxy-url": NOBODY}).runs()
    words = f"doesn't answer through the proxy {NOBODY} (the proxy-url of the kubeconfig)"
    assert words in caught.value.message
    assert caught.value.message.endswith("Connection refused.")
    assert caught.value.remedy.startswith("Check the network and the proxy-url of the kubeconfig, or choose another")
    assert api.told == []


def test_this_machine_is_asked_without_the_environment_s_proxy(
    tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, NOBODY)
    engine(tmp_path, api.url).runs()
    assert api.told == ["Bearer t"]


def test_the_environment_s_proxy_is_taken_and_named(
    tmp_path: Path, api: Api, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    engine(tmp_path, FAR).runs()
    assert api.told == ["Bearer t"]
    monkeypatch.setenv("HTTP_PROXY", NOBODY)
    with pytest.raises(
        EngineError, match=rf"{FAR} doesn't answer through the proxy {NOBODY} \(HTTP_PROXY\) .* refused"
    ):
        engine(tmp_path, FAR).runs()


def test_a_proxy_is_told_the_account_that_its_address_has(tmp_path: Path, proxy: Proxy) -> None:
    engine(tmp_path, FAR, **{"proxy-url": proxy.url.replace("://", "://alice:p%40ss@")}).runs()
    assert base64.b64decode(proxy.told[0].removeprefix("Basic ")) == b"alice:p@ss"


def test_a_proxy_that_refuses_is_named_without_its_password(tmp_path: Path, proxy: Proxy) -> None:
    proxy.refusal = "407 Proxy Authentication Required"
    server = FAR.replace("http:", "https:")
    with pytest.raises(EngineError, match=rf"through the proxy {proxy.url} .*407") as caught:
        engine(tmp_path, server, **{"proxy-url": proxy.url.replace("://", "://alice:marked-pw@")}).runs()
    assert "marked-pw" not in str(caught.value)
    assert proxy.asked[0].startswith("CONNECT 192.0.2.10:6443 ")


def test_a_proxy_of_a_kind_that_isnt_known_here_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        EngineError,
        match=r"Only http, https and socks5 proxies are supported, but not the proxy socks4://h:1 .*",
    ):
        engine(tmp_path, FAR, **{"proxy-url": "socks4://h:1"}).runs()


def test_the_doctor_names_the_proxy(tmp_path: Path, proxy: Proxy) -> None:
    found = list(engine(tmp_path, FAR, **{"proxy-url": proxy.url}).examine())
    assert f"through the proxy {proxy.url} (the proxy-url of the kubeconfig)" in found[0].text


@pytest.mark.parametrize(
    "address", ["http://", "http://[::1", "http://alice:marked-pw@h:port", "http://h:99999", ":80"]
)
def test_what_is_no_proxy_s_address_is_told(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "is not a valid proxy address. Write it as http://host:port"
    with pytest.raises(EngineError, match=f"in the proxy-url of the kubeconfig {words}") as caught:
        engine(tmp_path, FAR, **{"proxy-url": address}).runs()
    monkeypatch.setenv("HTTP_PROXY", address)
    with pytest.raises(EngineError, match=f"in HTTP_PROXY {words}"):
        engine(tmp_path, FAR).runs()
    assert "marked-pw" not in str(caught.value)


def test_what_is_encrypted_goes_through_a_proxy_unread(tmp_path: Path) -> None:
    authority = base64.b64encode((CERTIFICATES / "authority.pem").read_bytes()).decode()
    cluster = {"certificate-authority-data": authority, "tls-server-name": "localhost"}
    with serving("good") as api, proxying(urlsplit(api.url).port or 0) as proxy:
        engine(tmp_path, "https://192.0.2.10:6443", **cluster, **{"proxy-url": proxy.url}).runs()
    assert [line.rpartition(" ")[0] for line in proxy.asked] == ["CONNECT 192.0.2.10:6443"]
    assert api.told == ["Bearer t"]


def test_a_proxy_of_https_is_for_questions_alone(tmp_path: Path) -> None:
    authority = base64.b64encode((CERTIFICATES / "authority.pem").read_bytes()).decode()
    cluster = {"certificate-authority-data": authority, "tls-server-name": "localhost"}
    with serving("good") as api, proxying(urlsplit(api.url).port or 0, CERTIFICATES / "good.pem") as proxy:
        cluster["proxy-url"] = proxy.url.replace("://", "://alice:marked-pw@")
        engine(tmp_path, "https://192.0.2.10:6443", **cluster).runs()
        said = tunnel(tmp_path / "kubeconfig")
    assert [line.rpartition(" ")[0] for line in proxy.asked] == ["CONNECT 192.0.2.10:6443"]
    assert base64.b64decode(proxy.told[0].removeprefix("Basic ")) == b"alice:marked-pw"
    assert api.told == ["Bearer t"]
    assert said.startswith(f"Ports of pods can't be reached through the proxy {proxy.url} (the proxy-url of the kubeco")


def tunnel(file: Path) -> str:
    """Open a connection to a pod; return why it can't be opened."""
    with pytest.raises(EngineError) as caught:
        open_port_forward(Connection(kubeconfig=str(file)), "n", "pod", 80)
    return str(caught.value)


def test_connections_to_pods_go_the_same_way(
    tmp_path: Path, api: Api, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.refusal = "403 Forbidden"
    account = proxy.url.replace("://", "://alice:p%40ss@")
    said = tunnel(kubeconfig(tmp_path, FAR, {"token": "t"}, **{"proxy-url": account}))
    assert f"through the proxy {proxy.url} (the proxy-url of the kubeconfig)" in said
    assert [line.rpartition(" ")[0] for line in proxy.asked] == ["CONNECT 192.0.2.10:6443"]
    assert base64.b64decode(proxy.told[0].removeprefix("Basic ")) == b"alice:p@ss"

    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy.url)
    opened = open_port_forward(
        Connection(kubeconfig=str(kubeconfig(tmp_path, api.url, {"token": "t"}))), "n", "pod", 80
    )
    opened.close()
    assert len(proxy.asked) == 1
    assert api.told == ["Bearer t"]


def test_connections_to_pods_are_encrypted_through_a_proxy_too(tmp_path: Path) -> None:
    authority = base64.b64encode((CERTIFICATES / "authority.pem").read_bytes()).decode()
    cluster = {"certificate-authority-data": authority, "tls-server-name": "localhost"}
    with serving("good") as api, proxying(urlsplit(api.url).port or 0) as proxy:
        for server in (api.url, "https://192.0.2.10:6443"):
            cluster["proxy-url"] = proxy.url if "192" in server else ""
            file = kubeconfig(tmp_path, server, {"token": "t"}, **cluster)
            opened = open_port_forward(Connection(kubeconfig=str(file)), "n", "pod", 80)
            opened.send(b"block")
            assert next(opened.blocks()) == b"block"
            opened.end()
            opened.close()
        kubeconfig(tmp_path, "https://192.0.2.10:6443", {"token": "t"}, **cluster | {"tls-server-name": "another"})
        assert "'another'" in tunnel(tmp_path / "kubeconfig")
    assert [line.rpartition(" ")[0] for line in proxy.asked] == ["CONNECT 192.0.2.10:6443"] * 2
    assert api.told == ["Bearer t"] * 2


def test_connections_to_pods_follow_nobody_elsewhere(tmp_path: Path, api: Api) -> None:
    with serving() as elsewhere:
        api.status, api.headers = 302, {"Location": f"{elsewhere.url}/x"}
        assert "Redirect limit exhausted" in tunnel(kubeconfig(tmp_path, api.url, {"token": "t"}))
        assert (api.told, elsewhere.told) == (["Bearer t"], [])


def test_an_argo_server_on_this_machine_is_asked_without_a_proxy(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, NOBODY)
    assert ArgoServer(api.url, "t", fallback=str).version() == ""
    assert api.told == ["Bearer t"]
