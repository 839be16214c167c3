"""What a component is, part by part. The names are KFP v1's ``kfp.components.structures``.

The shape is that of a KFP v1 component.yaml: every part has `to_dict` and `from_dict`, and a `ComponentSpec` saves
itself to a file. Parts may be changed after they were made, as KFP v1's may.

Source: ``kfp/components/_structures.py`` of kfp 1.8.24.
"""

from kfp_jupyter.components.structures.component import (
    ComponentReference,
    ComponentSpec,
    GraphImplementation,
    GraphSpec,
    PipelineRunSpec,
    TaskSpec,
)
from kfp_jupyter.components.structures.container import ContainerImplementation, ContainerSpec
from kfp_jupyter.components.structures.interface import InputSpec, MetadataSpec, OutputSpec, Primitive
from kfp_jupyter.components.structures.model import changes, last_change
from kfp_jupyter.components.structures.options import CachingStrategySpec, ExecutionOptionsSpec, RetryStrategySpec
from kfp_jupyter.components.structures.placeholders import (
    CommandPart,
    ConcatPlaceholder,
    ExecutorInputPlaceholder,
    IfPlaceholder,
    IfPlaceholderStructure,
    InputMetadataPlaceholder,
    InputOutputPortNamePlaceholder,
    InputPathPlaceholder,
    InputUriPlaceholder,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    OutputMetadataPlaceholder,
    OutputPathPlaceholder,
    OutputUriPlaceholder,
)
from kfp_jupyter.components.structures.predicates import (
    AndPredicate,
    BinaryPredicate,
    EqualsPredicate,
    GreaterThanOrEqualPredicate,
    GreaterThanPredicate,
    LessThenOrEqualPredicate,
    LessThenPredicate,
    NotEqualsPredicate,
    NotPredicate,
    OrPredicate,
    TwoBooleanOperands,
    TwoOperands,
)
from kfp_jupyter.components.structures.references import (
    Argument,
    GraphInputArgument,
    GraphInputReference,
    TaskOutputArgument,
    TaskOutputReference,
)

__all__ = [
    "AndPredicate",
    "Argument",
    "BinaryPredicate",
    "CachingStrategySpec",
    "CommandPart",
    "ComponentReference",
    "ComponentSpec",
    "ConcatPlaceholder",
    "ContainerImplementation",
    "ContainerSpec",
    "EqualsPredicate",
    "ExecutionOptionsSpec",
    "ExecutorInputPlaceholder",
    "GraphImplementation",
    "GraphInputArgument",
    "GraphInputReference",
    "GraphSpec",
    "GreaterThanOrEqualPredicate",
    "GreaterThanPredicate",
    "IfPlaceholder",
    "IfPlaceholderStructure",
    "InputMetadataPlaceholder",
    "InputOutputPortNamePlaceholder",
    "InputPathPlaceholder",
    "InputSpec",
    "InputUriPlaceholder",
    "InputValuePlaceholder",
    "IsPresentPlaceholder",
    "LessThenOrEqualPredicate",
    "LessThenPredicate",
    "MetadataSpec",
    "NotEqualsPredicate",
    "NotPredicate",
    "OrPredicate",
    "OutputMetadataPlaceholder",
    "OutputPathPlaceholder",
    "OutputSpec",
    "OutputUriPlaceholder",
    "PipelineRunSpec",
    "Primitive",
    "RetryStrategySpec",
    "TaskOutputArgument",
    "TaskOutputReference",
    "TaskSpec",
    "TwoBooleanOperands",
    "TwoOperands",
    "changes",
    "last_change",
]
