"""What `dsl.ParallelFor` loops over, and the item that its body sees.

Source: ``kfp/dsl/_for_loop.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from typing import Any

from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.errors import PipelineError, author_position

_METHODS = frozenset(("ignore_type", "to_struct", "items_or_pipeline_param"))


class LoopArguments(PipelineParam):
    """The item of a loop. ``item.a`` is the value of its key ``a`` when items are mappings, whatever the key's name.

    Args:
        items: The values, or the parameter or output that holds them as a JSON list.
        name: The item's name in the Workflow.
        op_name: Name of the task whose output is looped over; empty for other loops.
    """

    def __init__(self, items: list[Any] | PipelineParam, name: str, op_name: str = "") -> None:
        super().__init__(name, op_name)
        self._items = items
        self._keys = _keys(items) if isinstance(items, list) else None

    @property
    def items_or_pipeline_param(self) -> Any:
        """What is looped over."""
        return self._items

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_") or name in _METHODS:
            return super().__getattribute__(name)
        if self._keys is not None and name not in self._keys:
            known = ", ".join(f".{key}" for key in self._keys)
            raise PipelineError(
                f"The items of the loop have no key {name!r}.",
                remedy=f"They have {known}." if known else "They are not mappings: use the item itself.",
                position=author_position(),
            )
        return LoopArgumentVariable(self, name)


class LoopArgumentVariable(PipelineParam):
    """The value of one key of a loop's item.

    Args:
        loop_args: The item.
        key: The key.
    """

    def __init__(self, loop_args: LoopArguments, key: str) -> None:
        task, name = loop_args._ref
        super().__init__(f"{name}-subvar-{key}", task)
        self._loop_args = loop_args


def _keys(items: list[Any]) -> tuple[str, ...]:
    """Return the keys that all items have; none where items are no mappings."""
    if not isinstance(items[0], dict):
        return ()
    for number, item in enumerate(items):
        if not isinstance(item, dict) or item.keys() != items[0].keys():
            raise PipelineError(
                f"The items of the loop differ in their keys: {items[0]!r:.100}, but item {number} is {item!r:.100}.",
                remedy="Give every item the same keys.",
                position=author_position(),
            )
    for key in items[0]:
        if not isinstance(key, str) or not key.isidentifier() or not key.isascii():
            raise PipelineError(
                f"The key {key!r} of the loop's items can't be used as `item.{key}`.",
                remedy="Use keys of letters, digits and underscores that don't begin with a digit.",
                position=author_position(),
            )
    return tuple(items[0])
