"""S3 and MinIO, with the credentials that the cluster stores.

Source of the fields: ``S3Artifact`` and ``S3Bucket`` in
https://github.com/argoproj/argo-workflows/blob/v3.7.4/pkg/apis/workflow/v1alpha1/workflow_types.go
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import io
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.errors import ApiError, NotFoundError, PortForwardError
from kfp_jupyter.kubernetes.services import Service, forwarded, service_at
from kfp_jupyter.object_store import Account, S3Store, StoreError

SecretKey = tuple[str, str]
"""Name of a secret and of a key in it."""

_GONE = ("NoSuchKey", "NoSuchBucket", "404")
_UNKNOWN = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "NoCredentials")
_ELSEWHERE = "If this machine can reach the store by another address, set s3_endpoint=…."


class StoreUnreadableError(EngineError):
    """A store can't be read from here; elsewhere it may be."""


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
        token: Where a session's token is; None for none.
        authority: Where the certificates are that the store's is checked with; None for the usual ones.
    """

    endpoint: str
    bucket: str
    key: str
    secure: bool
    region: str
    user: SecretKey | None
    password: SecretKey | None
    token: SecretKey | None = None
    authority: SecretKey | None = None

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
            token=_secret_key(fields.get("sessionTokenSecret")),
            authority=_secret_key(fields.get("caSecret")),
        )

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What is in a place.

    Attributes:
        data: The object; of a directory a .tar.gz.
        directory: Whether it is a directory, kept as an object for each file.
    """

    data: bytes
    directory: bool = False


def read_object(objects: Objects, name: str, place: S3Place, instead: str, limit: int) -> Found:
    """Return what is in a place.

    Args:
        objects: Where the credentials are.
        name: The artifact, for messages.
        place: Where it is.
        instead: Address of the store as seen from here; empty for the same.
        limit: How many bytes it may have.

    Raises:
        EngineError: It is not there, too large, or can't be read, and why.
    """
    account = _account(objects, name, place)
    service = service_at(objects, place.endpoint) if not instead else None
    with contextlib.ExitStack() as stack:
        direct = stack.enter_context(_reached(objects, name, service)) if service else ""
        authority = stack.enter_context(_certificates(objects, name, place))
        url = _url(direct or instead or place.endpoint, secure=place.secure)
        try:
            store = S3Store(
                url,
                "Reading artifacts from S3 or MinIO",
                account=account,
                region=place.region,
                authority=authority,
                direct=bool(direct),
            )
            stack.callback(store.close)
            return _read(store, name, place, limit)
        except StoreError as error:
            raise _failed(name, place, url if instead else place.endpoint, error) from None


@contextlib.contextmanager
def _reached(objects: Objects, name: str, service: Service) -> Iterator[str]:
    """Give an address of this machine that leads to the store, which is a service of the cluster."""
    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(forwarded(objects, service))
        except (PortForwardError, ApiError) as error:
            raise StoreUnreadableError(
                f"The artifact {name!r} can't be read: its store can't be reached. {error.message}",
                remedy=error.remedy or _ELSEWHERE,
            ) from None
        yield address


def _read(store: S3Store, name: str, place: S3Place, limit: int) -> Found:
    try:
        return Found(_within(name, store.read(place.bucket, place.key, limit + 1), limit))
    except StoreError as error:
        if error.code not in _GONE:
            raise
        files = list(_keys_below(store, place))
        if not files:
            raise
    return Found(_packed(store, name, place, files, limit), directory=True)


def _keys_below(store: S3Store, place: S3Place) -> Iterator[str]:
    try:
        yield from store.keys(place.bucket, place.key.rstrip("/") + "/")
    except StoreError:
        # A user who may read one object may not be allowed to list all; then the object's own error counts.
        return


def _packed(store: S3Store, name: str, place: S3Place, keys: list[str], limit: int) -> bytes:
    """Return the files of a directory in an archive, under the names that they have in it."""
    made = io.BytesIO()
    left = limit
    root = place.key.rstrip("/") + "/"
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for key in keys:
            if key.endswith("/"):
                continue
            data = store.read(place.bucket, key, left + 1)
            left -= len(data)
            if left < 0:
                raise too_large(name, limit)
            entry = tarfile.TarInfo(key.removeprefix(root))
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return made.getvalue()


def _within(name: str, data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise too_large(name, limit)
    return data


def too_large(name: str, limit: int) -> EngineError:
    """Return the error for an artifact that has more than `limit` bytes.

    Args:
        name: Name of the artifact.
        limit: Maximum number of bytes.
    """
    return EngineError(f"The artifact {name!r} is too large to be shown here: it has more than {limit:,} bytes.")


def _failed(name: str, place: S3Place, asked: str, error: StoreError) -> EngineError:
    if error.code in _GONE:
        return EngineError(f"The artifact {name!r} is no longer in its store: there is no {place}.")
    if error.code in _UNKNOWN:
        whose = f"the secret {place.user[0]!r}" if place.user else "the settings of this machine"
        return StoreUnreadableError(
            f"The artifact {name!r} can't be read: its store at {asked} rejects the credentials ({error}).",
            remedy=f"They come from {whose}.",
        )
    if error.code:
        return StoreUnreadableError(
            f"The artifact {name!r} can't be read: its store at {asked} denies access to {place} ({error})."
        )
    return StoreUnreadableError(
        f"The artifact {name!r} can't be read: its store at {asked} doesn't answer ({error}).", remedy=_ELSEWHERE
    )


def _url(endpoint: str, *, secure: bool) -> str:
    place = endpoint.partition("#")[0].partition("?")[0]
    return place if "://" in place else f"{'https' if secure else 'http'}://{place}"


def _account(objects: Objects, name: str, place: S3Place) -> Account | None:
    if not (place.user and place.password):
        return None
    token = _secret(objects, name, place.token) if place.token else ""
    return Account(_secret(objects, name, place.user), _secret(objects, name, place.password), token)


@contextlib.contextmanager
def _certificates(objects: Objects, name: str, place: S3Place) -> Iterator[str]:
    """Give the file of the certificates to trust; empty for the usual ones."""
    if not (place.authority and place.secure):
        yield ""
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(_secret(objects, name, place.authority))
        file.flush()
        yield file.name


def _secret(objects: Objects, name: str, which: SecretKey) -> str:
    secret, key = which
    try:
        data = objects.secret(secret)
    except ApiError as error:
        why = f"the secret {secret!r} with its store's credentials"
        if isinstance(error, NotFoundError):
            said = f"The artifact {name!r} can't be read: {why} isn't in the namespace {objects.namespace!r}."
            raise StoreUnreadableError(said, remedy="Copy it there from the namespace that has it.") from None
        if error.forbidden:
            said = f"The artifact {name!r} can't be read: {why} is not accessible. {error.message}"
            raise StoreUnreadableError(said, remedy=error.remedy) from None
        raise
    if key not in data:
        raise StoreUnreadableError(
            f"The artifact {name!r} can't be read: the secret {secret!r} in the namespace {objects.namespace!r} has no "
            f"key {key!r}."
        )
    return base64.b64decode(data[key]).decode(errors="replace").strip("\n")


def _secret_key(selector: Mapping[str, Any] | None) -> SecretKey | None:
    return (str(selector["name"]), str(selector["key"])) if selector else None
