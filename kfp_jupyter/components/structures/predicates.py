"""What decides whether a graph's task runs. Graphs may say it; KFP v1 reads it and heeds it nowhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from kfp_jupyter.components.structures.interface import Primitive
from kfp_jupyter.components.structures.model import Changeable
from kfp_jupyter.components.structures.references import Argument, GraphInputArgument, TaskOutputArgument


@dataclasses.dataclass(slots=True, eq=False)
class TwoOperands(Changeable):
    """What is compared.

    Attributes:
        op1: The left side.
        op2: The right side.
    """

    _what = "A comparison"

    op1: Argument
    op2: Argument


@dataclasses.dataclass(slots=True, eq=False)
class BinaryPredicate(Changeable):
    """A comparison of two values.

    Attributes:
        operands: The values.
    """

    _what = "A predicate"

    operands: TwoOperands


class EqualsPredicate(BinaryPredicate):
    """Whether both are the same."""

    _keys: ClassVar[Mapping[str, str]] = {"operands": "=="}


class NotEqualsPredicate(BinaryPredicate):
    """Whether they differ."""

    _keys: ClassVar[Mapping[str, str]] = {"operands": "!="}


class GreaterThanPredicate(BinaryPredicate):
    """Whether the left side is greater."""

    _keys: ClassVar[Mapping[str, str]] = {"operands": ">"}


class GreaterThanOrEqualPredicate(BinaryPredicate):
    """Whether the left side is not less."""

    _keys: ClassVar[Mapping[str, str]] = {"operands": ">="}


class LessThenPredicate(BinaryPredicate):
    """Whether the left side is less."""

    _keys: ClassVar[Mapping[str, str]] = {"operands": "<"}


class LessThenOrEqualPredicate(BinaryPredicate):
    """Whether the left side is not greater."""

    _keys: ClassVar[Mapping[str, str]] = {"operands": "<="}


@dataclasses.dataclass(slots=True, eq=False)
class TwoBooleanOperands(Changeable):
    """What is joined.

    Attributes:
        op1: The one.
        op2: The other.
    """

    _what = "A pair of predicates"

    op1: Predicate
    op2: Predicate


@dataclasses.dataclass(slots=True, eq=False)
class NotPredicate(Changeable):
    """Whether another doesn't hold.

    Attributes:
        operand: The other.
    """

    _what = "A predicate"
    _keys: ClassVar[Mapping[str, str]] = {"operand": "not"}

    operand: Predicate


@dataclasses.dataclass(slots=True, eq=False)
class AndPredicate(Changeable):
    """Whether both hold.

    Attributes:
        operands: The two.
    """

    _what = "A predicate"
    _keys: ClassVar[Mapping[str, str]] = {"operands": "and"}

    operands: TwoBooleanOperands


@dataclasses.dataclass(slots=True, eq=False)
class OrPredicate(Changeable):
    """Whether one of them holds.

    Attributes:
        operands: The two.
    """

    _what = "A predicate"
    _keys: ClassVar[Mapping[str, str]] = {"operands": "or"}

    operands: TwoBooleanOperands


Predicate = (
    EqualsPredicate
    | NotEqualsPredicate
    | GreaterThanPredicate
    | GreaterThanOrEqualPredicate
    | LessThenPredicate
    | LessThenOrEqualPredicate
    | NotPredicate
    | AndPredicate
    | OrPredicate
    | Primitive
    | GraphInputArgument
    | TaskOutputArgument
)
"""What decides whether a task runs."""
