"""A condition → Argo's ``when``: an expression of govaluate, evaluated after the tags in it are replaced.

Source: ``_group_to_dag_template`` in ``kfp/compiler/compiler.py`` of kfp 1.8.24;
https://argo-workflows.readthedocs.io/en/release-3.7/walk-through/conditionals/.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kfp_jupyter.dsl.conditions import AllOf, AnyOf, Comparison, Not, Test
from kfp_jupyter.dsl.placeholders import Reference, fill

Tag = Callable[[Reference], str]


def when(test: Test, tag: Tag) -> str:
    """Return a condition as an expression.

    Args:
        test: The condition.
        tag: Returns the tag of a reference.
    """
    if isinstance(test, Comparison):
        if test.operator in ("==", "!="):
            return f'"{_text(test.operand1, tag)}" {test.operator} "{_text(test.operand2, tag)}"'
        return f"{_operand(test.operand1, tag)} {test.operator} {_operand(test.operand2, tag)}"
    if isinstance(test, Not):
        return f"!({when(test.part, tag)})"
    if isinstance(test, (AllOf, AnyOf)):
        sign = " && " if isinstance(test, AllOf) else " || "
        return sign.join(_part(part, tag) for part in test.parts)
    raise TypeError(f"a test of no known kind: {test!r}")


def _part(test: Test, tag: Tag) -> str:
    text = when(test, tag)
    return f"({text})" if isinstance(test, (AllOf, AnyOf)) else text


def _text(value: Any, tag: Tag) -> str:
    """An operand inside quotes; kfp writes quotes and backslashes as they are, and Argo can't read them."""
    if not isinstance(value, Reference):
        value = value.replace("\\", r"\\").replace('"', r"\"")
    return _operand(value, tag)


def _operand(value: Any, tag: Tag) -> str:
    return tag(value) if isinstance(value, Reference) else str(fill(value, tag))
