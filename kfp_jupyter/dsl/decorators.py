"""KFP v1's decorators of functions that make tasks.

Source: ``kfp/dsl/_component.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from kfp_jupyter.components.callables import called
from kfp_jupyter.components.functions import human_name
from kfp_jupyter.components.signature import interface_of
from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.components.structures.dense_json import dense_json
from kfp_jupyter.components.types import shown
from kfp_jupyter.dsl.boolean_rewrite import with_symbolic_booleans
from kfp_jupyter.dsl.container_op import ContainerOp
from kfp_jupyter.dsl.graph import Use
from kfp_jupyter.dsl.groups import Graph
from kfp_jupyter.dsl.kubernetes_types import text_of
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.recursion import check_recursion
from kfp_jupyter.dsl.tracing import current_trace, note
from kfp_jupyter.dsl.types import InconsistentTypeException, check_types
from kfp_jupyter.errors import PipelineError, author_position

Function = TypeVar("Function", bound=Callable[..., Any])


def python_component(
    name: str, description: str | None = None, base_image: str | None = None, target_component_file: str | None = None
) -> Callable[[Function], Function]:
    """Set the name, description and image that `components.func_to_container_op` uses for a function.

    Args:
        name: The component's name.
        description: The component's description.
        base_image: Image that its step runs in.
        target_component_file: File that the component is written to.
    """
    given = {
        "_component_human_name": name and text_of(name, "the name in @dsl.python_component"),
        "_component_description": description and text_of(description, "the description in @dsl.python_component"),
        "_component_base_image": base_image,
        "_component_target_component_file": target_component_file,
    }

    def decorate(function: Function) -> Function:
        for attribute, value in given.items():
            if value is not None:
                setattr(function, attribute, value)
        return function

    return decorate


def component(func: Callable[..., ContainerOp]) -> Callable[..., ContainerOp]:
    """Decorate a function that makes a task: its arguments are checked against its annotations."""

    @functools.wraps(func)
    def make(*args: Any, **kwargs: Any) -> ContainerOp:
        spec = _declared(func)
        types = {i.name: i.type for i in spec.inputs}
        given = {**dict(zip(types, args, strict=False)), **kwargs}
        for name, value in given.items():
            if isinstance(value, PipelineParam) and name in types and value._type is not None:
                _check(spec.title, name, value, types[name])
        task = func(*args, **kwargs)
        if not isinstance(task, ContainerOp):
            raise PipelineError(
                f"The function {called(func)!r} with @dsl.component returned {task!r:.80}, which is not a ContainerOp.",
                remedy="Return the ContainerOp that the function makes.",
                position=author_position(),
            )
        task._set_metadata(spec)
        task.component = Use(spec, dense_json(spec.to_dict()))
        return task

    return make


def _declared(func: Callable[..., Any]) -> ComponentSpec:
    interface = interface_of(func)
    return ComponentSpec(
        name=getattr(func, "_component_human_name", None) or human_name(called(func)),
        description=interface.description,
        inputs=tuple(i.spec for i in interface.inputs),
        outputs=tuple(o.spec for o in interface.outputs),
        implementation=None,
    )


def _check(component_name: str, name: str, value: PipelineParam, expected: Any) -> None:
    if expected is None or check_types(value._type, expected):
        return
    message = (
        f"The argument {name!r} of {component_name!r} has type {shown(value._type)}, "
        f"but the function takes {shown(expected)}."
    )
    trace = current_trace()
    if trace is not None and not trace.type_check:
        note(message)
        return
    raise InconsistentTypeException(
        message,
        remedy="Change one of the declared types, or pass it with .ignore_type().",
        position=author_position(),
    )


def graph_component(func: Callable[..., Any]) -> Callable[..., Graph]:
    """Decorate a function whose tasks form a group; when it calls itself, the pipeline repeats the group."""
    body = with_symbolic_booleans(func)

    @functools.wraps(func)
    def make(*args: Any, **kwargs: Any) -> Graph:
        arguments, defaults = _arguments(func, args, kwargs)
        graph = Graph(called(func), arguments, func)
        with graph:
            if graph.recursive_ref is None:
                body(*args, **kwargs)
            else:
                check_recursion(graph, defaults)
        return graph

    return make


def _arguments(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[dict[str, PipelineParam], dict[str, Any]]:
    """Return the arguments of a graph component: parameters and outputs, and the defaults that are known now."""
    try:
        call = inspect.signature(func).bind(*args, **kwargs)
    except TypeError as error:
        message = f"The graph component {called(func)!r}: {error}."
        raise PipelineError(message, position=author_position()) from None
    for name, value in call.arguments.items():
        if not isinstance(value, PipelineParam):
            raise PipelineError(
                f"The argument {name!r} of the graph component {called(func)!r} can't be {value!r:.80}.",
                remedy="Pass pipeline parameters or outputs of tasks.",
                position=author_position(),
            )
    call.apply_defaults()
    arguments = {name: value for name, value in call.arguments.items() if isinstance(value, PipelineParam)}
    return arguments, {name: value for name, value in call.arguments.items() if name not in arguments}
