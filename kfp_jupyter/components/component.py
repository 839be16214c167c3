"""A component that can be called: in a pipeline the call makes a task, elsewhere it runs the function.

Source: ``kfp/components/_components.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
import keyword
import warnings
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from kfp_jupyter.components.callables import called
from kfp_jupyter.components.structures import (
    ComponentReference,
    ComponentSpec,
    InputSpec,
    TaskSpec,
    changes,
    last_change,
)
from kfp_jupyter.components.structures.dense_json import dense_json
from kfp_jupyter.components.types import python_type, shown
from kfp_jupyter.errors import PipelineError, author_position
from kfp_jupyter.naming import unique_name


@dataclasses.dataclass(frozen=True, slots=True)
class StepSettings:
    """Settings of all tasks of a component; a pipeline can override them.

    Attributes:
        cpu: CPU limit in Kubernetes' notation, such as ``500m``; empty for none.
        memory: Memory limit in Kubernetes' notation, such as ``1Gi``; empty for none.
        gpu: Whose GPUs and how many, such as ``("nvidia", 1)``; None for none.
        retry: The most retries of a failed step.
        timeout: Seconds after which a step is ended; 0 for never.
        node_selector: Labels that the node must have.
        isolated: Whether the local engine runs it without what the notebook has installed.
        cache: Whether an earlier result may be used.
    """

    cpu: str = ""
    memory: str = ""
    gpu: tuple[str, int] | None = None
    retry: int = 0
    timeout: int = 0
    node_selector: Mapping[str, str] = dataclasses.field(default_factory=dict)
    isolated: bool = False
    cache: bool = True


TaskMaker = Callable[["Component", dict[str, Any]], Any]

task_maker: ContextVar[TaskMaker | None] = ContextVar("kfp_jupyter_task_maker", default=None)
"""Makes a task of a component and its arguments (by input name); set while a pipeline is being traced.

