"""component.yaml text → `ComponentSpec`, every error at its line. The format is KFP v1's.

Source: ``kfp/components/_structures.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import hashlib

from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.components.structures.model import StructureError
from kfp_jupyter.errors import ComponentError, Position
from kfp_jupyter.parsing import COMPONENT, UnreadableError
from kfp_jupyter.parsing.yaml_reader import line_of, read_yaml


def read_component(text: str, file: str) -> ComponentSpec:
    """Return the component that a component.yaml describes.

    Args:
        text: The YAML.
        file: Its path or address, for messages.

    Raises:
        ComponentError: It is not a component.yaml; the position is the line with the error.
    """
    try:
        struct = read_yaml(text, COMPONENT, dates=True)
    except UnreadableError as error:
        position = _position(text, file, error.line) if error.line else None
        what = "This component.yaml can't be read" if position else f"A component.yaml can't be read from {file}"
        raise ComponentError(f"{what}: {error.reason}.", position=position) from None
    if struct is None:
        raise ComponentError(f"{file} is empty.", remedy="Add implementation: container: …")
    try:
        spec = ComponentSpec.from_dict(struct)
        if spec.implementation is None:
            raise StructureError("The component has no implementation.", remedy="Add implementation: container: …")
    except StructureError as error:
        position = _position(text, file, line_of(text, error.path, at_key=error.at_key))
        raise ComponentError(error.message, remedy=error.remedy, position=position) from None
    return spec


def _position(text: str, file: str, line: int) -> Position:
    lines = text.splitlines()
    return Position(file, line, lines[line - 1][:200] if line <= len(lines) else "")


def digest_of(data: bytes) -> str:
    """Return what tells a component.yaml from others, whatever ends its lines: SHA-256, in hexadecimal.

    As kfp 1.8.24 has it in ``kfp/components/_components.py``.
    """
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()
