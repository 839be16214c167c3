"""A pipeline function, and the graph it makes.

Source: ``kfp/dsl/_pipeline.py`` of kfp 1.8.24.
"""

from __future__ import annotations
import __future__

import functools
import inspect
import re
import traceback
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, overload

import docstring_parser

from kfp_jupyter.components.callables import called, plain_function
from kfp_jupyter.components.component import task_maker
from kfp_jupyter.components.function_source import docstring_of, parameter_position
from kfp_jupyter.components.functions import human_name
from kfp_jupyter.components.signature import returned_outputs
from kfp_jupyter.components.structures import InputSpec, OutputSpec
from kfp_jupyter.components.types import strip_optional, text_of_default, type_name
from kfp_jupyter.dsl.boolean_rewrite import with_symbolic_booleans
from kfp_jupyter.dsl.checks import check
from kfp_jupyter.dsl.component_op import make_task
from kfp_jupyter.dsl.freezing import frozen_conf, frozen_group, frozen_task
from kfp_jupyter.dsl.future_value import IN_A_COMPONENT
from kfp_jupyter.dsl.graph import PipelineGraph
from kfp_jupyter.dsl.groups import OpsGroup
from kfp_jupyter.dsl.lint import lint
from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.dsl.pipeline_conf import PipelineConf
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.tracing import Trace, current_trace, tracing
from kfp_jupyter.dsl.transformers import transform
from kfp_jupyter.errors import (
    PACKAGE_DIR,
    KfpJupyterError,
    PipelineError,
    Position,
    author_position,
    is_of_a_shell,
    position_of,
)
from kfp_jupyter.naming import parameter_name

ROOT_PARAMETER = "pipeline-root"
"""The parameter that ``pipeline_root`` of the decorator is the default of."""


