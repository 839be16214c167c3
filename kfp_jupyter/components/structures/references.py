"""Where an argument of a graph's task comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from kfp_jupyter.components.structures.interface import Primitive
from kfp_jupyter.components.structures.model import Changeable, StructureError
from kfp_jupyter.components.types import TypeName
from kfp_jupyter.errors import PipelineError, author_position


class _Reference(Changeable):
    """A placeholder of a value that is known only during the run."""

    __slots__ = ()
    _what = "An argument"

    def __format__(self, spec: str) -> str:
        raise PipelineError(
            "An input or output of a graph component was formatted into a string, which a graph component can't store.",
            remedy="Pass it unchanged to a component that makes the string.",
            position=author_position(),
        )


@dataclasses.dataclass(slots=True, eq=False)
class GraphInputReference(Changeable):
    """Names an input of the graph.

    Attributes:
        input_name: The input.
        type: Type to take it for; None for its own.
    """

    _what = "A reference to a graph's input"
    _keys: ClassVar[Mapping[str, str]] = {"input_name": "inputName"}

    input_name: str
    type: TypeName = None

    def as_argument(self) -> GraphInputArgument:
        """Return what passes the input to a task."""
        return GraphInputArgument(self)

    def with_type(self, type_spec: TypeName) -> GraphInputReference:
        """Return a reference that is taken for another type."""
        return dataclasses.replace(self, type=type_spec)

    def without_type(self) -> GraphInputReference:
        """Return a reference that fits any input."""
        return self.with_type(None)


@dataclasses.dataclass(slots=True, eq=False)
class GraphInputArgument(_Reference):
    """Passes an input of the graph to a task.

    Attributes:
        graph_input: The input.
    """

    _keys: ClassVar[Mapping[str, str]] = {"graph_input": "graphInput"}

    graph_input: GraphInputReference


@dataclasses.dataclass(slots=True, eq=False)
class TaskOutputReference(Changeable):
    """Names an output of a task of the graph.

    Attributes:
        output_name: The output.
        task_id: The task, once it has an id.
        task: The task itself, as long as it has none.
        type: Type to take it for; None for its own.
    """

    _what = "A reference to a task's output"
    _keys: ClassVar[Mapping[str, str]] = {"output_name": "outputName", "task_id": "taskId"}

    output_name: str
    task_id: str | None = None
    task: Any = None
    type: TypeName = None

    def __post_init__(self) -> None:
        if self.task_id is None and self.task is None:
            raise StructureError(f"A reference to the output {self.output_name!r} names no task.")

    def with_type(self, type_spec: TypeName) -> TaskOutputReference:
        """Return a reference that is taken for another type."""
        return dataclasses.replace(self, type=type_spec)

    def without_type(self) -> TaskOutputReference:
        """Return a reference that fits any input."""
        return self.with_type(None)


@dataclasses.dataclass(slots=True, eq=False)
class TaskOutputArgument(_Reference):
    """Passes an output of a task to another.

    Attributes:
        task_output: The output.
    """

    _keys: ClassVar[Mapping[str, str]] = {"task_output": "taskOutput"}

    task_output: TaskOutputReference

    @staticmethod
    def construct(task_id: str, output_name: str) -> TaskOutputArgument:
        """Return what passes an output of a task.

        Args:
            task_id: The task.
            output_name: The output.
        """
        return TaskOutputArgument(TaskOutputReference(output_name, task_id))

    def with_type(self, type_spec: TypeName) -> TaskOutputArgument:
        """Return an argument that is taken for another type."""
        return TaskOutputArgument(self.task_output.with_type(type_spec))

    def without_type(self) -> TaskOutputArgument:
        """Return an argument that fits any input."""
        return self.with_type(None)


Argument = Primitive | GraphInputArgument | TaskOutputArgument
"""What a graph's task is given for an input."""
