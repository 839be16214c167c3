"""``kfp_server_api`` for programs that import it where it isn't installed: the names exist, using them is an error.

KFP v1's SDK depends on the library. ``import kfp_server_api`` finds an installed one as usual; this package doesn't
depend on it, because its versions 1 and 2 have the same name.
"""

from __future__ import annotations

import importlib.machinery
import re
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from kfp_jupyter.errors import EngineError, author_position

NAME = "kfp_server_api"

_CLASS = re.compile("[A-Z][A-Za-z0-9]*")
_MODULE = re.compile("(?:api|models|api_client|configuration|exceptions|rest|[a-z_]+_api|api_[a-z_]+|v1beta1_[a-z_]+)")


class OpenApiException(Exception):  # noqa: N818  (the name of the library)
    """Base of what the library raises."""


class ApiException(OpenApiException):
    """An error response."""


_ERRORS = {error.__name__: error for error in (OpenApiException, ApiException)}


class MissingLibraryError(EngineError):
    """The library isn't installed."""


def find_spec(fullname: str) -> ModuleSpec | None:
    """Return where a module of the library comes from when no library is installed; None otherwise."""
    top, *below = fullname.split(".")
    if top != NAME or importlib.machinery.PathFinder.find_spec(NAME) is not None:
        return None
    if not all(map(_MODULE.fullmatch, below)):
        return None
    return ModuleSpec(fullname, _Loader(), origin=__file__, is_package=True)


class StandIn(ModuleType):
    """A module whose classes exist only as names."""

    def __getattr__(self, name: str) -> Any:
        if name in _ERRORS:
            return _ERRORS[name]
        if not _CLASS.fullmatch(name):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        made = type(name, (), {"__init__": _refuse, "__module__": NAME})
        setattr(self, name, made)
        return made


class _Loader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: names are made when they are used."""


def _refuse(self: object, *_args: object, **_options: object) -> NoReturn:
    raise MissingLibraryError(
        f"{NAME}.{type(self).__name__} needs the library {NAME}, which is not installed.",
        remedy='Install it: pip install "kfp-server-api<2".',
        position=author_position(),
    )
