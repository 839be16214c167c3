"""What a step is. The public names are KFP v1's ``kfp.components``."""

from kfp_jupyter.components.annotations import (
    InputBinaryFile,
    InputPath,
    InputTextFile,
    OutputBinaryFile,
    OutputPath,
    OutputTextFile,
)
from kfp_jupyter.components.component import Component
from kfp_jupyter.components.functions import create_component_from_func, func_to_container_op
from kfp_jupyter.components.loading import (
    load_component,
    load_component_from_file,
    load_component_from_text,
    load_component_from_url,
)

__all__ = [
    "Component",
    "InputBinaryFile",
    "InputPath",
    "InputTextFile",
    "OutputBinaryFile",
    "OutputPath",
    "OutputTextFile",
    "create_component_from_func",
    "func_to_container_op",
    "load_component",
    "load_component_from_file",
    "load_component_from_text",
    "load_component_from_url",
]
