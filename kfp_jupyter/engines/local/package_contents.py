"""Packages that a step asks for by file or address: what is there now, which their text doesn't tell."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kfp_jupyter.engines.local.cache import digest

UNKNOWN = "unknown"
"""The content behind an address isn't known before it is fetched."""

_ADDRESS = re.compile(r"(?:[A-Za-z0-9._-]+\s*(?:\[[^]]*\])?\s*@\s*)?(?P<url>[A-Za-z][A-Za-z0-9+.-]*:\S+)")
_PATH = re.compile(r"(?:[A-Za-z0-9._-]+\s*(?:\[[^]]*\])?\s*@\s*)?(?P<path>/.*)")
_EXTRAS = re.compile(r"\[[^]/]*\]$")
# A hash that pip checks, or a commit: the address stands for one content.
_PINNED = re.compile(r"[#&](?:md5|sha1|sha224|sha256|sha384|sha512)=[0-9a-f]+|@[0-9a-f]{40}(?:[#?]|$)", re.IGNORECASE)
# What building a package leaves in its directory, and what is no part of it.
_NO_SOURCE = re.compile(r"__pycache__|build|.*\.egg-info|\.git")


def content_digests(requirements: Iterable[str]) -> list[str]:
    """Return a word for each package given by file or address that changes when what is there does.

    Args:
        requirements: As pip takes them; names with versions have no word.

    Returns:
        A digest for a file or directory, `UNKNOWN` for an address; none for an address that names a hash or a commit.
    """
    return [word for word in map(_content, requirements) if word]


def _content(requirement: str) -> str:
    text = re.split(r"\s;|;\s", requirement, maxsplit=1)[0].strip()
    if match := _ADDRESS.fullmatch(text):
        url = match["url"]
        if url.lower().startswith("file:"):
            return _of(Path(unquote(urlsplit(url).path)))
        return "" if _PINNED.search(url) else UNKNOWN
    if match := _PATH.fullmatch(text):
        return _of(Path(_EXTRAS.sub("", match["path"])))
    return ""


def _of(path: Path) -> str:
    """Return a digest of a file or of a project's directory; `UNKNOWN` where it can't be read."""
    try:
        return _of_project(path) if path.is_dir() else digest(path)
    except (OSError, ValueError):
        return UNKNOWN


def _of_project(path: Path) -> str:
    result = hashlib.sha256()
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not _NO_SOURCE.fullmatch(name))
        for file in (Path(folder, name) for name in sorted(files)):
            if file.is_file():
                result.update(f"{file.relative_to(path)}\0{digest(file)}\0".encode(errors="surrogateescape"))
    return result.hexdigest()
