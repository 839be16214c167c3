"""component.yaml from a file, an address or text → component."""

from __future__ import annotations

import dataclasses
import io
import os
import zipfile
import zlib
from typing import TYPE_CHECKING

from kfp_jupyter.components.component import Component
from kfp_jupyter.components.graph_component import component_of_spec
from kfp_jupyter.components.structures import ComponentReference, ComponentSpec
from kfp_jupyter.errors import ComponentError
from kfp_jupyter.parsing import COMPONENT
from kfp_jupyter.parsing.files import read_file
from kfp_jupyter.redaction import without_credentials

if TYPE_CHECKING:
    from kfp_jupyter.components.fetching import Auth

IN_ARCHIVE = "component.yaml"
"""Name of the component inside a zip."""


def load_component(
    filename: str | os.PathLike[str] | None = None,
    url: str | None = None,
    text: str | None = None,
    component_spec: ComponentSpec | None = None,
) -> Component:
    """Load a component from exactly one of the four sources.

    Args:
        filename: Path of a component.yaml, or of a zip that contains one.
        url: Address of such a file: http, https or gs.
        text: The text of a component.yaml.
        component_spec: A component's spec.

    Raises:
        ComponentError: Not exactly one is given, or it can't be loaded.
    """
    if sum(given is not None for given in (filename, url, text, component_spec)) != 1:
        raise ComponentError(
            "A component must be loaded from exactly one source.",
            remedy="Pass one of filename, url, text and component_spec.",
        )
    if filename is not None:
        return load_component_from_file(filename)
    if url is not None:
        return load_component_from_url(url)
    if text is not None:
        return load_component_from_text(text)
    return load_component_from_spec(component_spec)


def load_component_from_file(filename: str | os.PathLike[str]) -> Component:
    """Load a component from a component.yaml, or a zip that holds one.

    Args:
        filename: The file.

    Raises:
        ComponentError: It can't be read, or is not a component.
    """
    try:
        data = component_file(filename)
    except OSError as error:
        raise ComponentError(f"The component {str(filename)!r} can't be read: {error.strerror}.") from None
    return component_of_data(data, str(filename), ComponentReference(url=str(filename)))


def component_file(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a file that may hold a component.

    Args:
        path: The file.

    Raises:
        ComponentError: It is too large, or not a regular file.
        OSError: It can't be read.
    """
    try:
        return read_file(path, COMPONENT)
    except ValueError as error:
        raise ComponentError(f"The component {str(path)!r} can't be read: {error}.") from None


def load_component_from_url(url: str, auth: Auth = None) -> Component:
    """Load a component from an address (``https:``, ``http:``, or ``gs:`` for public objects).

    Args:
        url: The address of a component.yaml, or of a zip that holds one.
        auth: Credentials, as the requests library takes them.

    Raises:
        ComponentError: The address doesn't respond with a component; the message has the status.
    """
    # requests costs 0.1 s at import, and few components come from an address.
    from kfp_jupyter.components.fetching import fetch, web_address  # noqa: PLC0415  (lazy, see above)

    url = web_address(url)
    shown = without_credentials(url)
    return component_of_data(fetch(url, auth), shown, ComponentReference(url=shown))


def load_component_from_text(text: str | bytes) -> Component:
    """Load a component from the text of a component.yaml.

    Args:
        text: The YAML.

    Raises:
        ComponentError: It is not a component.
    """
    if not isinstance(text, (str, bytes)):
        raise ComponentError(f"A component can't be loaded from {text!r:.80}.", remedy="Pass the text of its YAML.")
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return component_of_data(data, "the component's text", ComponentReference())


def load_component_from_spec(component_spec: ComponentSpec | None) -> Component:
    """Return the component that a spec describes.

    Args:
        component_spec: The spec.

    Raises:
        ComponentError: It has no implementation.
    """
    if component_spec is None or component_spec.implementation is None:
        raise ComponentError("The component has no implementation.", remedy="Add one to its spec.")
    return component_of_spec(component_spec)


def component_of_data(data: bytes, label: str, reference: ComponentReference) -> Component:
    """Return the component that a component.yaml, or a zip with one, describes.

    Args:
        data: The file.
        label: Its name, for messages.
        reference: Where it came from; the digest is added.

    Raises:
        ComponentError: It is not a component.
    """
    data = _unzipped(data, label)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ComponentError(f"{label} is not UTF-8 text, so it is not a component.yaml.") from None
    from kfp_jupyter.components.component_yaml import digest_of, read_component  # noqa: PLC0415  (PyYAML costs 10 ms)

    spec = read_component(text, label)
    return component_of_spec(spec, reference=dataclasses.replace(reference, digest=digest_of(data)))


def _unzipped(data: bytes, label: str) -> bytes:
    stream = io.BytesIO(data)
    if not zipfile.is_zipfile(stream):
        return data
    try:
        with zipfile.ZipFile(stream) as archive:
            # What a header says of its size is only what it says: no more is read than may be there.
            with archive.open(IN_ARCHIVE) as member:
                unpacked = member.read(COMPONENT.size + 1)
            if len(unpacked) > COMPONENT.size:
                raise ComponentError(f"The {IN_ARCHIVE} in {label} is larger than {COMPONENT.size:,} bytes.")
            return unpacked
    except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error) as error:
        raise ComponentError(f"No {IN_ARCHIVE} can be read from the zip {label}: {error}.") from None
