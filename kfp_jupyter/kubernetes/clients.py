"""The Kubernetes client, with the credentials and the way that a source names."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from kfp_jupyter.kubernetes.credentials import Fixed, Login, PluginLogin, TokenFile, basic, login_of
from kfp_jupyter.kubernetes.errors import ClusterConfigError
from kfp_jupyter.kubernetes.plugins import Credential, Plugin
from kfp_jupyter.kubernetes.quiet_pools import quieten
from kfp_jupyter.kubernetes.sources import ACCOUNT, Context, Source, read_context, reading
from kfp_jupyter.parsing import MANIFEST
from kfp_jupyter.parsing.files import read_file
from kfp_jupyter.printable import tidy
from kfp_jupyter.proxies import BadProxyError, Proxy, environment_proxy
from kfp_jupyter.redaction import remember_address, remember_secret, without_credentials
from kfp_jupyter.socks import check_socks, through_socks

_AT_ONCE = 64
"""Connections that are kept for the next question: as many as runs may be watched at once."""

_CERTIFICATES = ("client-certificate", "client-certificate-data", "client-key", "client-key-data")
_SECRETS = ("token", "password", "client-key-data", "id-token", "refresh-token", "access-token", "client-secret")


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """A client of an API.

    Attributes:
        client: The Kubernetes client's ``ApiClient``.
        proxy: The proxy it goes through; None for none.
        checked: Whether the API's certificate is checked.
    """

    # Any: the client comes without types.
    client: Any = dataclasses.field(repr=False)
    proxy: Proxy | None
    checked: bool

    @property
    def host(self) -> str:
        """The API's address."""
        return str(self.client.configuration.host)

    def dial(self, seconds: float) -> Any:
        """Return a new socket that leads to the API as its requests do: encrypted, and through the same proxy.

        Not through a proxy of https: its urllib3 socket is for one thread alone.

        Args:
            seconds: How long to wait for an answer; it stays the socket's time-out.
        """
        # Of the pool's own making, but none of its: it would take it for one that can have requests.
        wire = self.client.rest_client.pool_manager.connection_from_url(self.host)._new_conn()
        wire.timeout = seconds
        if self.proxy is not None and not self.proxy.is_socks:
            wire.set_tunnel(urlsplit(self.host).netloc, headers=self.proxy.headers)
        try:
            wire.connect()
        except BaseException:
            wire.close()
            raise
        return wire.sock


def open_client(source: Source) -> Opened:
    """Return a new client of the API, with the credentials that are there now.

    Raises:
        ClusterConfigError: There are none, or the program that makes them fails.
    """
    # Weighs half a second and 35 MiB; who runs locally does without.
    from kubernetes import client  # noqa: PLC0415  (lazy, see above)

    configuration = client.Configuration()
    # Requests are asked again by those who know whether that is safe.
    configuration.retries = False
    configuration.connection_pool_maxsize = _AT_ONCE
    # What the client itself makes of the environment isn't what kubectl does.
    configuration.proxy, configuration.no_proxy = None, None
    with reading(source):
        named = _from_files(source, configuration) if source.files else _from_pod(source, configuration)
        proxy = proxy_to(configuration.host, named)
        if proxy is not None and not proxy.is_socks:
            configuration.proxy, configuration.proxy_headers = proxy.address, proxy.headers or None
        made = client.ApiClient(configuration)
    if proxy is not None and proxy.is_socks:
        made.rest_client.pool_manager = through_socks(made.rest_client.pool_manager, proxy)
    if not configuration.verify_ssl:
        quieten(made.rest_client.pool_manager)
    return Opened(made, proxy, bool(configuration.verify_ssl))


def opened_by(configuration: Any) -> Opened:
    """Return a new client of the API with settings of the Kubernetes client's own kind.

    Args:
        configuration: A ``kubernetes.client.Configuration``.
    """
    from kubernetes import client  # noqa: PLC0415  (lazy, see open_client)

    return Opened(client.ApiClient(configuration), None, bool(configuration.verify_ssl))


def _from_pod(source: Source, configuration: Any) -> str:
    """Take the credentials of this pod into the client's settings; it names no proxy."""
    from kubernetes import config  # noqa: PLC0415  (lazy, see open_client)

    try:
        config.load_incluster_config(client_configuration=configuration)
    except (config.ConfigException, OSError) as error:
        raise ClusterConfigError(f"The account of this pod can't be used: {tidy(error)}.") from None
    _log_in(configuration, TokenFile(ACCOUNT / "token", source))
    return ""


def proxy_to(url: str, named: str = "") -> Proxy | None:
    """Return the proxy that leads to an address, as Go's programs take it; None for none.

    Args:
        url: The address.
        named: The proxy that a kubeconfig names, which takes precedence over the environment's; empty for none.

    Raises:
        ClusterConfigError: What names one doesn't name one that can be used.
    """
    try:
        proxy = Proxy.of(named, "the proxy-url of the kubeconfig") if named else environment_proxy(url)
        if proxy is not None and proxy.is_socks:
            check_socks(proxy)
    except BadProxyError as error:
        raise ClusterConfigError(f"{error}.", remedy=error.remedy) from None
    return proxy


