"""Limits of documents of unknown origin: size and depth."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a document.

    Attributes:
        size: The most bytes to read, and the most bytes of its values with all aliases expanded.
        depth: The deepest nesting.
    """

    size: int
    depth: int


COMPONENT = Limits(size=16 * 2**20, depth=100)
"""A component.yaml. Graphs of graphs need some thirty levels."""

WORKFLOW = Limits(size=64 * 2**20, depth=200)
"""A compiled pipeline. Ten thousand tasks are a million values in 13 MiB; etcd takes a fortieth of the size."""

MANIFEST = Limits(size=4 * 2**20, depth=100)
"""A Kubernetes object, or a string in one; etcd accepts 1.5 MiB."""

GRAPH_TASKS = 10_000
"""Tasks that a graph component may expand to: nine times etcd's limit in the normal form, half of it in the compact."""

GRAPH_DEPTH = 50
"""Depth of nested graph components. A handful is common; Python's recursion ends at a few hundred."""

STATUS_SIZE = 256 * 2**20
"""Bytes that the packed steps of a run may unpack to; packed they are a MiB at most, a fiftieth of their size."""

SIZE_OF_VALUE = 32
"""Bytes that a value is taken for beside its characters: an empty list, of which there may be millions, isn't free."""

MAX_NUMBER = 1000
"""Characters of a number. Python reads one of several thousand digits so slowly that it refuses to write it again."""

MAX_JSON_DEPTH = 200
"""How deep JSON may be nested; Python gives up at about a thousand, less what called it."""


class UnreadableError(ValueError):
    """A document is invalid, or over the limits.

    Args:
        reason: Why it can't be read: a clause to follow a colon, whose subject is "it".
        line: The line with the error, counted from 1; 0 if there is none.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
