"""A component that is a container."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from kfp_jupyter.components.structures.model import Changeable
from kfp_jupyter.components.structures.placeholders import CommandPart


@dataclasses.dataclass(slots=True, eq=False)
class ContainerSpec(Changeable):
    """The container that runs a component.

    Attributes:
        image: Name of the image.
        command: The program and its first words; None where the component says nothing of it.
        args: What follows; None where the component says nothing of it.
        env: Environment variables.
        file_outputs: Output name to the fixed path that the program writes it to.
    """

    _what = "The container"
    _keys: ClassVar[Mapping[str, str]] = {"file_outputs": "fileOutputs"}

    image: str
    command: tuple[CommandPart, ...] | None = None
    args: tuple[CommandPart, ...] | None = None
    env: Mapping[str, str] | None = None
    file_outputs: Mapping[str, str] | None = None


@dataclasses.dataclass(slots=True, eq=False)
class ContainerImplementation(Changeable):
    """An implementation that is a container.

    Attributes:
        container: What runs.
    """

    _what = "The implementation"

    container: ContainerSpec
