"""component.yaml text → `ComponentSpec`, every error at its line. The format is KFP v1's."""

from __future__ import annotations

from typing import Any

import yaml

from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.components.structures.model import Path, StructureError
from kfp_jupyter.errors import ComponentError, Position

# libyaml reads ten times faster and is part of most builds of PyYAML.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_DEPTH = 100
"""How deep a component.yaml may be nested; graphs of graphs need some thirty levels."""


def read_component(text: str, file: str) -> ComponentSpec:
    """Return the component that a component.yaml describes.

    Args:
        text: The YAML.
        file: What the reader calls it: a path, an address.

    Raises:
        ComponentError: It is no component.yaml; the position is the line at fault.
    """
    try:
        _check_depth(text, file)
        struct = yaml.load(text, Loader=_Loader)  # noqa: S506  (it is a safe one)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ComponentError(f"This is no YAML: {error.problem}.", position=_position(text, file, line)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ComponentError(f"{file} is no YAML: {error}.") from None
    if struct is None:
        raise ComponentError(f"{file} is empty.", remedy="A component.yaml has an implementation.")
    try:
        spec = ComponentSpec.from_dict(struct)
        if spec.implementation is None:
            raise StructureError("The component has no implementation.", remedy="Add implementation: container: …")
    except StructureError as error:
        position = _position(text, file, _line_of(text, error.path, at_key=error.at_key))
        raise ComponentError(error.message, remedy=error.remedy, position=position) from None
    return spec


def _check_depth(text: str, file: str) -> None:
    """Refuse what is nested so deep that reading it would exhaust the stack, which libyaml does not survive."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                mark: Any = event.start_mark
                position = _position(text, file, mark.line + 1)
                raise ComponentError(f"This is nested deeper than {MAX_DEPTH} levels.", position=position)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _position(text: str, file: str, line: int) -> Position:
    lines = text.splitlines()
    return Position(file, line, lines[line - 1][:200] if line <= len(lines) else "")


def _line_of(text: str, path: Path, *, at_key: bool) -> int:
    """Return the line where a part begins, counted from 1; of a part that isn't there, that of what should hold it."""
    node: Any = yaml.compose(text, Loader=_Loader)
    line = node.start_mark.line
    for number, step in enumerate(path, 1):
        inner = _inner(node, step)
        if inner is None:
            break
        key, node = inner
        line = (key if at_key and number == len(path) else node).start_mark.line
    return int(line) + 1


def _inner(node: Any, step: str | int) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    return None
