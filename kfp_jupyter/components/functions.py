"""Python function → component.

Source: ``create_component_from_func`` in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, overload

from kfp_jupyter.components.callables import called
from kfp_jupyter.components.cell_lines import remember_function
from kfp_jupyter.components.component import Component, StepSettings
from kfp_jupyter.components.function_source import source_for_step, source_of
from kfp_jupyter.components.pickling import pickled_source
from kfp_jupyter.components.program import container_for, program_text
from kfp_jupyter.components.signature import interface_of
from kfp_jupyter.components.structures import ComponentSpec, ContainerImplementation, MetadataSpec
from kfp_jupyter.components.structures.model import StructureError
from kfp_jupyter.errors import ComponentError, author_position

default_base_image_or_builder: str | Callable[[], str] = "python:3.7"
"""The image of function components, as in KFP v1; or what names it."""

Image = str | Callable[[], str] | None
Function = Callable[..., Any]


@overload
def create_component_from_func(
    func: Function,
    output_component_file: str | os.PathLike[str] | None = None,
    base_image: Image = None,
    packages_to_install: Sequence[str] | None = None,
    annotations: Mapping[str, str] | None = None,
    *,
    extra_code: str = "",
    modules_to_capture: Sequence[str] | None = None,
    use_code_pickling: bool = False,
) -> Component: ...


@overload
def create_component_from_func(
    func: None = None,
    output_component_file: str | os.PathLike[str] | None = None,
    base_image: Image = None,
    packages_to_install: Sequence[str] | None = None,
    annotations: Mapping[str, str] | None = None,
    *,
    extra_code: str = "",
    modules_to_capture: Sequence[str] | None = None,
    use_code_pickling: bool = False,
) -> Callable[[Function], Component]: ...


def create_component_from_func(
    func: Function | None = None,
    output_component_file: str | os.PathLike[str] | None = None,
    base_image: Image = None,
    packages_to_install: Sequence[str] | None = None,
    annotations: Mapping[str, str] | None = None,
    *,
    extra_code: str = "",
    modules_to_capture: Sequence[str] | None = None,
    use_code_pickling: bool = False,
) -> Component | Callable[[Function], Component]:
    """Make a component from a self-contained Python function.

    Without a function it returns a decorator: ``@create_component_from_func(base_image="python:3.11")``.

    Args:
        func: The function; annotations of its signature declare the types of inputs and outputs.
        output_component_file: Where to write the component, for others to load.
        base_image: Image to run it in, or a function that returns its name; the image must have ``sh`` and ``python3``.
        packages_to_install: Requirements that pip installs before the function runs.
        annotations: Annotations of every pod of the component.
        extra_code: Source to put before the function's.
        modules_to_capture: With ``use_code_pickling``: names of the modules that are copied into the program, by
            default the function's own; what it uses of others is imported where it runs.
        use_code_pickling: Pickle the function rather than copy its source. What it uses of its module comes along,
            but the image must have the Python version that pickles it.

    Raises:
        ComponentError: The function's source can't be found, or its signature can't be a component's.
    """
    if func is None:
        return functools.partial(
            create_component_from_func,
            output_component_file=output_component_file,
            base_image=base_image,
            packages_to_install=packages_to_install,
            annotations=annotations,
            extra_code=extra_code,
            modules_to_capture=modules_to_capture,
            use_code_pickling=use_code_pickling,
        )
    _check_can_travel(func, packages_to_install)
    own = (
        pickled_source(func, _name_in_source(func), modules_to_capture) if use_code_pickling else source_for_step(func)
    )
    component = component_of_source(func, own, extra_code, base_image, packages_to_install, annotations)
    if not use_code_pickling:
        remember_function(component.name, own, _source(own, extra_code), source_of(func))
    if output_component_file:
        component.component_spec.save(output_component_file)
    return component


def _check_can_travel(func: Function, packages_to_install: object) -> None:
    if inspect.ismethod(func):
        raise ComponentError(
            f"{called(func)!r} is a method, and its step would not have the object that it belongs to.",
            remedy="Make the component from a function.",
            position=author_position(),
        )
    if isinstance(packages_to_install, str):
        raise ComponentError(
            f"packages_to_install is the string {packages_to_install!r:.80}.",
            remedy=f"Pass a list of requirements: [{packages_to_install!r:.80}].",
            position=author_position(),
        )


def func_to_container_op(
    func: Function | None = None,
    output_component_file: str | os.PathLike[str] | None = None,
    base_image: Image = None,
    extra_code: str | None = "",
    packages_to_install: Sequence[str] | None = None,
    modules_to_capture: Sequence[str] | None = None,
    use_code_pickling: bool = False,
    annotations: Mapping[str, str] | None = None,
) -> Any:
    """Make a component from a Python function; the older name of `create_component_from_func`.

    A function decorated with ``python_component(target_component_file=…)`` is written to that file.

    Args:
        func: The function.
        output_component_file: Where to write the component, for others to load.
        base_image: Image to run it in, or a function that returns its name.
        extra_code: Source to put before the function's.
        packages_to_install: Requirements that pip installs before the function runs.
        modules_to_capture: With ``use_code_pickling``: names of the modules that are copied into the program.
        use_code_pickling: Pickle the function instead of copying its source.
        annotations: Annotations of every pod of the component.
    """
    if func is None:
        return functools.partial(
            func_to_container_op,
            output_component_file=output_component_file,
            base_image=base_image,
            extra_code=extra_code,
            packages_to_install=packages_to_install,
            modules_to_capture=modules_to_capture,
            use_code_pickling=use_code_pickling,
            annotations=annotations,
        )
    return create_component_from_func(
        func,
        output_component_file or getattr(func, "_component_target_component_file", None),
        base_image,
        packages_to_install,
        annotations,
        extra_code=extra_code or "",
        modules_to_capture=modules_to_capture,
        use_code_pickling=use_code_pickling,
    )


def func_to_component_text(
    func: Function,
    extra_code: str = "",
    base_image: Image = None,
    packages_to_install: Sequence[str] | None = None,
    modules_to_capture: Sequence[str] | None = None,
    use_code_pickling: bool = False,
) -> str:
    """Return the component.yaml of a Python function; see `create_component_from_func`.

    Args:
        func: The function.
        extra_code: Source to put before the function's.
        base_image: Image to run it in, or a function that returns its name.
        packages_to_install: Requirements that pip installs before the function runs.
        modules_to_capture: With ``use_code_pickling``: names of the modules that are copied into the program.
        use_code_pickling: Pickle the function instead of copying its source.
    """
    component = create_component_from_func(
        func,
        base_image=base_image,
        packages_to_install=packages_to_install,
        extra_code=extra_code,
        modules_to_capture=modules_to_capture,
        use_code_pickling=use_code_pickling,
    )
    from kfp_jupyter.components.structures.yaml_text import to_yaml  # noqa: PLC0415  (PyYAML costs 10 ms)

    return to_yaml(component.component_spec.to_dict())


def component_of_source(
    function: Function,
    own: str,
    extra_code: str = "",
    base_image: Image = None,
    packages_to_install: Sequence[str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Component:
    """Make a component from a function whose source is given; see `create_component_from_func`.

    Args:
        function: The function.
        own: Its own source.
        extra_code: Source to put before the function's.
        base_image: Image to run it in, or a function that names it.
        packages_to_install: Requirements that pip installs before the function runs.
        annotations: Annotations of every pod of the component.
    """
    source = _source(own, extra_code)
    image, packages = _image(function, base_image), packages_to_install or ()
    return component_of(function, source, image=image, packages=packages, annotations=annotations or {})


def _source(own: str, extra_code: str) -> str:
    """Return all that the steps of a function run."""
    return "\n".join([*([extra_code.strip("\n"), "", ""] if extra_code.strip() else []), own])


def component_of(
    function: Function,
    source: str,
    *,
    image: str,
    packages: Sequence[str] = (),
    name: str = "",
    annotations: Mapping[str, str] | None = None,
    settings: StepSettings | None = None,
    vocabulary: Mapping[str, Any] | None = None,
) -> Component:
    """Make a component from a function and the source that defines it.

    Args:
        function: The function.
        source: Source that defines it and all that it needs.
        image: Image to run it in.
        packages: Requirements that pip installs before.
        name: The component's name; made from the function's by default.
        annotations: Annotations of every pod of the component.
        settings: What its tasks are given.
        vocabulary: Names that its annotations may use beside those that it can see.
    """
    interface = interface_of(function, vocabulary)
    name = name or getattr(function, "_component_human_name", None) or human_name(called(function))
    program = program_text(source, _name_in_source(function), name, interface)
    spec = ComponentSpec(
        name=name,
        description=interface.description,
        inputs=tuple(i.spec for i in interface.inputs),
        outputs=tuple(o.spec for o in interface.outputs),
        implementation=ContainerImplementation(container_for(program, interface, image, list(packages))),
        metadata=metadata_of(annotations),
    )
    return Component(spec, function, settings)


def metadata_of(annotations: Mapping[str, Any] | None) -> MetadataSpec | None:
    """Return the metadata with annotations of every pod of a component; None if there are none.

    Raises:
        ComponentError: One is a list, a mapping or an object.
    """
    try:
        return MetadataSpec(annotations=annotations) if annotations else None
    except StructureError as error:
        raise ComponentError(error.message, remedy=error.remedy, position=author_position()) from None


def human_name(name: str) -> str:
    """Return a function's name as words: ``train_model`` → ``Train model``."""
    words = re.sub(" +", " ", name.replace("_", " ")).strip()
    return words[:1].upper() + words[1:]


def _name_in_source(function: Function) -> str:
    """The name that ``def`` gave it; its ``__name__`` may have been changed since."""
    name = str(getattr(getattr(inspect.unwrap(function), "__code__", None), "co_name", function.__name__))
    return name if name.isidentifier() else "_function"


def _image(function: Function, given: Image) -> str:
    declared = getattr(function, "_component_base_image", None)
    if declared is not None and given not in (None, declared):
        raise ComponentError(
            f"The function {called(function)!r} has two base images: {declared!r} and {given!r}.",
            remedy="Set only one of them: base_image or the decorator's.",
        )
    image = declared if declared is not None else default_base_image_or_builder if given is None else given
    return image if isinstance(image, str) else str(image())
