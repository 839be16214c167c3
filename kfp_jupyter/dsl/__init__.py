"""What an author writes. The public names are KFP v1's ``kfp.dsl``."""

from __future__ import annotations

import enum
import importlib
import sys
from typing import TYPE_CHECKING, Any

from kfp_jupyter.dsl import data_passing_methods, types
from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.container import Container, InitContainer, Sidecar, UserContainer
from kfp_jupyter.dsl.container_op import ContainerOp, InputArgumentPath
from kfp_jupyter.dsl.decorators import component, graph_component, python_component
from kfp_jupyter.dsl.groups import Condition, ExitHandler, OpsGroup, ParallelFor, SubGraph
from kfp_jupyter.dsl.notes import PipelineWarning
from kfp_jupyter.dsl.pipeline import ROOT_PARAMETER, Pipeline, pipeline
from kfp_jupyter.dsl.pipeline_conf import PipelineConf, get_pipeline_conf
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.placeholders import match_serialized_pipelineparam
from kfp_jupyter.dsl.resource_op import ResourceOp, kubernetes_resource_delete_op
from kfp_jupyter.errors import PipelineError, author_position

if TYPE_CHECKING:
    from kfp_jupyter.dsl.pipeline_volume import PipelineVolume
    from kfp_jupyter.dsl.volume_op import (
        VOLUME_MODE_ROM,
        VOLUME_MODE_RWM,
        VOLUME_MODE_RWO,
        VolumeOp,
        VolumeSnapshotOp,
    )

RUN_ID_PLACEHOLDER = "{{workflow.uid}}"
"""Stands for the run's id in a task's command line."""

ROOT_PARAMETER_NAME = ROOT_PARAMETER

EXECUTION_ID_PLACEHOLDER = "{{workflow.uid}}-{{pod.name}}"
"""Stands for an id of the task's execution in a task's command line."""


class NotInV1Error(PipelineError, AttributeError):
    """A name of KFP v2's ``dsl``."""


class NotInV1ImportError(PipelineError, ImportError):
    """A name of KFP v2's ``dsl`` that was imported."""


class PipelineExecutionMode(enum.Enum):
    """KFP v1's modes of compiling; only the first can be chosen.

    Example:
        Compiler(mode=dsl.PipelineExecutionMode.V1_LEGACY)
    """

    V1_LEGACY = 1
    V2_COMPATIBLE = 2
    V2_ENGINE = 3


_WITH_KUBERNETES = {
    "PipelineVolume": "pipeline_volume",
    "VOLUME_MODE_ROM": "volume_op",
    "VOLUME_MODE_RWM": "volume_op",
    "VOLUME_MODE_RWO": "volume_op",
    "VolumeOp": "volume_op",
    "VolumeSnapshotOp": "volume_op",
}
"""Names whose modules need the Kubernetes client, which costs 0.4 s: they are imported when they are first used."""

_OF_V2 = {
    *("importer", "Artifact", "Dataset", "Model", "Metrics", "ClassificationMetrics", "SlicedClassificationMetrics"),
    *("HTML", "Markdown", "Input", "Output", "InputPath", "OutputPath", "container_component", "ContainerSpec"),
    *("If", "Elif", "Else", "OneOf", "Collected", "PipelineTask", "PipelineTaskFinalStatus", "notebook_component"),
    *("ConcatPlaceholder", "IfPresentPlaceholder", "PIPELINE_JOB_NAME_PLACEHOLDER", "PIPELINE_TASK_NAME_PLACEHOLDER"),
}


def __getattr__(name: str) -> Any:
    if name in _WITH_KUBERNETES:
        value = getattr(importlib.import_module(f"{__name__}.{_WITH_KUBERNETES[name]}"), name)
        globals()[name] = value
        return value
    if name in _OF_V2:
        # `from ... import` asks through the import system, which turns an AttributeError into words of its own.
        importing = sys._getframe(1).f_code.co_filename.startswith("<frozen importlib")
        raise (NotInV1ImportError if importing else NotInV1Error)(
            f"dsl.{name} is part of KFP v2, and this package compiles KFP v1 pipelines.",
            remedy="Use components with InputPath and OutputPath from kfp_jupyter.components, and dsl.Condition.",
            position=author_position(),
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "EXECUTION_ID_PLACEHOLDER",
    "ROOT_PARAMETER_NAME",
    "RUN_ID_PLACEHOLDER",
    "VOLUME_MODE_ROM",
    "VOLUME_MODE_RWM",
    "VOLUME_MODE_RWO",
    "BaseOp",
    "Condition",
    "Container",
    "ContainerOp",
    "ExitHandler",
    "InitContainer",
    "InputArgumentPath",
    "OpsGroup",
    "ParallelFor",
    "Pipeline",
    "PipelineConf",
    "PipelineExecutionMode",
    "PipelineParam",
    "PipelineVolume",
    "PipelineWarning",
    "ResourceOp",
    "Sidecar",
    "SubGraph",
    "UserContainer",
    "VolumeOp",
    "VolumeSnapshotOp",
    "component",
    "data_passing_methods",
    "get_pipeline_conf",
    "graph_component",
    "kubernetes_resource_delete_op",
    "match_serialized_pipelineparam",
    "pipeline",
    "python_component",
    "types",
]
