"""A task's outputs by name."""

from __future__ import annotations

import functools
import re
from typing import Any

from kfp_jupyter.components.component import python_name
from kfp_jupyter.dsl.future_value import FutureValueAttributeError
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.errors import PipelineError, author_position

UI_OUTPUTS = ("mlpipeline-ui-metadata", "mlpipeline-metrics")
"""Outputs that are only displayed: no task can use them."""


@functools.lru_cache(maxsize=10_000)
def ui_output(name: str) -> str | None:
    """Return the artifact name of an output that is only displayed (``MLPipeline UI metadata``), None for others."""
    artifact = re.sub("[^a-zA-Z0-9]", "-", name.lower())
    return artifact if artifact in UI_OUTPUTS else None


class Outputs(dict[str, PipelineParam]):
    """A task's outputs by name; a name in its Python form finds them too.

    Args:
        task: The task's name.
        names: The outputs' names.
    """

    def __init__(self, task: str, names: dict[str, PipelineParam]) -> None:
        super().__init__(names)
        self._task = task

    def __missing__(self, name: str) -> PipelineParam:
        for candidate, output in self.items():
            if name == python_name(candidate):
                return output
        if isinstance(name, str) and ui_output(name):
            raise PipelineError(
                f"The output {name!r} of the task {self._task!r} is only displayed and can't be passed on.",
                remedy="Write the data to a separate output.",
                position=author_position(),
            )
        known = ", ".join(map(repr, self)) or "none"
        raise PipelineError(
            f"The task {self._task!r} has no output {name!r}.",
            remedy=f"Its outputs: {known}.",
            position=author_position(),
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise FutureValueAttributeError(
            f"The outputs of the task {self._task!r} have no attribute {name!r}.",
            remedy=f"Write {' or '.join(f'.outputs[{output!r}]' for output in self)}."
            if self
            else "It has no outputs.",
            position=author_position(),
        )

    def only(self) -> PipelineParam:
        """Return the only output.

        Raises:
            PipelineError: There is none, or several.
        """
        different = dict.fromkeys(self.values())
        if len(different) == 1:
            return next(iter(different))
        names = ", ".join(f'.outputs["{name}"]' for name in self)
        raise PipelineError(
            f"The task {self._task!r} has {len(different)} outputs, so .output is ambiguous."
            if different
            else f"The task {self._task!r} has no outputs, so it has no .output.",
            remedy=f"Use {names}." if names else "",
            position=author_position(),
        )