class Pipeline:
    """A pipeline: a function that wires components, with a name and a description.

    Args:
        function: Its arguments are the pipeline's parameters.
        name: The name to display; made from the function's name by default.
        description: The description; by default that of the docstring, None if there is none.
        pipeline_root: Default of the parameter ``pipeline-root``; None for no such parameter.

    Example:
        @dsl.pipeline(name="Training")
        def training(rate: float = 0.1):
            deploy(train(rate).outputs["model"])

        assert isinstance(training, dsl.Pipeline)
    """

    __name__: str

    def __init__(
        self,
        function: Callable[..., Any],
        name: str = "",
        description: str | None = None,
        pipeline_root: str | None = None,
    ) -> None:
        if not callable(function):
            raise PipelineError(
                f"A Pipeline can't be made from {function!r:.80}: it is not a function.",
                remedy="Decorate a function with @dsl.pipeline.",
                position=author_position(),
            )
        # Attributes of a function are the pipeline's too, those of a callable object are its own.
        functools.update_wrapper(self, function, updated=("__dict__",) if inspect.isfunction(function) else ())
        self.__name__ = called(function)
        self.function = function
        self.name = name or getattr(function, "_component_human_name", "") or human_name(self.__name__)
        doc = docstring_parser.parse(docstring_of(function))
        if description is None:
            description = getattr(function, "_component_description", None) or doc.short_description
            description = description.strip() if description is not None else None
        self.description = description
        self._wrong_defaults: dict[str, Note] = {}
        self._descriptions = {p.arg_name: p.description for p in doc.params}
        self.pipeline_root = pipeline_root

    @classmethod
    def of(cls, function: Pipeline | Callable[..., Any]) -> Pipeline:
        """Return a pipeline unchanged, and a function as a pipeline.

        Raises:
            PipelineError: It is neither.
        """
        if isinstance(function, cls):
            return function
        if not callable(function):
            raise PipelineError(f"{function!r:.80} is not a pipeline.", remedy="Pass a function with @dsl.pipeline.")
        if isinstance(function, types.MethodType) and isinstance(function.__func__, cls):
            return function.__func__.__get__(function.__self__)
        if isinstance(function, functools.partial) and isinstance(function.func, cls):
            own = function.func
            return own._of_other(functools.partial(own.function, *function.args, **function.keywords))
        inner = _decorated(function)
        if inner is not None:
            return inner._of_other(function)
        return cls(function, pipeline_root=getattr(function, "pipeline_root", None))

    def __get__(self, instance: object, owner: type | None = None) -> Pipeline:
        """Return the pipeline of the method, if the function is one."""
        return self if instance is None else self._of_other(types.MethodType(self.function, instance))

    def _of_other(self, function: Callable[..., Any]) -> Pipeline:
        return Pipeline(function, self.name, self.description, self.pipeline_root)

    @staticmethod
    def get_default_pipeline() -> Trace | None:
        """Return the trace of the running pipeline function; None if none is running."""
        return current_trace()

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
        return with_symbolic_booleans(self.function)(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<pipeline {self.name!r} {inspect.signature(self.function)}>"

    def graph(
        self, conf: PipelineConf | None = None, *, type_check: bool = True, extra: Sequence[PipelineParam] = ()
    ) -> PipelineGraph:
        """Run the function with placeholders for its parameters and return what it makes.

        Args:
            conf: Settings that replace those the function makes.
            type_check: Whether types that don't fit are an error; otherwise they are a note.
            extra: Further parameters of the pipeline.

        Raises:
            PipelineError: The wiring is wrong, the function raised an error, or the pipeline has no tasks.
        """
        parameters = self.parameters()
        root = OpsGroup("pipeline", self.name)
        root.position = self._position()
        trace = Trace(self.name, root, PipelineConf(), type_check=type_check)
        with tracing(trace), _making_tasks(), self._errors_at_their_line():
            self._run(parameters)
            conf = conf or trace.conf
            for op in trace.ops.values():
                transform(op, conf)
        if not trace.ops:
            raise PipelineError(
                f"The pipeline {self.name!r} has no tasks.",
                remedy="Call at least one component in it.",
                position=self._position(),
            )
        graph = PipelineGraph(
            name=self.name,
            description=self.description,
            parameters=(*parameters, *self._extra(extra)),
            outputs=self._outputs(),
            tasks={name: frozen_task(op) for name, op in trace.ops.items()},
            root=frozen_group(root),
            conf=frozen_conf(conf),
            notes=(*self.wrong_defaults(), *trace.notes),
        )
        check(graph)
        return lint(graph, self._line_of)

    def _run(self, parameters: Iterable[InputSpec]) -> None:
        """Run the function with placeholders of its parameters."""
        args, kwargs = [], {}
        for parameter, declared in zip(parameters, inspect.signature(self.function).parameters.values(), strict=True):
            value = PipelineParam(parameter_name(parameter.name), param_type=parameter.type)
            if declared.kind is declared.POSITIONAL_ONLY:
                args.append(value)
            else:
                kwargs[parameter.name] = value
        made = with_symbolic_booleans(self.function)(*args, **kwargs)
        if inspect.iscoroutine(made) or inspect.isgenerator(made):
            made.close()
            what = "async" if inspect.iscoroutine(made) else "a generator"
            raise PipelineError(
                f"The function of the pipeline {self.name!r} is {what}, so calling it runs none of its code.",
                remedy="Write def without async." if what == "async" else "Remove its yield.",
                position=self._position(),
            )

    def parameters(self) -> tuple[InputSpec, ...]:
        """Return the pipeline's parameters, in the order of the function's arguments."""
        return tuple(map(self._parameter, inspect.signature(self.function).parameters.values()))

    def wrong_defaults(self) -> tuple[Note, ...]:
        """Return what is wrong with defaults that aren't of their parameter's type."""
        self.parameters()
        return tuple(self._wrong_defaults.values())

    def _extra(self, params: Sequence[PipelineParam]) -> Iterator[InputSpec]:
        if self.pipeline_root is not None:
            yield InputSpec(ROOT_PARAMETER, default=self.pipeline_root)
        for param in params:
            default = None if param._value is None else str(param._value)
            yield InputSpec(param._ref.name, param._type, default=default)

    def _outputs(self) -> tuple[OutputSpec, ...]:
        returned = inspect.signature(self.function).return_annotation
        if returned in (inspect.Signature.empty, None, "None"):
            return ()
        return returned_outputs(self.function)

    def _parameter(self, parameter: inspect.Parameter) -> InputSpec:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            shown = str(parameter.replace(annotation=parameter.empty))
            raise PipelineError(
                f"The argument {shown!r} of the pipeline {self.name!r} can't be a parameter.",
                remedy="Declare each parameter as an argument of its own; a decorator that returns a new function "
                "needs functools.wraps.",
                position=self._position(),
            )
        empty = inspect.Parameter.empty
        annotation = None if parameter.annotation is empty else strip_optional(self._evaluated(parameter.annotation))
        kind = type_name(annotation, as_written=True)
        default = None if parameter.default is empty else parameter.default
        if isinstance(default, PipelineParam):
            default = default._value
        what = f"the default of parameter {parameter.name!r} of pipeline {self.name!r}"
        text, wrong = (None, None) if default is None else text_of_default(default, kind, what)
        if wrong is not None:
            lost = "" if text is not None else " The default is ignored, as in KFP v1."
            self._wrong_defaults[parameter.name] = Note(f"{wrong.message}{lost}", self._line_of(parameter.name))
        return InputSpec(
            parameter.name, kind, self._descriptions.get(parameter.name), text, parameter.default is not empty
        )

    def _evaluated(self, annotation: Any) -> Any:
        """Evaluate an annotation that is postponed; otherwise a string is the name of a type."""
        plain = plain_function(self.function)
        postponed = plain is not None and plain.__code__.co_flags & __future__.annotations.compiler_flag
        if plain is None or not isinstance(annotation, str) or not postponed:
            return annotation
        try:
            return eval(annotation, plain.__globals__)  # noqa: S307  (the author's own code)
        except (NameError, SyntaxError, AttributeError, TypeError):
            return annotation

    def _position(self) -> Position | None:
        plain = plain_function(self.function)
        return position_of(plain.__code__.co_filename, plain.__code__.co_firstlineno) if plain else None

    def _line_of(self, parameter: str) -> Position | None:
        return parameter_position(self.function, parameter) or self._position()

    @contextmanager
    def _errors_at_their_line(self) -> Iterator[None]:
        """Report errors of the author's code at their line, with the calls from there on."""
        try:
            yield
        except KfpJupyterError:
            raise
        except Exception as error:  # noqa: BLE001  (the author's code may raise anything)
            raise at_authors_line(error, "The pipeline function") from None


def _decorated(function: Any) -> Pipeline | None:
    """Return the pipeline inside a function's decorators; None if there is none."""
    while function is not None and not isinstance(function, Pipeline):
        function = getattr(function, "__wrapped__", None)
    return function


def at_authors_line(error: BaseException, what: str) -> PipelineError:
    """Return an error of the author's code with its line.

    Args:
        error: What the code raised.
        what: What raised it, for the message.
    """
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(PACKAGE_DIR) and not is_of_a_shell(frame.filename)
    ]
    position = position_of(frames[0].filename, frames[0].lineno or 1) if frames else None
    if isinstance(error, NameError) and len(frames) == 1:
        message = f"The name {error.name!r} is not defined."
        return PipelineError(message, remedy="Define it, or run the cell that does, first.", position=position)
    said = "".join(traceback.format_exception_only(error)).strip()
    calls = "".join(traceback.format_list(frames[1:])).rstrip()
    remedy = _advice(said) if isinstance(error, (TypeError, AttributeError, KeyError)) else ""
    end = f"\n{calls}\n" if calls else "." if remedy else ""
    return PipelineError(f"{what} raised {said}{end}", remedy=remedy, position=position)


