"""The paths that a template declares, such as ``/tmp/outputs/x/data``, mapped into the directory of a node."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# What may not stand around a declared path, because the path would then be part of another: `/x/tmp/a`,
# `$HOME/tmp/a`, `s3://tmp/a` or `/tmp/a.csv`. The end of a sentence and `file:///tmp/a` are no such neighbours.
_BEFORE = r"(?:(?<=file://)|(?<![\w.~/+@%})-]))"
_AFTER = r"(?![\w~+@%{$-]|\.[\w.-])"


class PathMap:
    """Where the declared paths of one template are.

    All absolute paths are put under one root, so that declared paths inside each other stay inside each other.

    Args:
        declared: Paths as the template writes them; tags in them are allowed.
        root: What stands for ``/``.
        workdir: Where relative paths start.
    """

    def __init__(self, declared: Iterable[str], root: Path, workdir: Path) -> None:
        self._root = root
        self._workdir = workdir
        absolute = sorted({path.rstrip("/") for path in declared if path.startswith("/")} - {""}, key=len, reverse=True)
        self._pattern = re.compile(f"{_BEFORE}(?:{'|'.join(map(re.escape, absolute))}){_AFTER}") if absolute else None

    def locate(self, declared: str) -> Path:
        """Return where a declared path is."""
        if declared.startswith("/"):
            return self._root / declared.strip("/")
        return self._workdir / declared

    def translate(self, text: str) -> str:
        """Replace every declared path in a text, the longest first and whole components only."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: f"{self._root}{match[0]}", text)
