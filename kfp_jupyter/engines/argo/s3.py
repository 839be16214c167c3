"""S3 and MinIO, with the credentials that the cluster keeps."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import importlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from kfp_jupyter.engines.argo.forwarding import forwarded, service_of
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.errors import EngineError

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0

SecretKey = tuple[str, str]
"""Name of a secret and of a key in it."""


@dataclasses.dataclass(frozen=True, slots=True)
class S3Place:
    """An object in an S3 store, as Argo describes it.

    Attributes:
        endpoint: Host and port.
        bucket: The bucket.
        key: The object.
        secure: Whether by https.
        region: The store's region; empty for its first.
        user: Where the user is.
        password: Where the password is; both None where the machine's own account is to be used.
    """

    endpoint: str
    bucket: str
    key: str
    secure: bool
    region: str
    user: SecretKey | None
    password: SecretKey | None

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> S3Place:
        """Return the place that the fields of Argo's ``s3`` describe."""
        return cls(
            endpoint=str(fields["endpoint"]),
            bucket=str(fields["bucket"]),
            key=str(fields["key"]),
            secure=not fields.get("insecure"),
            region=str(fields.get("region") or ""),
            user=_secret_key(fields.get("accessKeySecret")),
            password=_secret_key(fields.get("secretKeySecret")),
        )


def read_object(objects: Objects, name: str, place: S3Place, instead: str, limit: int) -> bytes:
    """Return what is in a place.

    Args:
        objects: Where the credentials are.
        name: The artifact, for messages.
        place: Where it is.
        instead: Address of the store as seen from here; empty for the same.
        limit: How many bytes are read at most.
    """
    minio = _minio()
    urllib3 = importlib.import_module("urllib3")
    at = urlsplit(instead if "://" in instead else f"//{instead}" if instead else f"//{place.endpoint}")
    secure = at.scheme == "https" if at.scheme else place.secure
    with _pool(objects, urllib3, "" if instead else place.endpoint) as http:
        client = minio.Minio(
            at.netloc,
            credentials=_credentials(objects, place),
            secure=secure,
            region=place.region or "us-east-1",
            http_client=http,
        )
        response = None
        try:
            response = client.get_object(place.bucket, place.key)
            size = int(response.headers.get("Content-Length") or 0)
            if size > limit:
                raise EngineError(f"The artifact {name!r} has {size:,} bytes; {limit:,} are read at most.")
            data: bytes = response.read()
        except minio.error.S3Error as error:
            raise _refused(name, place, error) from None
        except (minio.error.MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise EngineError(
                f"The artifact {name!r} can't be read: its store at {at.netloc} doesn't answer ({_short(error)}).",
                remedy="Where the store is reached by another address from here, give it with s3_endpoint=….",
            ) from None
        else:
            return data
        finally:
            if response is not None:
                response.close()


def _refused(name: str, place: S3Place, error: Any) -> EngineError:
    where = f"s3://{place.bucket}/{place.key}"
    if error.code in ("NoSuchKey", "NoSuchBucket"):
        return EngineError(f"The artifact {name!r} is no longer in its store: there is no {where}.")
    return EngineError(f"The store at {place.endpoint} doesn't give {where}: {error.message or error.code}.")


def _short(error: Exception) -> str:
    seen: Any = error
    while isinstance(getattr(seen, "reason", None), Exception):
        seen = seen.reason
    return str(seen).rpartition(">: ")[2].rstrip(".") or type(seen).__name__


@contextlib.contextmanager
def _pool(objects: Objects, urllib3: Any, endpoint: str) -> Iterator[Any]:
    """Give the connections to a store: through the Kubernetes API, where only the cluster knows its name."""
    options = {
        "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        "retries": urllib3.Retry(total=1, backoff_factor=0.2),
    }
    service = service_of(objects, endpoint) if endpoint else None
    with contextlib.ExitStack() as stack:
        made = stack.enter_context(forwarded(objects, service, options)) if service else urllib3.PoolManager(**options)
        stack.callback(made.clear)
        yield made


def _credentials(objects: Objects, place: S3Place) -> Any:
    providers = importlib.import_module("minio.credentials")
    if not (place.user and place.password):
        own = (providers.EnvAWSProvider(), providers.AWSConfigProvider(), providers.IamAwsProvider())
        return providers.ChainedProvider(list(own))
    return providers.StaticProvider(_secret(objects, *place.user), _secret(objects, *place.password))


def _secret(objects: Objects, name: str, key: str) -> str:
    data = objects.secret(name)
    if key not in data:
        raise EngineError(f"The secret {name!r} in the namespace {objects.namespace!r} has no key {key!r}.")
    return base64.b64decode(data[key]).decode()


def _secret_key(selector: Mapping[str, Any] | None) -> SecretKey | None:
    return (str(selector["name"]), str(selector["key"])) if selector else None


def _minio() -> Any:
    try:
        return importlib.import_module("minio")
    except ImportError:
        raise EngineError(
            "Reading artifacts from S3 or MinIO needs the package minio, which isn't installed.",
            remedy="Run: pip install minio",
        ) from None
