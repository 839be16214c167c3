"""A component as an author uses it: call it in a pipeline and it makes a task, call it elsewhere and it runs."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
import keyword
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from kfp_jupyter.components.structures import ComponentReference, ComponentSpec, InputSpec
from kfp_jupyter.errors import PipelineError, UsageError, author_position
from kfp_jupyter.naming import unique_name


@dataclasses.dataclass(frozen=True, slots=True)
class StepSettings:
    """What every task of a component is given, unless the pipeline says otherwise.

    Attributes:
        cpu: CPU limit in Kubernetes' notation, such as ``500m``; empty for none.
        memory: Memory limit in Kubernetes' notation, such as ``1Gi``; empty for none.
        isolated: Whether the local engine runs it without what the notebook has installed.
        cache: Whether an earlier result may be used.
    """

    cpu: str = ""
    memory: str = ""
    isolated: bool = False
    cache: bool = True


TaskMaker = Callable[["Component", dict[str, Any]], Any]

task_maker: ContextVar[TaskMaker | None] = ContextVar("kfp_jupyter_task_maker", default=None)
"""Makes a task of a component and its arguments (by input name); set while a pipeline is being traced."""


class Component:
    """A component that can be called.

    Args:
        spec: What it is.
        function: The Python function it was made of, if it was.
        settings: What its tasks are given.
        reference: Where it came from.
    """

    def __init__(
        self,
        spec: ComponentSpec,
        function: Callable[..., Any] | None = None,
        settings: StepSettings | None = None,
        reference: ComponentReference | None = None,
    ) -> None:
        self.component_spec = spec
        self.python_func = function
        self.settings = settings or StepSettings()
        self.reference = reference or ComponentReference()
        self._input_by_argument = _argument_names(spec)
        self.__name__ = function.__name__ if function else spec.title
        self.__doc__ = "\n".join(filter(None, (spec.name, spec.description)))
        self.__signature__ = self._make_signature()

    @property
    def name(self) -> str:
        """The component's name, for people."""
        return self.component_spec.title

    @functools.cached_property
    def spec_json(self) -> str:
        """The component as JSON, as an annotation of its templates has it."""
        return json.dumps(self.component_spec.to_dict(), sort_keys=True)

    @functools.cached_property
    def reference_json(self) -> str:
        """Where it came from, as JSON."""
        return json.dumps(self.reference.to_dict(), sort_keys=True)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make a task while a pipeline is being traced; outside of one, run the function as plain Python.

        Raises:
            PipelineError: In a pipeline: an argument is missing or unknown, or has the wrong type.
            UsageError: Outside a pipeline, when there is no Python function to run.
        """
        make_task = task_maker.get()
        if make_task is not None:
            return make_task(self, self._bind(args, kwargs))
        if self.python_func is None:
            raise UsageError(
                f"The component {self.name!r} has no Python function that could be run outside a pipeline.",
                remedy="Call it in a pipeline.",
                position=author_position(),
            )
        return self.python_func(*args, **kwargs)

    def __repr__(self) -> str:
        inputs = ", ".join(self._input_by_argument)
        outputs = ", ".join(output.name for output in self.component_spec.outputs)
        return f"<component {self.name!r} ({inputs}) → ({outputs})>"

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        try:
            bound = self.__signature__.bind(*args, **kwargs)
        except TypeError as error:
            raise PipelineError(
                f"Component {self.name!r}: {error}.",
                remedy=f"It takes {self.__signature__}." if self._input_by_argument else "It takes no arguments.",
                position=author_position(),
            ) from None
        return {self._input_by_argument[name]: value for name, value in bound.arguments.items()}

    def _make_signature(self) -> inspect.Signature:
        """Inputs that must be given first: Python wants it so."""
        argument = {name: key for key, name in self._input_by_argument.items()}
        ordered = sorted(self.component_spec.inputs, key=_has_default)
        return inspect.Signature(
            [
                inspect.Parameter(
                    argument[i.name],
                    inspect.Parameter.POSITIONAL_OR_KEYWORD,
                    default=i.default if _has_default(i) else inspect.Parameter.empty,
                )
                for i in ordered
            ]
        )


def _has_default(spec: InputSpec) -> bool:
    return spec.optional or spec.default is not None


def _argument_names(spec: ComponentSpec) -> Mapping[str, str]:
    """Map the names by which inputs can be passed in Python to the inputs' own names."""
    names: dict[str, str] = {}
    for i in sorted(spec.inputs, key=lambda i: python_name(i.name) != i.name):
        names[unique_name(python_name(i.name), names, "_")] = i.name
    return names


@functools.cache
def python_name(name: str) -> str:
    """Return a name as a Python identifier, as KFP v1 makes it: ``Train data`` → ``train_data``."""
    words = "".join(c.lower() if c.isalnum() else " " for c in name).split()
    text = "_".join(words)
    return f"n{text}" if text[:1].isdigit() else f"{text}_" if keyword.iskeyword(text) else text
