"""Finds the modules of ``kfp`` in this package. As the first on ``sys.meta_path``, it precedes an installed kfp.

A module of this package with a second name is one object under both: ``kfp.dsl is kfp_jupyter.dsl``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from kfp_jupyter.compat import server_api
from kfp_jupyter.compat.module_map import ALIASES, GATHERED
from kfp_jupyter.compat.unsupported import MissingModuleError, missing_module
from kfp_jupyter.errors import KfpJupyterError, author_position

FACADE = Path(__file__).with_name("facade.py")


class KfpFinder(MetaPathFinder):
    """Finds ``kfp`` and the modules below it."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  (the signature of the import system)
        target: ModuleType | None = None,  # noqa: ARG002  (the same)
    ) -> ModuleSpec | None:
        """Return the spec of a module of ``kfp``; None for other modules. See `importlib.abc.MetaPathFinder.find_spec`.

        Raises:
            MissingModuleError: The module is KFP v2's.
        """
        if fullname == "kfp":
            return _facade()
        if not fullname.startswith("kfp."):
            _refuse_name_of_v2(fullname)
            return server_api.find_spec(fullname)
        refusal = missing_module(fullname)
        if refusal:
            raise refusal
        if fullname in GATHERED:
            return ModuleSpec(fullname, _GatheringLoader(), origin=__file__)
        real = real_name(fullname)
        found = importlib.util.find_spec(real) if real else None
        if not real or not found:
            return None
        package = found.submodule_search_locations is not None
        return ModuleSpec(fullname, _AliasLoader(real), origin=found.origin, is_package=package)


def real_name(name: str) -> str | None:
    """Return the module of ours that would have this name of ``kfp``'s; None if its parent has no counterpart."""
    if name in ALIASES:
        return ALIASES[name]
    parent, _, leaf = name.rpartition(".")
    real_parent = real_name(parent) if parent else None
    return f"{real_parent}.{leaf}" if real_parent else None


def _facade() -> ModuleSpec | None:
    spec = importlib.util.spec_from_file_location("kfp", FACADE, submodule_search_locations=[])
    if spec:
        # Python has put the facade's directory there, and would find second copies of what is in it.
        spec.submodule_search_locations = []
    return spec


def _refuse_name_of_v2(fullname: str) -> None:
    """Explain why ``from kfp.dsl import …`` fails: Python looks for a module if a package has no such name."""
    parent, _, leaf = fullname.rpartition(".")
    if parent in sys.modules and parent in ALIASES.values():
        try:
            getattr(sys.modules[parent], leaf)
        except AttributeError as error:
            if isinstance(error, KfpJupyterError):
                raise MissingModuleError(error.message, remedy=error.remedy, position=author_position()) from None


class _AliasLoader(Loader):
    """Puts a module of ours under another name.

    Args:
        real: Its own name.
    """

    def __init__(self, real: str) -> None:
        self._real = real

    def exec_module(self, module: ModuleType) -> None:
        """Replace the new module of the import system by the real one in ``sys.modules``, where it is read again."""
        sys.modules[module.__name__] = importlib.import_module(self._real)


class GatheredModule(ModuleType):
    """A module of KFP v1 whose names are found in several of ours."""

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return [public for public in dir(self) if not public.startswith("_")]
        if not name.startswith("__"):
            for source in map(importlib.import_module, GATHERED[self.__name__]):
                if name in vars(source):
                    return vars(source)[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        # What an add-on puts in the place of a name of ours takes effect where ours is.
        sources = map(importlib.import_module, () if name.startswith("__") else GATHERED[self.__name__])
        owner = next((source for source in sources if name in vars(source)), None)
        if owner is None:
            super().__setattr__(name, value)
        else:
            setattr(owner, name, value)

    def __dir__(self) -> list[str]:
        sources = map(importlib.import_module, GATHERED[self.__name__])
        return sorted({*super().__dir__(), *(name for source in sources for name in vars(source) if name[:2] != "__")})


class _GatheringLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return GatheredModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: names are looked up when they are used."""
