"""KFP v1's ``kfp``, with this package's modules in it: what ``import kfp`` loads after `kfp_jupyter.compat.enable`."""

from __future__ import annotations

import importlib
from typing import Any

from kfp_jupyter import compiler, components, dsl
from kfp_jupyter.compat import auth
from kfp_jupyter.compat.client import Client, LocalClient, run_pipeline_func_locally, run_pipeline_func_on_cluster
from kfp_jupyter.compat.module_map import ATTRIBUTES, OF_V2, PRIVATE
from kfp_jupyter.compat.unsupported import MissingAttributeError
from kfp_jupyter.errors import author_position

__version__ = "1.8.24"
"""The version whose names and Workflows these are: programs compare it, and install that version in their steps."""

TYPE_CHECK = True
COMPILING_FOR_V2 = False

__all__ = [
    "Client",
    "LocalClient",
    "auth",
    "compiler",
    "components",
    "dsl",
    "run_pipeline_func_locally",
    "run_pipeline_func_on_cluster",
]


def __getattr__(name: str) -> Any:
    if name in ATTRIBUTES:
        return importlib.import_module(f"{__name__}.{name}")
    refused = OF_V2.get(f"{__name__}.{name}")
    if refused:
        raise MissingAttributeError(refused[0], remedy=refused[1], position=author_position())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


for _private in PRIVATE:
    importlib.import_module(_private)
