"""What an author writes in a function's signature to take or give files instead of values."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.errors import ComponentError


class _FileAnnotation:
    """Says that a parameter of the function is a file.

    Args:
        type: Type of the data in the file: a Python type, or a name such as ``"CSV"``.
    """

    def __init__(self, type: Any = None) -> None:
        self.type = type

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({self.type!r})" if self.type is not None else self.__class__.__name__


class InputPath(_FileAnnotation):
    """The function gets the path of a file that holds the input's data."""


class InputTextFile(_FileAnnotation):
    """The function gets a file object opened for reading text."""


class InputBinaryFile(_FileAnnotation):
    """The function gets a file object opened for reading bytes."""


class OutputPath(_FileAnnotation):
    """The function gets the path of a file where it must write the output's data."""


class OutputTextFile(_FileAnnotation):
    """The function gets a file object opened for writing text."""


class OutputBinaryFile(_FileAnnotation):
    """The function gets a file object opened for writing bytes."""


class _Artifact(_FileAnnotation):
    """Belongs to newer Kubeflow Pipelines; making one is an error that says so."""

    _instead = ""

    def __init__(self, type: Any = None) -> None:  # noqa: ARG002  (what KFP v1 code gives it)
        raise ComponentError(
            f"{self.__class__.__name__} is supported only by newer versions of Kubeflow Pipelines.",
            remedy=f"Use {self._instead}.",
        )


class InputArtifact(_Artifact):
    """Refused: a step of KFP v1 is told nothing of an artifact but its data."""

    _instead = "InputPath"


class OutputArtifact(_Artifact):
    """Refused: a step of KFP v1 can say nothing of an artifact but its data."""

    _instead = "OutputPath"


INPUT_FILES = (InputPath, InputTextFile, InputBinaryFile)
OUTPUT_FILES = (OutputPath, OutputTextFile, OutputBinaryFile)
FILE_ANNOTATIONS = INPUT_FILES + OUTPUT_FILES


def as_file_annotation(annotation: Any) -> _FileAnnotation | None:
    """Return the file annotation that this is (an instance, or one of the bare classes); None for any other."""
    if isinstance(annotation, type) and issubclass(annotation, _FileAnnotation):
        return annotation()
    return annotation if isinstance(annotation, FILE_ANNOTATIONS) else None
