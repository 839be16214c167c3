"""Annotations of a function's parameters that are files instead of values.

Source: ``InputPath``, ``OutputPath`` and the others in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from typing import Any

from kfp_jupyter.errors import ComponentError


class _FileAnnotation:
    """The annotation of a parameter that is a file.

    Args:
        type: Type of the data in the file: a Python type, or a name such as ``"CSV"``.
    """

    def __init__(self, type: Any = None) -> None:
        self.type = type

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({self.type!r})" if self.type is not None else self.__class__.__name__


class InputPath(_FileAnnotation):
    """The function gets the path of a file that holds the input's data.

    Example:
        def count(data_path: components.InputPath("CSV")) -> int:
            return len(Path(data_path).read_text().splitlines())
    """


class InputTextFile(_FileAnnotation):
    """The function gets a file object opened for reading text.

    Example:
        def count(data_file: components.InputTextFile("CSV")) -> int:
            return len(data_file.readlines())
    """


class InputBinaryFile(_FileAnnotation):
    """The function gets a file object opened for reading bytes.

    Example:
        def size(data_file: components.InputBinaryFile()) -> int:
            return len(data_file.read())
    """


class OutputPath(_FileAnnotation):
    """The function gets the path of a file where it must write the output's data.

    Example:
        def write(rows: int, data_path: components.OutputPath("CSV")):
            Path(data_path).write_text("a,b" * rows)
    """


class OutputTextFile(_FileAnnotation):
    """The function gets a file object opened for writing text.

    Example:
        def write(rows: int, data_file: components.OutputTextFile("CSV")):
            data_file.write("a,b" * rows)
    """


class OutputBinaryFile(_FileAnnotation):
    """The function gets a file object opened for writing bytes.

    Example:
        def write(size: int, data_file: components.OutputBinaryFile()):
            data_file.write(bytes(size))
    """


class _Artifact(_FileAnnotation):
    """Supported only by newer versions of Kubeflow Pipelines; making one is an error."""

    _instead = ""

    def __init__(self, type: Any = None) -> None:  # noqa: ARG002  (what KFP v1 code gives it)
        raise ComponentError(
            f"{self.__class__.__name__} is supported only by newer versions of Kubeflow Pipelines.",
            remedy=f"Use {self._instead}.",
        )


class InputArtifact(_Artifact):
    """Not supported: a step of KFP v1 gets only the data of an artifact.

    Example:
        def count(data_path: components.InputPath("CSV")) -> int:  # in place of InputArtifact
            return len(Path(data_path).read_text().splitlines())
    """

    _instead = "InputPath"


class OutputArtifact(_Artifact):
    """Not supported: a step of KFP v1 stores only the data of an artifact.

    Example:
        def write(rows: int, data_path: components.OutputPath("CSV")):  # in place of OutputArtifact
            Path(data_path).write_text("a,b" * rows)
    """

    _instead = "OutputPath"


INPUT_FILES = (InputPath, InputTextFile, InputBinaryFile)
OUTPUT_FILES = (OutputPath, OutputTextFile, OutputBinaryFile)
FILE_ANNOTATIONS = INPUT_FILES + OUTPUT_FILES


def as_file_annotation(annotation: Any) -> _FileAnnotation | None:
    """Return the file annotation that this is (an instance, or one of the bare classes); None for any other."""
    if isinstance(annotation, type) and issubclass(annotation, _FileAnnotation):
        return annotation()
    return annotation if isinstance(annotation, FILE_ANNOTATIONS) else None
