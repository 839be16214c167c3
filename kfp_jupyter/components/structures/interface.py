"""What a component takes and gives, and what is put on its pods."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.components.structures.model import Changeable, StructureError
from kfp_jupyter.components.types import TypeName

Primitive = str | int | float | bool


@dataclasses.dataclass(slots=True, eq=False)
class InputSpec(Changeable):
    """An input.

    Attributes:
        name: As the author wrote it.
        type: Declaration type, None for none.
        description: Its description.
        default: Value when nothing is passed, as text or as component.yaml has it; None for none.
        optional: Whether the component runs without it.
        annotations: Of other tools.
    """

    _what = "An input"

    name: str
    type: TypeName = None
    description: str | None = None
    default: Primitive | None = None
    optional: bool = False
    annotations: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise StructureError("An input has no name.")


@dataclasses.dataclass(slots=True, eq=False)
class OutputSpec(Changeable):
    """An output.

    Attributes:
        name: As the author wrote it.
        type: Declaration type, None for none.
        description: Its description.
        annotations: Of other tools.
    """

    _what = "An output"

    name: str
    type: TypeName = None
    description: str | None = None
    annotations: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise StructureError("An output has no name.")


@dataclasses.dataclass(slots=True, eq=False)
class MetadataSpec(Changeable):
    """What is put on every pod of a component.

    Attributes:
        annotations: Of the pod.
        labels: Of the pod.
    """

    _what = "The metadata"

    annotations: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        # Code gives numbers and truth values too; Kubernetes takes text alone.
        self.annotations = _texts(self.annotations, "annotation")
        self.labels = _texts(self.labels, "label")


def _texts(values: Mapping[str, Any] | None, what: str) -> Mapping[str, str] | None:
    if values is None:
        return None
    for name, value in values.items():
        if not isinstance(value, (str, int, float, type(None))):
            raise StructureError(
                f"The {what} {name!r} is {value!r:.80}, but Kubernetes requires a string there.",
                remedy="Pass a string, such as json.dumps(...) of it.",
                path=(f"{what}s", name),
            )
    return {str(name): "" if value is None else str(value) for name, value in values.items()}
