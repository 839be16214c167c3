"""KFP v1's ``kfp.components._python_op``: functions as components.

Add-ons put functions of their own in the place of these, so they look each other up here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from kfp_jupyter.components import (
    InputArtifact,
    InputBinaryFile,
    InputPath,
    InputTextFile,
    OutputArtifact,
    OutputBinaryFile,
    OutputPath,
    OutputTextFile,
    create_component_from_func,
    default_base_image_or_builder,
    func_to_component_text,
    func_to_container_op,
)
from kfp_jupyter.components.callables import called
from kfp_jupyter.components.function_source import source_of
from kfp_jupyter.components.functions import component_of_source, human_name
from kfp_jupyter.components.pickling import pickled_source
from kfp_jupyter.components.signature import interface_of
from kfp_jupyter.components.strip_annotations import strip_annotations
from kfp_jupyter.components.structures import ComponentSpec

__all__ = [
    "InputArtifact",
    "InputBinaryFile",
    "InputPath",
    "InputTextFile",
    "OutputArtifact",
    "OutputBinaryFile",
    "OutputPath",
    "OutputTextFile",
    "create_component_from_func",
    "default_base_image_or_builder",
    "func_to_component_file",
    "func_to_component_text",
    "func_to_container_op",
]

_python_function_name_to_component_name = human_name


def strip_type_hints(source_code: str) -> str:
    """Return source without the annotations of its functions' signatures."""
    return strip_annotations(source_code)


def _get_function_source_definition(func: Callable[..., Any]) -> str:
    return source_of(func).text


def _capture_function_code_using_source_copy(func: Callable[..., Any]) -> str:
    return strip_type_hints(_get_function_source_definition(func))


def _capture_function_code_using_cloudpickle(
    func: Callable[..., Any], modules_to_capture: Sequence[str] | None = None
) -> str:
    return pickled_source(func, called(func), modules_to_capture)


def _extract_component_interface(func: Callable[..., Any]) -> ComponentSpec:
    interface = interface_of(func)
    return ComponentSpec(
        name=getattr(func, "_component_human_name", None) or human_name(called(func)),
        description=interface.description,
        inputs=tuple(i.spec for i in interface.inputs),
        outputs=tuple(o.spec for o in interface.outputs),
    )


def _func_to_component_spec(
    func: Callable[..., Any],
    extra_code: str = "",
    base_image: str | None = None,
    packages_to_install: Sequence[str] | None = None,
    modules_to_capture: Sequence[str] | None = None,
    use_code_pickling: bool = False,
) -> ComponentSpec:
    own = (
        _capture_function_code_using_cloudpickle(func, modules_to_capture)
        if use_code_pickling
        else _capture_function_code_using_source_copy(func)
    )
    return component_of_source(func, own, extra_code, base_image, packages_to_install).component_spec


def _func_to_component_dict(func: Callable[..., Any], *args: Any, **kwargs: Any) -> dict[str, Any]:
    return _func_to_component_spec(func, *args, **kwargs).to_dict()


def func_to_component_file(
    func: Callable[..., Any], output_component_file: str | os.PathLike[str], *args: Any, **kwargs: Any
) -> None:
    """Write the component of a function to a file.

    Args:
        func: The function.
        output_component_file: The file.
        *args: As of `func_to_component_text`.
        **kwargs: The same.
    """
    _func_to_component_spec(func, *args, **kwargs).save(output_component_file)
