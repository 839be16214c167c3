"""A value that is known only when the pipeline runs: a pipeline parameter or a task's output."""

from __future__ import annotations

from typing import Any, Final

from kfp_jupyter.components.types import TypeName
from kfp_jupyter.dsl.text import placeholder
from kfp_jupyter.errors import PipelineError, author_position


class PipelineParam:
    """A pipeline parameter or a task's output.

    Pass it to a component, or format it into a string that is passed to one.

    Args:
        name: Name of the parameter or output.
        op_name: Name of the task whose output it is; None for a pipeline parameter.
        value: Default of a pipeline parameter.
        param_type: Its type; None for none.
    """

    def __init__(self, name: str, op_name: str | None = None, value: Any = None, param_type: TypeName = None) -> None:
        self.name: Final = name
        self.op_name: Final = op_name
        self.value: Final = value
        self.param_type: TypeName = param_type

    def __str__(self) -> str:
        return placeholder(self.op_name or "", self.name)

    def __repr__(self) -> str:
        source = f"output {self.name!r} of task {self.op_name!r}" if self.op_name else f"parameter {self.name!r}"
        return f"<{source}>"

    def ignore_type(self) -> PipelineParam:
        """Return the same without a type, which may be passed to any input."""
        return PipelineParam(self.name, self.op_name, self.value)

    def _not_known(self, what: str) -> PipelineError:
        return PipelineError(
            f"The {self!r:.100} has no value yet, so the pipeline can't {what}.".replace("<", "").replace(">", ""),
            remedy="Pass it to a component, and do that there.",
            position=author_position(),
        )

    def __bool__(self) -> bool:
        raise self._not_known("test it")

    def __iter__(self) -> Any:
        raise self._not_known("loop over it")

    def __float__(self) -> float:
        raise self._not_known("make a number of it")

    __int__ = __index__ = __float__
