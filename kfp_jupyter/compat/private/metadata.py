"""KFP v1's ``kfp.dsl._metadata``: what a pipeline's function says of the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.components.types import TypeName, type_name
from kfp_jupyter.dsl.pipeline import Pipeline


def _annotation_to_typemeta(annotation: Any) -> TypeName:
    return type_name(annotation, as_written=True)


def _extract_pipeline_metadata(func: Pipeline | Callable[..., Any]) -> ComponentSpec:
    pipeline = Pipeline.of(func)
    return ComponentSpec(pipeline.name, pipeline.description, inputs=pipeline.parameters())
