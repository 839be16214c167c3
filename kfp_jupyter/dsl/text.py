"""Text that may hold references to parameters and outputs.

While a pipeline function runs, an author formats outputs into strings; what stands there is KFP v1's
placeholder text. It is parsed once, when the graph is frozen.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

_PLACEHOLDER = re.compile(r"\{\{pipelineparam:op=([^{}]*);name=([^{}]*)\}\}")


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """A pipeline parameter or a task's output.

    Attributes:
        task: Name of the task; empty for a pipeline parameter.
        name: Name of the output or parameter.
    """

    task: str
    name: str

    @property
    def full_name(self) -> str:
        """The name under which it travels through a Workflow: ``task-output``, or the parameter's own."""
        return f"{self.task}-{self.name}" if self.task else self.name


Text = tuple[str | Reference, ...]
"""Literal pieces and references, in order."""


def placeholder(task: str, name: str) -> str:
    """Return the text that stands for a reference in an author's string."""
    return f"{{{{pipelineparam:op={task};name={name}}}}}"


def parse(text: str) -> Text:
    """Return text as its pieces; empty text has none."""
    pieces: list[str | Reference] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
        pieces.append(Reference(match[1], match[2]))
        end = match.end()
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)


def references(text: Text) -> Iterator[Reference]:
    """Yield the references in a text, in order."""
    return (piece for piece in text if isinstance(piece, Reference))