It is given components that are containers; a graph component makes the tasks of its parts.
"""

_NO_SETTINGS = StepSettings()


class Component:
    """A component that can be called.

    Args:
        spec: Its spec.
        function: The Python function that it was made from, if any.
        settings: Settings of its tasks.
        reference: Where it came from.

    Example:
        echo = components.load_component_from_text('''
            name: Echo
            inputs: [{name: text}]
            implementation: {container: {image: "alpine:3.19", command: [echo, {inputValue: text}]}}
        ''')
        echo("hello")
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
        self.settings = settings or _NO_SETTINGS
        self.reference = reference or ComponentReference()
        self._input_by_argument = _argument_names(spec)
        self.__name__ = called(function) if function else spec.title
        self.__doc__ = "\n".join(filter(None, (spec.name, spec.description)))
        self.__signature__ = self._make_signature()
        self._in_order = [self._input_by_argument[name] for name in self.__signature__.parameters]
        self._required = [i.name for i in spec.inputs if not _has_default(i)]
        self._json: tuple[int, int, str, str] | None = None

    @property
    def name(self) -> str:
        """The component's name."""
        return self.component_spec.title

    @property
    def spec_json(self) -> str:
        """The component as JSON, keys sorted; without spaces; computed again only after something has been changed."""
        return self._as_json()[2]

    @property
    def reference_json(self) -> str:
        """Where the component came from as JSON, keys sorted."""
        return self._as_json()[3]

    def _as_json(self) -> tuple[int, int, str, str]:
        made = self._json
        if made is None or (made[0] != changes() and made[1] != self._last_change()):
            reference = dataclasses.replace(self.reference, spec=None).to_dict()
            spec = self.component_spec.to_dict()
            made = self._json = changes(), self._last_change(), dense_json(spec), json.dumps(reference, sort_keys=True)
        return made

    def _last_change(self) -> int:
        return max(self.component_spec.last_change, last_change(self.reference))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make a task while a pipeline is being traced; outside of one, run the function as plain Python.

        A component without a Python function makes a task that is not in a pipeline, and a warning says so.

        Raises:
            PipelineError: An argument is missing or unknown, or has the wrong type.
        """
        make_task = task_maker.get()
        if make_task is not None:
            return self.make_task(self._bind(args, kwargs), make_task)
        if self.python_func is None:
            return self.task_of_no_pipeline(self._bind(args, kwargs))
        return self.python_func(*args, **kwargs)

    def task_of_no_pipeline(self, arguments: dict[str, Any]) -> TaskSpec:
        """Return the task of a call outside a pipeline, and warn that it will not run.

        Args:
            arguments: By input name.
        """
        warnings.warn(
            f"The component {self.name!r} is called outside a pipeline, and it has no Python function to run, so "
            "nothing runs. Call it inside the pipeline function.",
            stacklevel=3,
        )
        return TaskSpec(dataclasses.replace(self.reference, spec=self.component_spec), arguments)

    def make_task(self, arguments: dict[str, Any], make_task: TaskMaker) -> Any:
        """Make the task of a call in a pipeline.

        Args:
            arguments: By input name.
            make_task: Makes one task.
        """
        return make_task(self, arguments)

    def check_arguments(self, arguments: Mapping[str, Any], what: str) -> None:
        """Check that arguments by input name are those that the component takes.

        Args:
            arguments: By input name.
            what: How an error calls the task they are for.

        Raises:
            PipelineError: One is missing or unknown.
        """
        missing = [name for name in self._required if name not in arguments]
        unknown = [name for name in arguments if name not in self._in_order]
        if missing or unknown:
            raise PipelineError(
                f"The {what} has no value for the input {missing[0]!r}."
                if missing
                else f"The {what} is given {unknown[0]!r}, which is not an input of component {self.name!r}.",
                remedy=f"Inputs of {self.name!r}: {', '.join(map(repr, self._in_order)) or 'none'}.",
                position=author_position(),
            )

    def __repr__(self) -> str:
        inputs = ", ".join(self._input_by_argument)
        outputs = ", ".join(output.name for output in self.component_spec.outputs)
        return f"<component {self.name!r} ({inputs}) → ({outputs})>"

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments by input name, in the signature's order."""
        in_order = self._in_order
        arguments = dict(zip(in_order, args, strict=False))
        if kwargs:
            names = self._input_by_argument
            named = {names.get(argument, ""): value for argument, value in kwargs.items()}
            if "" in named or not arguments.keys().isdisjoint(named):
                return self._slowly_bound(args, kwargs)
            arguments |= {name: named[name] for name in in_order if name in named}
        if len(args) > len(in_order):
            return self._slowly_bound(args, kwargs)
        for name in self._required:
            if name not in arguments:
                return self._slowly_bound(args, kwargs)
        return arguments

    def _slowly_bound(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Bind arguments with Python's own function, for its error messages."""
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
        """Make the signature: required inputs first, as Python requires."""
        argument = {name: key for key, name in self._input_by_argument.items()}
        ordered = sorted(self.component_spec.inputs, key=_has_default)
        return inspect.Signature(
            [
                inspect.Parameter(
                    argument[i.name],
                    inspect.Parameter.POSITIONAL_OR_KEYWORD,
                    default=i.default if _has_default(i) else inspect.Parameter.empty,
                    annotation=python_type(i.type) or shown(i.type) if i.type else inspect.Parameter.empty,
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
        names[unique_name(python_name(i.name) or "input", names, "_")] = i.name
    return names


@functools.cache
def python_name(name: str) -> str:
    """Return a name as a Python identifier, as KFP v1 makes it: ``Train data`` → ``train_data``."""
    words = "".join(c.lower() if c.isalnum() else " " for c in name).split()
    text = "_".join(words)
    return f"n{text}" if text[:1].isdigit() else f"{text}_" if keyword.iskeyword(text) else text
