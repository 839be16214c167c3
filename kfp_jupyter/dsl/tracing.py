"""The trace of a running pipeline function: the tasks, groups and notes made so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.errors import PipelineError, Position, author_position, position_of
from kfp_jupyter.naming import UniqueNames


class TracedGroup(Protocol):
    """A group of tasks: what a trace knows of an `OpsGroup`."""

    ops: list[Any]
    groups: list[Any]


class Trace:
    """A pipeline while its function runs.

    Args:
        name: The pipeline's name.
        root: The group that holds everything.
        conf: Settings of the whole pipeline.
        type_check: Whether types that don't fit are an error; otherwise they are a note.
    """

    def __init__(self, name: str, root: TracedGroup, conf: Any, *, type_check: bool = True) -> None:
        self.name = name
        # The innermost last; each is an `OpsGroup`, which is made of what is below it here.
        self.groups: list[Any] = [root]
        self.conf = conf
        self.type_check = type_check
        self.ops: dict[str, Any] = {}
        self.notes: dict[Note, None] = {}
        self.group_id = 0
        self._names = UniqueNames()

    def add_op(self, op: object, wanted: str) -> str:
        """Add a task to the innermost group; return its name, which is unique in the pipeline.

        Args:
            op: The task.
            wanted: The name it should have.
        """
        name = self._names.new(wanted or "task")
        self.ops[name] = op
        self.groups[-1].ops.append(op)
        return name

    def next_group_id(self) -> int:
        """Return the next number that a group is named with."""
        self.group_id += 1
        return self.group_id


_trace: ContextVar[Trace | None] = ContextVar("kfp_jupyter_trace", default=None)


@contextmanager
def tracing(trace: Trace) -> Iterator[None]:
    """Record everything that is made inside in a trace."""
    token = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(token)


def current_trace() -> Trace | None:
    """Return the trace of the pipeline that is being traced in this context; None outside of one."""
    return _trace.get()


def required_trace(what: str) -> Trace:
    """Return the current trace.

    Args:
        what: What needs it, for the error.

    Raises:
        PipelineError: Outside of a pipeline.
    """
    trace = _trace.get()
    if trace is None:
        raise PipelineError(
            f"{what} was made outside a pipeline.",
            remedy="Make it inside the pipeline function.",
            position=author_position(),
        )
    return trace


def note(message: str) -> None:
    """Add a warning about the author's current line to the pipeline; outside of one, nothing happens."""
    trace = _trace.get()
    if trace is not None:
        trace.notes[Note(message, author_position())] = None


def line_position(line: tuple[str, int] | None) -> Position | None:
    """Return the position of a line that was noted while tracing."""
    return position_of(*line) if line else None