def _from_files(source: Source, configuration: Any) -> str:
    """Take credentials and cluster of a context into the client's settings; return the proxy that it names."""
    context = read_context(source)
    with reading(source):
        _remember(context.user)
        if (context.user.get("auth-provider") or {}).get("name"):
            # Of old kubeconfigs: kubectl no longer knows them, the client does.
            _load(context.merged.config, context.name, configuration, context.merged.save_changes)
            _renew_quietly(configuration)
        else:
            login, certificates = _login(context, source)
            _load(_only(context.cluster, certificates), "c", configuration)
            _log_in(configuration, login)
        return str(context.cluster.get("proxy-url") or "")


def _login(context: Context, source: Source) -> tuple[Login, dict[str, Any]]:
    """Return the login, and the fields of a kubeconfig for a client certificate."""
    user = context.user
    certificates = {key: user[key] for key in _CERTIFICATES if user.get(key)}
    login = login_of(user, source)
    if login is not None:
        return login, certificates
    plugin = Plugin(user["exec"], context.cluster, source)
    given = plugin.run()
    if given.certificate:
        certificates = {f"client-{kind}-data": _base64(text) for kind, text in _pems(given)}
    return (PluginLogin(plugin, given, source) if given.token else Fixed()), certificates


def _pems(given: Credential) -> tuple[tuple[str, str], ...]:
    return ("certificate", given.certificate), ("key", given.key)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _only(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kubeconfig of one context, which is called ``c``."""
    context = {"cluster": "c", "user": "c"}
    return {
        "contexts": [{"name": "c", "context": context}],
        "clusters": [{"name": "c", "cluster": {**cluster, "server": _with_scheme(cluster, user)}}],
        "users": [{"name": "c", "user": dict(user)}],
    }


def _with_scheme(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> str:
    """Return a cluster's address; one without a scheme is of https where there is something to check, as for Go."""
    address = str(cluster["server"])
    if "://" in address:
        return address
    safe = any(key.startswith(("certificate-authority", "insecure-")) and cluster[key] for key in cluster)
    return f"{'https' if safe or user else 'http'}://{address}"


def _load(content: Any, context: Any, configuration: Any, save: Callable[[], None] | None = None) -> None:
    from kubernetes import config  # noqa: PLC0415  (lazy, see open_client)

    with overheard():
        loader = config.kube_config.KubeConfigLoader(
            content, active_context=context, config_base_path=None, config_persister=save
        )
        loader.load_and_set(configuration)


def _log_in(configuration: Any, login: Login) -> None:
    """Have the client send the login with each request."""
    host = configuration.host
    remember_address(host)
    at = urlsplit(host)
    configuration.host = without_credentials(host)
    if at.username and not login.header():
        # As Go's programs do.
        login = Fixed(basic(unquote(at.username), unquote(at.password or "")))

    def renew(settings: Any) -> None:
        # The first is its name before version 36.
        settings.api_key = dict.fromkeys(("authorization", "BearerToken"), login.header())

    configuration.refresh_api_key_hook = None
    configuration.api_key = {}
    if login.header():
        renew(configuration)
        configuration.refresh_api_key_hook = renew


def _remember(user: Mapping[str, Any]) -> None:
    """Find what is secret of a user in all texts from now on."""
    provider = (user.get("auth-provider") or {}).get("config") or {}
    for key in _SECRETS:
        for secret in filter(None, (user.get(key), provider.get(key))):
            remember_secret(str(secret))
    if user.get("client-key-data"):
        with contextlib.suppress(ValueError):
            remember_secret(base64.b64decode(user["client-key-data"]).decode(errors="replace"))
    elif user.get("client-key"):
        with contextlib.suppress(OSError, ValueError):
            # What uses the file reports that it can't be read.
            remember_secret(read_file(user["client-key"], MANIFEST).decode())


def _renew_quietly(configuration: Any) -> None:
    """Renew credentials in one thread at a time, without the client's warnings: the API says whether they are good."""
    renew = configuration.refresh_api_key_hook
    if renew is None:
        return
    lock = threading.Lock()

    def renewed(changed: Any) -> None:
        with lock, overheard():
            renew(changed)
            # The client puts its own back.
            changed.refresh_api_key_hook = renewed

    configuration.refresh_api_key_hook = renewed


@contextlib.contextmanager
def overheard() -> Iterator[None]:
    """Drop what the client logs inside: it logs what ought to be an exception, and notebooks show that."""
    mine = threading.get_ident()

    def keep(record: logging.LogRecord) -> bool:
        return record.module != "kube_config" or record.thread != mine

    root = logging.getLogger()
    root.addFilter(keep)
    try:
        yield
    finally:
        root.removeFilter(keep)
