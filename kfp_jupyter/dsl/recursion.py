"""The arguments of a recursive graph component: each must be an input of the group that it repeats.

Source: ``get_arguments_for_sub_group`` in ``kfp/compiler/compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.dsl.groups import Graph
from kfp_jupyter.errors import PipelineError, author_position


def check_recursion(repeated: Graph, defaults: Mapping[str, Any]) -> None:
    """Check that no argument of a repeated call is lost.

    Args:
        repeated: The call inside the graph component itself.
        defaults: Defaults of the arguments that it doesn't give.

    Raises:
        PipelineError: The first call leaves an argument to its default that the repeated call gives, or the other
            way round, or gives one value for two arguments that the repeated call gives two values for.
    """
    first = repeated.recursive_ref
    if not isinstance(first, Graph):
        return
    what = f"of the graph component {repeated.function_name!r}"
    for name in repeated.arguments:
        if name not in first.arguments:
            raise PipelineError(
                f"The first call {what} leaves the argument {name!r} to its default, which the repeated call can't "
                "change.",
                remedy=f"Pass a pipeline parameter or an output of a task as {name!r} in the first call too.",
                position=first.position,
            )
    for name in first.arguments:
        if name not in repeated.arguments:
            raise PipelineError(
                f"The repeated call {what} leaves the argument {name!r} to its default {defaults.get(name)!r:.80}, "
                "but the first call passes it.",
                remedy=f"Pass {name!r} in the repeated call too.",
                position=author_position(),
            )
    _check_one_value_stays_one(first, repeated, what)


def _check_one_value_stays_one(first: Graph, repeated: Graph, what: str) -> None:
    """A group of a Workflow has one input for a value, whatever number of arguments it is."""
    seen: dict[Any, str] = {}
    for name, value in first.arguments.items():
        other = seen.setdefault(value._ref, name)
        if repeated.arguments[other]._ref != repeated.arguments[name]._ref:
            raise PipelineError(
                f"The first call {what} passes one value as {other!r} and {name!r}, but the repeated call passes two.",
                remedy="Pass two parameters or outputs in the first call too; they may have the same value.",
                position=first.position,
            )
