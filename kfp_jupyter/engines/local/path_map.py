"""The paths that a template declares, such as ``/tmp/outputs/x/data``, mapped into the directory of a node."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from kfp_jupyter.engines.local import safe_paths

# What may not stand around a declared path, because the path would then be part of another: `/x/tmp/a`,
# `$HOME/tmp/a`, `s3://tmp/a` or `/tmp/a.csv`. The end of a sentence and `file:///tmp/a` are no such neighbours.
_BEFORE = r"(?:(?<=file://)|(?<![\w.~/+@%})-]))"
_AFTER = r"(?![\w~+@%{$-]|\.[\w.-])"


def leads_up(declared: str) -> bool:
    """Tell whether a declared path is a relative one that leads out of the directory in which its step runs."""
    return posixpath.normpath(declared).split("/")[0] == ".." or "\0" in declared


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

    def place(self, declared: str) -> Path:
        """Return where a declared path is; links that a step has made there aren't looked at.

        Raises:
            OutsideError: It leads out of the step's own directory.
        """
        if declared.startswith("/"):
            # As in a container: what lies above `/` is `/`.
            return self._root / posixpath.normpath(declared).lstrip("/")
        if leads_up(declared):
            raise safe_paths.OutsideError(f"The path {declared!r} leads out of the directory in which the step runs.")
        return self._workdir / declared

    def locate(self, declared: str) -> Path:
        """Return where a declared path is.

        Raises:
            OutsideError: It leads out of the step's own directory, by itself or over a link.
        """
        where = self.place(declared)
        if not self.owns(where):
            raise safe_paths.OutsideError(f"The path {declared!r} leads out of the step's own directory over a link.")
        return where

    def owns(self, path: Path) -> bool:
        """Tell whether a path, with all links followed, leads to something of the step's own."""
        return safe_paths.leads_into(path, self._root) or safe_paths.leads_into(path, self._workdir)

    def translate(self, text: str, substitute: Callable[[str], str] = str) -> str:
        """Replace every declared path in a text, the longest first and whole components only.

        Args:
            text: As the template writes it.
            substitute: Replaces tags; it sees the declared paths and what is between them, never where they are.
        """
        if self._pattern is None:
            return substitute(text)
        parts, position = [], 0
        for match in self._pattern.finditer(text):
            parts += [substitute(text[position : match.start()]), str(self.locate(substitute(match[0])))]
            position = match.end()
        return "".join((*parts, substitute(text[position:])))
