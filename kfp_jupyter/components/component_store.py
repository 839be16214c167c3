"""Components found by name, in folders and at addresses.

Source: ``kfp/components/_component_store.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import re
import urllib.parse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import platformdirs

from kfp_jupyter.atomic_files import replacing
from kfp_jupyter.components.component import Component
from kfp_jupyter.components.fetching import Auth, FetchError, fetch
from kfp_jupyter.components.loading import (
    IN_ARCHIVE,
    component_file,
    component_of_data,
    load_component_from_file,
    load_component_from_url,
)
from kfp_jupyter.components.structures import ComponentReference
from kfp_jupyter.errors import ComponentError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.redaction import without_credentials

GITHUB = "https://github.com/"
RAW_GITHUB = "https://raw.githubusercontent.com/"
GITHUB_SEARCH = "https://api.github.com/search/code"


class ComponentStore:
    """A place where components are found by name.

    A component ``name`` is ``<folder>/<name>/component.yaml``; with a digest or a tag,
    ``<folder>/<name>/versions/sha256/<digest>`` or ``…/versions/tags/<tag>``. The same holds behind addresses.

    Args:
        local_search_paths: Folders; by default the one that the process is in.
        url_search_prefixes: Beginnings of addresses.
        auth: Credentials, as the requests library takes them.
        uri_search_template: An address with ``{name}``, ``{digest}`` and ``{tag}``, asked before the prefixes.

    Example:
        store = components.ComponentStore(local_search_paths=["components"])
        train = store.load_component("team/train")
    """

    default_store: ClassVar[ComponentStore]

    def __init__(
        self,
        local_search_paths: Sequence[str | os.PathLike[str]] | None = None,
        url_search_prefixes: Sequence[str] | None = None,
        auth: Auth = None,
        uri_search_template: str | None = None,
    ) -> None:
        self.local_search_paths = local_search_paths or ["."]
        self.url_search_prefixes = url_search_prefixes or []
        self.uri_search_template = uri_search_template
        self._auth = auth

    def load_component_from_url(self, url: str) -> Component:
        """Load a component from an address, with the store's credentials."""
        return load_component_from_url(url, self._auth)

    def load_component_from_file(self, path: str | os.PathLike[str]) -> Component:
        """Load a component from a file."""
        return load_component_from_file(path)

    def load_component(self, name: str, digest: str | None = None, tag: str | None = None) -> Component:
        """Load the first component that is found under a name.

        Args:
            name: The name, such as ``group/component``.
            digest: SHA-256 of the file that is meant.
            tag: Name of the version that is meant.

        Raises:
            ComponentError: There is none, or what is there is no component.
        """
        return self.find(ComponentReference(name=name, digest=digest, tag=tag))

    def find(self, reference: ComponentReference) -> Component:
        """Load the component that a reference means.

        Args:
            reference: An address, or a name.

        Raises:
            ComponentError: There is none, or what is there is no component.
        """
        if reference.url:
            path = Path(reference.url)
            is_file = "://" not in reference.url and path.is_file()
            return load_component_from_file(path) if is_file else self.load_component_from_url(reference.url)
        if not reference.name or reference.name.strip("/") != reference.name:
            raise ComponentError(
                f"{reference.name or ''!r} is not a valid name of a component.",
                remedy="Use a name that doesn't begin or end with a slash, such as group/component.",
            )
        if reference.digest and reference.tag:
            raise ComponentError(
                f"The component {reference.name!r} was requested by both digest and tag.", remedy="Pass one of them."
            )
        tried = []
        for path in self._files(reference):
            tried.append(str(path))
            if path.is_file():
                return _loaded(component_file(path), str(path), reference)
        for url in self._addresses(reference):
            found = self._fetched(url, reference)
            if isinstance(found, Component):
                return found
            tried.append(found)
        raise ComponentError(f"The component {reference.name!r} was not found. Tried: {', '.join(tried)}.")

    def _fetched(self, url: str, reference: ComponentReference) -> Component | str:
        """Return the component at an address, or why it can't be fetched."""
        try:
            data = fetch(url, self._auth)
        except FetchError as error:
            return error.message.removeprefix("The component ").rstrip(".")
        shown = without_credentials(url)
        return _loaded(data, shown, dataclasses.replace(reference, url=shown))

    def _files(self, reference: ComponentReference) -> Iterator[Path]:
        return (Path(folder, _suffix(reference)) for folder in self.local_search_paths)

    def _addresses(self, reference: ComponentReference) -> Iterator[str]:
        url = _filled(self.uri_search_template, reference) if self.uri_search_template else ""
        if url:
            yield url
        for prefix in self.url_search_prefixes:
            yield prefix + _suffix(reference)

    def search(self, name: str) -> None:
        """Print name and address of each component at the store's GitHub addresses whose name holds a text.

        Args:
            name: The text; capitals don't matter.

        Raises:
            ComponentError: GitHub says no.
        """
        for prefix in self.url_search_prefixes:
            if prefix.startswith(RAW_GITHUB):
                for url, found in self._on_github(prefix):
                    if name.casefold() in found.casefold():
                        print(found, without_credentials(url), sep="\t")  # noqa: T201  (KFP v1's answer to a question at a prompt)

    def list(self) -> None:
        """Print name and address of each component at the store's GitHub addresses."""
        self.search("")

    def _on_github(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield address and name of the components of a repository; what was read once is read from the cache."""
        owner, _, rest = prefix.removeprefix(RAW_GITHUB).partition("/")
        repository = rest.partition("/")[0]
        for page in range(1, 11):
            query = urllib.parse.urlencode(
                {"q": f"filename:{IN_ARCHIVE} repo:{owner}/{repository}", "per_page": 100, "page": page}
            )
            items = read_json(fetch(f"{GITHUB_SEARCH}?{query}", self._auth)).get("items", [])
            if not items:
                return
            for item in items:
                url = item["html_url"].replace(GITHUB, RAW_GITHUB).replace("/blob/", "/", 1)
                if url.endswith(f"/{IN_ARCHIVE}") and re.fullmatch("[0-9a-f]{40}", item["sha"]):
                    name = self._name_of(url, item["sha"])
                    if name:
                        yield url, name

    def _name_of(self, url: str, blob: str) -> str:
        """Return the name of the component that a Git blob is; empty where it is none."""
        cached = _cache_folder() / blob
        try:
            data = cached.read_bytes()
        except OSError:
            data = fetch(url, self._auth)
            received = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324  (Git's name for it)
            if received != blob:
                raise ComponentError(f"{url} isn't the file that GitHub lists: its hash is {received}.") from None
            _keep(cached, data)
        try:
            return component_of_data(data, url, ComponentReference(url=url)).name
        except ComponentError:
            return ""


def _suffix(reference: ComponentReference) -> str:
    if reference.digest:
        return f"{reference.name}/versions/sha256/{reference.digest}"
    return f"{reference.name}/versions/tags/{reference.tag}" if reference.tag else f"{reference.name}/{IN_ARCHIVE}"


def _filled(template: str, reference: ComponentReference) -> str:
    """Return a template's address; empty if the reference lacks a part that it needs."""
    values: dict[str, Any] = {"name": reference.name, "digest": reference.digest, "tag": reference.tag}
    if any(not values.get(name) for name in re.findall(r"\{\+?(\w+)\}", template)):
        return ""
    return re.sub(
        r"\{(\+?)(\w+)\}", lambda m: urllib.parse.quote(str(values[m[2]]), safe="/" if m[1] else ""), template
    )


def _loaded(data: bytes, label: str, reference: ComponentReference) -> Component:
    component = component_of_data(data, label, dataclasses.replace(reference, digest=None))
    if reference.digest not in (None, component.reference.digest):
        raise ComponentError(
            f"{label} isn't the component {reference.name!r} that was requested: its digest is "
            f"{component.reference.digest}."
        )
    return component


def _cache_folder() -> Path:
    return Path(os.environ.get("KFP_JUPYTER_CACHE") or platformdirs.user_cache_path("kfp-jupyter")) / "components"


def _keep(path: Path, data: bytes) -> None:
    """Cache data; a cache that can't be written is ignored."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(data)


ComponentStore.default_store = ComponentStore(
    url_search_prefixes=[f"{RAW_GITHUB}kubeflow/pipelines/master/components/"],
    uri_search_template=f"{RAW_GITHUB}kubeflow/pipelines/{{tag}}/components/{{name}}/{IN_ARCHIVE}",
)