def _advice(said: str) -> str:
    """Return the remedy for a task, a parameter or an output that was used as a value."""
    if re.search("ContainerOp|ResourceOp", said):
        return "A task is not a value: pass one of its outputs to a component, and compute there."
    unknown = re.search(r"PipelineParam|LoopArgument|\{\{pipelineparam:", said)
    return f"Parameters and outputs have no value yet. {IN_A_COMPONENT}" if unknown else ""


@contextmanager
def _making_tasks() -> Iterator[None]:
    """Make every component that is called inside make a task."""
    token = task_maker.set(make_task)
    try:
        yield
    finally:
        task_maker.reset(token)


_collected: ContextVar[list[Pipeline] | None] = ContextVar("kfp_jupyter_collected_pipelines", default=None)


@contextmanager
def collecting() -> Iterator[list[Pipeline]]:
    """Yield a list that every pipeline decorated inside is added to."""
    found: list[Pipeline] = []
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


@overload
def pipeline(name: Callable[..., Any]) -> Pipeline: ...
@overload
def pipeline(
    name: str | None = None, description: str | None = None, pipeline_root: str | None = None
) -> Callable[[Callable[..., Any]], Pipeline]: ...
def pipeline(name: Any = None, description: str | None = None, pipeline_root: str | None = None) -> Any:
    """Decorate a function as a pipeline.

    Args:
        name: The name to display; made from the function's name by default.
        description: The description; by default that of the docstring.
        pipeline_root: Default of the parameter ``pipeline-root``, which other tools read.

    Raises:
        PipelineError: The name or the description is not a string.
    """
    for what, given in (("name", name), ("description", description)):
        if given is not None and not isinstance(given, str) and not (what == "name" and callable(given)):
            raise PipelineError(
                f"The {what} in @dsl.pipeline is {given!r:.80}, which is not a string.",
                remedy="Put it in quotes.",
                position=author_position(),
            )

    def decorate(function: Callable[..., Any]) -> Pipeline:
        given = description.strip() if description else None
        made = Pipeline(function, "" if callable(name) else name or "", given, pipeline_root or None)
        collected = _collected.get()
        if collected is not None:
            collected.append(made)
        return made

    return decorate(name) if callable(name) else decorate
