"""Python function → component."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kfp_jupyter.components.component import Component, StepSettings
from kfp_jupyter.components.program import container_for, program_text
from kfp_jupyter.components.signature import interface_of
from kfp_jupyter.components.structures import ComponentSpec, ContainerImplementation, MetadataSpec
from kfp_jupyter.errors import ComponentError

DEFAULT_IMAGE = "python:3.7"
"""The image of function components, as in KFP v1."""


def create_component_from_func(
    func: Callable[..., Any],
    base_image: str | None = None,
    packages_to_install: Sequence[str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Component:
    """Make a component of a Python function that needs nothing from outside itself.

    Args:
        func: The function; annotations of its signature declare the types of inputs and outputs.
        base_image: Image to run it in; it must have ``sh`` and ``python3``.
        packages_to_install: Requirements that pip installs before the function runs.
        annotations: Put on every pod of the component.

    Raises:
        ComponentError: The function's source can't be found, or its signature can't be a component's.
    """
    return component_of(
        func,
        source_of(func),
        image=base_image or DEFAULT_IMAGE,
        packages=packages_to_install or (),
        annotations=annotations or {},
    )


def func_to_container_op(
    func: Callable[..., Any],
    base_image: str | None = None,
    packages_to_install: Sequence[str] | None = None,
) -> Component:
    """Make a component of a Python function; the older name of `create_component_from_func`."""
    return create_component_from_func(func, base_image, packages_to_install)


def component_of(
    function: Callable[..., Any],
    source: str,
    *,
    image: str,
    packages: Sequence[str] = (),
    name: str = "",
    annotations: Mapping[str, str] | None = None,
    settings: StepSettings | None = None,
    vocabulary: Mapping[str, Any] | None = None,
) -> Component:
    """Make a component of a function and the source that defines it.

    Args:
        function: The function.
        source: Source that defines it and all that it needs, as it would stand from line 2 on.
        image: Image to run it in.
        packages: Requirements that pip installs before.
        name: The component's name; made of the function's unless given.
        annotations: Put on every pod of the component.
        settings: What its tasks are given.
        vocabulary: Names that its annotations may use beside those that it can see.
    """
    interface = interface_of(function, vocabulary)
    name = name or getattr(function, "_component_human_name", None) or human_name(function.__name__)
    spec = ComponentSpec(
        name=name,
        description=interface.description,
        inputs=tuple(i.spec for i in interface.inputs),
        outputs=tuple(o.spec for o in interface.outputs),
        implementation=ContainerImplementation(
            container_for(program_text(source, function.__name__, name, interface), interface, image, list(packages))
        ),
        metadata=MetadataSpec(annotations=annotations) if annotations else None,
    )
    return Component(spec, function, settings)


def human_name(name: str) -> str:
    """Return a function's name as words: ``train_model`` → ``Train model``."""
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def source_of(function: Callable[..., Any]) -> str:
    """Return a function's own source, dedented, without decorators."""
    try:
        lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    except (OSError, TypeError):
        raise ComponentError(
            f"The source of {getattr(function, '__name__', function)!r} can't be found.",
            remedy="Define the function with def, in a cell or a file.",
        ) from None
    start = next((n for n, line in enumerate(lines) if line.startswith("def ")), None)
    if start is None:
        raise ComponentError(
            f"{getattr(function, '__name__', function)!r} is not a plain function.", remedy="Define it with def."
        )
    return "\n".join(lines[start:])
