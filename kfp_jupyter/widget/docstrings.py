"""Imports ipycytoscape where Python drops docstrings (``python -OO``): it formats one of its own and fails without."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

_FORMATS_ITS_OWN = "ipycytoscape.cytoscape"


class _Loader(SourceFileLoader):
    """Compiles a module with its docstrings; no cache is read or written, as the cached file has none."""

    def path_stats(self, path: str) -> dict[str, Any]:
        raise OSError(f"{path} is not cached")

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = 1) -> Any:  # type: ignore[override]
        del _optimize
        return compile(data, path, "exec", dont_inherit=True, optimize=1)


class _Finder:
    """Finds the one module that needs its docstrings."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,  # noqa: ARG002  (the signature of the import system)
    ) -> ModuleSpec | None:
        if fullname != _FORMATS_ITS_OWN:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


def keep_docstrings() -> None:
    """Let ipycytoscape be imported from now on; nothing happens where Python keeps docstrings."""
    if sys.flags.optimize >= 2 and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
