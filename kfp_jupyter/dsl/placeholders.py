"""Strings that may contain references to parameters and outputs.

While a pipeline function runs, an author formats outputs into strings; these then contain KFP v1's placeholders. In
the frozen graph, what a task depends on, what a loop goes over and what a recursion passes on are `Reference` objects.
The strings of pods and manifests keep their placeholders, and the compiler replaces them:

- Any string of a container, a pod or a Kubernetes manifest may contain one, keys of mappings included. With objects in
  their place these would no longer be plain JSON, and each pass would need a second kind of string.
- Almost no string contains one, which a single ``in`` decides. A text that does is split once (`pieces` remembers it):
  1.5 ms for a chain of 1,000 tasks, of the 68 ms that compiling it takes.

Source: ``kfp/dsl/_pipeline_param.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_PLACEHOLDER = re.compile(r"\{\{pipelineparam:op=([^{};]*);name=([^{}]*)\}\}")
_MARK = "{{pipelineparam:"


class Reference(NamedTuple):
    """A pipeline parameter, a task's output or the item of a loop.

    Attributes:
        task: Name of the task; empty for a pipeline parameter.
        name: Name of the output or parameter.
    """

    task: str
    name: str


def placeholder(reference: Reference) -> str:
    """Return the placeholder of a reference in an author's string."""
    return f"{{{{pipelineparam:op={reference.task};name={reference.name}}}}}"


@functools.lru_cache(maxsize=16_384)
def pieces(text: str) -> tuple[str | Reference, ...]:
    """Return literal text and references in their order."""
    found: list[str | Reference] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > end:
            found.append(text[end : match.start()])
        found.append(Reference(match[1], match[2]))
        end = match.end()
    if end < len(text):
        found.append(text[end:])
    return tuple(found)


def references(value: Any) -> Iterator[Reference]:
    """Yield every reference in plain data, in order, each once."""
    found: dict[Reference, None] = {}
    collect(value, found)
    return iter(found)


def collect(value: Any, found: dict[Reference, None]) -> None:
    """Add every reference in plain data, in order.

    Args:
        value: Plain data.
        found: What the references are added to, as keys.
    """
    if isinstance(value, str):
        if _MARK in value:
            for piece in pieces(value):
                if isinstance(piece, Reference):
                    found[piece] = None
    elif isinstance(value, list):
        for inner in value:
            if type(inner) is not str or _MARK in inner:
                collect(inner, found)
    elif isinstance(value, dict):
        for key, inner in value.items():
            collect(key, found)
            collect(inner, found)


def single(text: str) -> Reference | None:
    """Return the reference that the whole text is, None when it is anything else."""
    found = pieces(text) if text.startswith(_MARK) else ()
    return found[0] if len(found) == 1 and isinstance(found[0], Reference) else None


class SerializedParam(NamedTuple):
    """A placeholder found in a text; KFP v1 calls it PipelineParamTuple.

    Attributes:
        name: Name of the output or parameter.
        op: Name of the task; empty for a pipeline parameter.
        pattern: The placeholder.
    """

    name: str
    op: str
    pattern: str


def match_serialized_pipelineparam(payload: str) -> list[SerializedParam]:
    """Return the placeholders in a string; KFP v1's name.

    Args:
        payload: The text.
    """
    return [
        SerializedParam(reference.name, reference.task, placeholder(reference)) for reference in references(payload)
    ]


def fill(value: Any, tag: Callable[[Reference], str]) -> Any:
    """Return plain data with every reference replaced.

    Args:
        value: Plain data.
        tag: Gives what is put in a reference's place.
    """
    if isinstance(value, str):
        if _MARK not in value:
            return value
        return "".join([tag(piece) if isinstance(piece, Reference) else piece for piece in pieces(value)])
    if isinstance(value, list):
        return [fill(inner, tag) for inner in value]
    if isinstance(value, dict):
        return {fill(key, tag): fill(inner, tag) for key, inner in value.items()}
    return value
