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
        type: Declared type, None for none.
        description: For people.
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
        type: Declared type, None for none.
        description: For people.
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
