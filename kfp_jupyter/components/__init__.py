"""What a step is. The public names are KFP v1's ``kfp.components``."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kfp_jupyter.components import structures
from kfp_jupyter.components.airflow import create_component_from_airflow_op
from kfp_jupyter.components.annotations import (
    InputArtifact,
    InputBinaryFile,
    InputPath,
    InputTextFile,
    OutputArtifact,
    OutputBinaryFile,
    OutputPath,
    OutputTextFile,
)
from kfp_jupyter.components.component import Component
from kfp_jupyter.components.component_finder import use_finder
from kfp_jupyter.components.functions import (
    create_component_from_func,
    default_base_image_or_builder,
    func_to_component_text,
    func_to_container_op,
)
from kfp_jupyter.components.graph_function import create_graph_component_from_pipeline_func
from kfp_jupyter.components.loading import (
    load_component,
    load_component_from_file,
    load_component_from_spec,
    load_component_from_text,
    load_component_from_url,
)

if TYPE_CHECKING:
    from kfp_jupyter.components.component_store import ComponentStore


def _store() -> type[ComponentStore]:
    # It costs 13 ms to import, and few use it.
    found: type[ComponentStore] = importlib.import_module("kfp_jupyter.components.component_store").ComponentStore
    return found


def _find(reference: structures.ComponentReference) -> Component:
    return _store().default_store.find(reference)


use_finder(_find)


def __getattr__(name: str) -> Any:
    if name == "ComponentStore":
        return _store()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Component",
    "ComponentStore",
    "InputArtifact",
    "InputBinaryFile",
    "InputPath",
    "InputTextFile",
    "OutputArtifact",
    "OutputBinaryFile",
    "OutputPath",
    "OutputTextFile",
    "create_component_from_airflow_op",
    "create_component_from_func",
    "create_graph_component_from_pipeline_func",
    "default_base_image_or_builder",
    "func_to_component_text",
    "func_to_container_op",
    "load_component",
    "load_component_from_file",
    "load_component_from_spec",
    "load_component_from_text",
    "load_component_from_url",
    "structures",
]
