"""Fetches the file at an address: a component.yaml, or a zip with one."""

from __future__ import annotations

import requests
from requests.auth import AuthBase

from kfp_jupyter.errors import ComponentError
from kfp_jupyter.network_errors import innermost, request_errors
from kfp_jupyter.parsing import COMPONENT
from kfp_jupyter.proxies import BadProxyError, requests_proxies
from kfp_jupyter.redaction import remember_address, remember_secret, without_credentials
from kfp_jupyter.socks import with_socks

Auth = AuthBase | tuple[str, str] | None
"""Credentials, as the requests library takes them."""

TIMEOUT_SECONDS = 60


def web_address(url: str) -> str:
    """Return the http address of an address; objects of ``gs:`` have one."""
    return f"https://storage.googleapis.com/{url.removeprefix('gs://')}" if url.startswith("gs://") else url


def fetch(url: str, auth: Auth = None) -> bytes:
    """Return the response of an address.

    Args:
        url: The address.
        auth: Credentials, as the requests library takes them.

    Raises:
        FetchError: It doesn't respond with data.
    """
    remember_address(url)
    remember_secret(str(auth[1] if isinstance(auth, tuple) else getattr(auth, "password", None) or ""))
    shown = without_credentials(url)
    data = bytearray()
    proxies = requests_proxies(url)
    try:
        with (
            with_socks(requests.Session()) as session,
            session.get(url, auth=auth, timeout=TIMEOUT_SECONDS, stream=True, proxies=proxies) as answer,
        ):
            if not answer.ok:
                raise FetchError(
                    f"The component {shown} can't be fetched: {answer.status_code} {answer.reason}.",
                    remedy="Open the address in a browser, and take the address of the raw file.",
                )
            for part in answer.iter_content(64 * 1024):
                data += part
                if len(data) > COMPONENT.size:
                    raise FetchError(f"The component {shown} is larger than {COMPONENT.size:,} bytes.")
    except BadProxyError as error:
        raise FetchError(f"{error}.", remedy=error.remedy) from None
    except request_errors() as error:
        raise FetchError(f"The component {shown} can't be fetched: {innermost(error)}.") from None
    return bytes(data)


class FetchError(ComponentError):
    """An address doesn't respond with a component."""
