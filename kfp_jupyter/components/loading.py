"""component.yaml from a file, an address or text → component."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from kfp_jupyter.components.component import Component
from kfp_jupyter.components.component_yaml import read_component
from kfp_jupyter.components.structures import ComponentReference
from kfp_jupyter.errors import ComponentError

if TYPE_CHECKING:
    from requests.auth import AuthBase

IN_ARCHIVE = "component.yaml"
"""Name of the component inside a zip."""

MAX_BYTES = 16 * 1024 * 1024
"""How large a component may be; a zip that holds more is no component."""

TIMEOUT_SECONDS = 60


def load_component(
    filename: str | os.PathLike[str] | None = None, url: str | None = None, text: str | None = None
) -> Component:
    """Load a component from whichever of the three is given; see `load_component_from_file` and its kin.

    Raises:
        ComponentError: Not exactly one is given, or it can't be loaded.
    """
    if [filename, url, text].count(None) != 2:
        raise ComponentError("A component is loaded from one place.", remedy="Give one of filename, url and text.")
    if filename is not None:
        return load_component_from_file(filename)
    return load_component_from_url(url) if url is not None else load_component_from_text(text or "")


def load_component_from_file(filename: str | os.PathLike[str]) -> Component:
    """Load a component from a component.yaml, or a zip that holds one.

    Args:
        filename: The file.

    Raises:
        ComponentError: It can't be read, or is no component.
    """
    try:
        data = Path(filename).read_bytes()
    except OSError as error:
        raise ComponentError(f"The component {str(filename)!r} can't be read: {error.strerror}.") from None
    return _component(data, str(filename), str(filename))


def load_component_from_url(url: str, auth: AuthBase | tuple[str, str] | None = None) -> Component:
    """Load a component from an address (``https:``, ``http:``, or ``gs:`` for public objects).

    Args:
        url: The address of a component.yaml, or of a zip that holds one.
        auth: Credentials, as the requests library takes them.

    Raises:
        ComponentError: The address doesn't answer with a component; the status is named.
    """
    # requests costs 0.1 s at import, and few components come from an address.
    import requests  # noqa: PLC0415  (lazy, see above)

    if url.startswith("gs://"):
        url = "https://storage.googleapis.com/" + url.removeprefix("gs://")
    try:
        answer = requests.get(url, auth=auth, timeout=TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise ComponentError(f"The component {url} can't be fetched: {error}.") from None
    if not answer.ok:
        raise ComponentError(
            f"The component {url} can't be fetched: {answer.status_code} {answer.reason}.",
            remedy="Open the address in a browser, and take the address of the raw file.",
        )
    return _component(answer.content, url, url)


def load_component_from_text(text: str) -> Component:
    """Load a component from the text of a component.yaml.

    Args:
        text: The YAML.

    Raises:
        ComponentError: It is no component.
    """
    return _component(text.encode(), "the component's text", None)


def _component(data: bytes, label: str, url: str | None) -> Component:
    data = _unzipped(data, label)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise ComponentError(f"{label} is no UTF-8 text, so it is no component.yaml.") from None
    digest = hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()
    return Component(read_component(text, label), reference=ComponentReference(url, digest))


def _unzipped(data: bytes, label: str) -> bytes:
    stream = io.BytesIO(data)
    if not zipfile.is_zipfile(stream):
        return data
    try:
        with zipfile.ZipFile(stream) as archive:
            if archive.getinfo(IN_ARCHIVE).file_size > MAX_BYTES:
                raise ComponentError(f"The {IN_ARCHIVE} in {label} is larger than {MAX_BYTES:,} bytes.")
            return archive.read(IN_ARCHIVE)
    except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise ComponentError(f"No {IN_ARCHIVE} can be read from the zip {label}: {error}.") from None
