"""A pipeline function, and the graph it makes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, overload

import docstring_parser

from kfp_jupyter.components.functions import human_name
from kfp_jupyter.components.structures import InputSpec
from kfp_jupyter.components.types import strip_optional, to_text, type_name
from kfp_jupyter.dsl.checks import check_order
from kfp_jupyter.dsl.graph import PipelineGraph
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.tracing import current_trace, tracing
from kfp_jupyter.errors import ComponentError, PipelineError, Position, position_of


class Pipeline:
    """A pipeline: a function that wires components, with a name and a description.

    Args:
        function: Its arguments are the pipeline's parameters.
        name: For people; made of the function's name unless given.
        description: For people; the first sentence of the docstring unless given.
    """

    def __init__(self, function: Callable[..., Any], name: str = "", description: str = "") -> None:
        self.function = function
        self.name = name or human_name(function.__name__)
        doc = docstring_parser.parse(inspect.getdoc(function) or "")
        self.description = description or doc.short_description or ""
        self._descriptions = {p.arg_name: p.description for p in doc.params}
        functools.update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function: inside another pipeline its tasks become that one's.

        Raises:
            PipelineError: Outside of a pipeline.
        """
        if current_trace() is None:
            raise PipelineError(
                f"The pipeline {self.name!r} was called outside a pipeline.",
                remedy="Press Submit run in its view, or compile it with Compiler().compile().",
            )
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<pipeline {self.name!r} {inspect.signature(self.function)}>"

    def graph(self) -> PipelineGraph:
        """Run the function with placeholders for its parameters and return what it makes.

        Raises:
            PipelineError: The wiring is wrong, or the pipeline has no tasks.
        """
        parameters = self.parameters()
        with tracing() as trace:
            self.function(**{p.name: PipelineParam(p.name, value=p.default, param_type=p.type) for p in parameters})
        if not trace.ops:
            raise PipelineError(
                f"The pipeline {self.name!r} makes no tasks.",
                remedy="Call at least one component in it.",
                position=self._position(),
            )
        tasks = tuple(op.freeze() for op in trace.ops.values())
        graph = PipelineGraph(self.name, self.description, parameters, tasks)
        check_order(graph)
        return graph

    def parameters(self) -> tuple[InputSpec, ...]:
        """Return the pipeline's parameters, in the order of the function's arguments."""
        return tuple(map(self._parameter, inspect.signature(self.function, eval_str=True).parameters.values()))

    def _parameter(self, parameter: inspect.Parameter) -> InputSpec:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise PipelineError(
                f"The argument {str(parameter)!r} of the pipeline {self.name!r} can't be a parameter.",
                remedy="Give each parameter an argument of its own.",
                position=self._position(),
            )
        empty = inspect.Parameter.empty
        annotation = None if parameter.annotation is empty else strip_optional(parameter.annotation)
        kind = type_name(annotation)
        default = None if parameter.default is empty else parameter.default
        if isinstance(default, PipelineParam):
            default = default.value
        what = f"the default of parameter {parameter.name!r} of pipeline {self.name!r}"
        try:
            text = None if default is None else to_text(default, kind, what)
        except ComponentError as error:
            raise PipelineError(error.message, remedy=error.remedy, position=self._position()) from None
        return InputSpec(
            parameter.name, kind, self._descriptions.get(parameter.name), text, parameter.default is not empty
        )

    def _position(self) -> Position:
        code = inspect.unwrap(self.function).__code__
        return position_of(code.co_filename, code.co_firstlineno)


@overload
def pipeline(name: Callable[..., Any]) -> Pipeline: ...
@overload
def pipeline(name: str | None = None, description: str | None = None) -> Callable[[Callable[..., Any]], Pipeline]: ...
def pipeline(name: Any = None, description: str | None = None) -> Any:
    """Decorate a function as a pipeline.

    Args:
        name: For people; made of the function's name unless given.
        description: For people; the docstring's first sentence unless given.
    """
    if callable(name):
        return Pipeline(name)
    return lambda function: Pipeline(function, name or "", description or "")
