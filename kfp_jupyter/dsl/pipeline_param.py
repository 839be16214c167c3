"""A value that is known only when the pipeline runs: a pipeline parameter or a task's output.

Source: ``kfp/dsl/_pipeline_param.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kfp_jupyter.components.types import TypeName
from kfp_jupyter.dsl.conditions import Comparison
from kfp_jupyter.dsl.future_value import FutureValue
from kfp_jupyter.dsl.placeholders import Reference, placeholder
from kfp_jupyter.dsl.tracing import note

if TYPE_CHECKING:
    from typing_extensions import Self


class PipelineParam(FutureValue):
    """A pipeline parameter or a task's output.

    Pass it to a component, format it into a string that is passed to one, or compare it in a `dsl.Condition`.

    Args:
        name: Name of the parameter or output.
        op_name: Name of the task whose output it is; None for a pipeline parameter.
        value: Default of a pipeline parameter.
        param_type: Its type; None for none.
        pattern: Not used; KFP v1 has it.

    Example:
        accuracy = train().outputs["accuracy"]
        deploy(f"model with accuracy {accuracy}")
    """

    def __init__(
        self,
        name: str,
        op_name: str | None = None,
        value: Any = None,
        param_type: TypeName = None,
        pattern: str | None = None,  # noqa: ARG002  (KFP v1's signature)
    ) -> None:
        super().__init__(Reference(op_name or "", name))
        self._value = value
        self._type: TypeName = param_type

    @property
    def name(self) -> str:
        """Name of the parameter or output."""
        return self._ref.name

    @property
    def op_name(self) -> str | None:
        """Name of the task whose output it is; None for a pipeline parameter."""
        return self._ref.task or None

    @property
    def value(self) -> Any:
        """The value, when it is known while the pipeline is being built; None otherwise."""
        return self._value

    @property
    def param_type(self) -> TypeName:
        """The type; None for none."""
        return self._type

    @param_type.setter
    def param_type(self, kind: TypeName) -> None:
        self._type = kind

    @property
    def full_name(self) -> str:
        """The name under which it travels through a Workflow: ``task-output``, or the parameter's own."""
        return f"{self._ref.task}-{self._ref.name}" if self._ref.task else self._ref.name

    @property
    def pattern(self) -> str:
        """Its placeholder in a string."""
        return str(self)

    def __str__(self) -> str:
        return placeholder(self._ref)

    __repr__ = __str__  # A list of outputs that is formatted into a string holds them all.

    def to_struct(self) -> str:
        """Return its placeholder in JSON."""
        return str(self)

    def ignore_type(self) -> Self:
        """Forget the type, so that it may be passed to any input; return it."""
        self._type = None
        return self

    def __eq__(self, other: object) -> Comparison:  # type: ignore[override]  # a condition, not an answer
        return Comparison("==", self, other)

    def __ne__(self, other: object) -> Comparison:  # type: ignore[override]  # a condition, not an answer
        return Comparison("!=", self, other)

    def __lt__(self, other: object) -> Comparison:
        return Comparison("<", self, other)

    def __le__(self, other: object) -> Comparison:
        return Comparison("<=", self, other)

    def __gt__(self, other: object) -> Comparison:
        return Comparison(">", self, other)

    def __ge__(self, other: object) -> Comparison:
        return Comparison(">=", self, other)

    def __hash__(self) -> int:
        return hash(self._ref)

    def __bool__(self) -> bool:
        note(
            f"{self._described()} has no value yet, so this test is always true while the pipeline is built. "
            "To decide when it runs, use `with dsl.Condition(...)`."
        )
        return True
