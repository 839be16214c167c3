"""S3 and compatible stores such as MinIO, through boto3, which is optional."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kfp_jupyter.errors import EngineError
from kfp_jupyter.network_errors import innermost
from kfp_jupyter.proxies import BadProxyError, Proxy, environment_proxy, is_local
from kfp_jupyter.redaction import remember_secret
from kfp_jupyter.socks import check_socks, through_socks

T = TypeVar("T")

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
DEFAULT_REGION = "us-east-1"

LONG_NAME = 12
"""The shortest length of access keys that are generated rather than chosen."""

_TRIES = 2
_BLOCK = 1 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """Credentials of a store.

    Attributes:
        user: The access key.
        password: The secret key.
        token: The session token; empty for none.
    """

    user: str
    password: str = dataclasses.field(repr=False)
    token: str = dataclasses.field(default="", repr=False)

    def __post_init__(self) -> None:
        """Redact the secrets in all texts from now on; a user name that is an ordinary word is not a secret."""
        for secret in (self.password, self.token, self.user if len(self.user) >= LONG_NAME else ""):
            remember_secret(secret)


class MissingPackageError(EngineError):
    """An optional package isn't installed."""


class StoreError(Exception):
    """A store refused a request, or didn't respond.

    Args:
        words: What is wrong.
        code: The store's own word for it, such as ``NoSuchKey``; empty if it didn't respond.
    """

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(words)
        self.code = code


class S3Store:
    """An open connection to a store.

    Args:
        url: Its address, such as ``http://localhost:9000``.
        purpose: What it is needed for, for the message that boto3 isn't there: ``Reading artifacts from S3``.
        account: Who asks; None for whom boto3 finds: variables, files, the machine's own role.
        region: Its region.
        authority: File of the certificates to trust; empty for the usual ones.
        direct: Whether to ask it without the proxy that the environment names.

    Raises:
        MissingPackageError: boto3 isn't installed, or what the proxy to the store needs.
        StoreError: The address is none, or that of the proxy.
    """

    def __init__(
        self,
        url: str,
        purpose: str,
        *,
        account: Account | None = None,
        region: str = "",
        authority: str = "",
        direct: bool = False,
    ) -> None:
        boto3 = _boto3(purpose)
        self._errors = importlib.import_module("botocore.exceptions")
        direct = direct or self._asked(lambda: is_local(urlsplit(url).hostname or ""))
        socks = None if direct else self._asked(lambda: _socks_proxy(url))
        config = importlib.import_module("botocore.config").Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": _TRIES, "mode": "standard"},
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Stores other than Amazon's don't know of the checksums that boto3 adds otherwise.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            proxies={} if direct or socks else None,
        )
        self._client = self._asked(
            lambda: boto3.session.Session().client(
                "s3",
                endpoint_url=url,
                config=config,
                region_name=region or DEFAULT_REGION,
                verify=authority or None,
                **_keys(account),
            )
        )
        if socks is not None:
            # boto3 knows of proxies of HTTP alone.
            session = self._client._endpoint.http_session
            session._manager = through_socks(session._manager, socks)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def read(self, bucket: str, key: str, limit: int) -> bytes:
        """Return an object's content, or its first `limit` bytes.

        Args:
            bucket: The bucket.
            key: The object's key.
            limit: The most bytes to read; the size that the store reports isn't relied on.

        Raises:
            StoreError: It can't be read.
        """

        def work() -> bytes:
            body = self._client.get_object(Bucket=bucket, Key=key)["Body"]
            pieces: list[bytes] = []
            left = limit
            try:
                while left > 0 and (piece := body.read(min(left, _BLOCK))):
                    pieces.append(piece)
                    left -= len(piece)
            finally:
                body.close()
            return b"".join(pieces)

        return self._asked(work)

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """Yield the keys of the objects with a prefix.

        Args:
            bucket: The bucket.
            prefix: What the keys begin with.

        Raises:
            StoreError: They can't be listed.
        """
        pages = iter(self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix))
        while (page := self._asked(lambda: next(pages, None))) is not None:
            yield from (str(found["Key"]) for found in page.get("Contents") or ())

    def upload(self, file: Path, bucket: str, key: str) -> None:
        """Store a file as an object.

        Args:
            file: The file to read.
            bucket: The bucket.
            key: The object's key.

        Raises:
            StoreError: It can't be read or stored.
        """

        def work() -> None:
            with file.open("rb") as content:
                self._client.put_object(Bucket=bucket, Key=key, Body=content)

        self._asked(work)

    def remove(self, bucket: str, key: str) -> None:
        """Remove an object.

        Args:
            bucket: The bucket.
            key: The object's key.

        Raises:
            StoreError: It can't be removed.
        """
        self._asked(lambda: self._client.delete_object(Bucket=bucket, Key=key))

    def _asked(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except self._errors.ClientError as error:
            said = error.response.get("Error") or {}
            code = str(said.get("Code") or "")
            raise StoreError(str(said.get("Message") or code).rstrip("."), code) from None
        except (self._errors.NoCredentialsError, self._errors.PartialCredentialsError):
            raise StoreError("this machine has no credentials for it", "NoCredentials") from None
        except (self._errors.BotoCoreError, self._errors.HTTPClientError, OSError, ValueError) as error:
            raise StoreError(innermost(error)) from None


def _socks_proxy(url: str) -> Proxy | None:
    """Return the proxy that the environment names for an address, if it speaks SOCKS5: boto3 itself takes others."""
    proxy = environment_proxy(url)
    if proxy is None or not proxy.is_socks:
        return None
    try:
        check_socks(proxy)
    except BadProxyError as error:
        raise MissingPackageError(f"{error}.", remedy=error.remedy) from None
    return proxy


def _keys(account: Account | None) -> dict[str, str]:
    if account is None:
        return {}
    keys = {"aws_access_key_id": account.user, "aws_secret_access_key": account.password}
    return keys | ({"aws_session_token": account.token} if account.token else {})


def _boto3(purpose: str) -> Any:
    try:
        return importlib.import_module("boto3")
    except ImportError:
        raise MissingPackageError(
            f"{purpose} needs the package boto3, which isn't installed.", remedy="Run: pip install boto3"
        ) from None
