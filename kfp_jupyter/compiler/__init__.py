"""A pipeline's graph → an Argo Workflow in the KFP v1 dialect."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kfp_jupyter.compiler.compiler import Compiler

if TYPE_CHECKING:
    from kfp_jupyter.images import VersionedDependency, build_docker_image, build_python_component

_IMAGES = {"VersionedDependency", "build_docker_image", "build_python_component"}
"""What KFP v1 has here too. Image builds cost 30 ms to import, and few pipelines build images."""


def __getattr__(name: str) -> Any:
    if name in _IMAGES:
        return getattr(importlib.import_module("kfp_jupyter.images"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Compiler", "VersionedDependency", "build_docker_image", "build_python_component"]
