"""Tests on values that are known only when the pipeline runs.

Comparing a parameter or output makes a `Comparison`; ``and``, ``or``, ``not`` and chained comparisons of these in a
pipeline function make the other kinds (see `boolean_rewrite`).
"""

from __future__ import annotations

import dataclasses
from typing import Any

from kfp_jupyter.errors import PipelineError, author_position

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Test:
    """A condition that `dsl.Condition` accepts."""

    def __bool__(self) -> bool:
        raise PipelineError(
            "A comparison with a value that is known only when the pipeline runs was evaluated in Python.",
            remedy="Write `with dsl.Condition(...):` around the tasks that depend on it; "
            "use `and`, `or` and `not` of comparisons only in the pipeline function itself.",
            position=author_position(),
        )


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Comparison(Test):
    """One comparison. KFP v1 calls it ConditionOperator.

    Attributes:
        operator: One of == != < <= > >=.
        operand1: Left side: a parameter, an output or a value.
        operand2: Right side.
    """

    operator: str
    operand1: Any
    operand2: Any

    def __bool__(self) -> bool:
        """Where Python itself compares, in ``param in params`` or ``param == None``, it asks whether both are one."""
        mine, theirs = getattr(self.operand1, "_ref", None), getattr(self.operand2, "_ref", None)
        if self.operator in ("==", "!=") and (theirs is not None or self.operand2 is None):
            return (mine == theirs) == (self.operator == "==")
        return Test.__bool__(self)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class AllOf(Test):
    """True when all of its parts are.

    Attributes:
        parts: At least two.
    """

    parts: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class AnyOf(Test):
    """True when one of its parts is.

    Attributes:
        parts: At least two.
    """

    parts: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Not(Test):
    """True when its part isn't.

    Attributes:
        part: Not a comparison: those are turned round.
    """

    part: Any


def negated(test: Test) -> Test:
    """Return the opposite of a test."""
    if isinstance(test, Comparison):
        return Comparison(_OPPOSITE[test.operator], test.operand1, test.operand2)
    return test.part if isinstance(test, Not) else Not(test)
