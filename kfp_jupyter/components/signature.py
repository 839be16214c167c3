"""A function's signature → inputs and outputs.

Source: ``_extract_component_interface`` in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations
import __future__

import dataclasses
import inspect
import re
import types
from collections.abc import Callable, Mapping
from typing import Any

import docstring_parser

from kfp_jupyter.components.annotations import (
    FILE_ANNOTATIONS,
    INPUT_FILES,
    OUTPUT_FILES,
    InputPath,
    OutputPath,
    as_file_annotation,
)
from kfp_jupyter.components.callables import called, plain_function
from kfp_jupyter.components.function_source import docstring_of
from kfp_jupyter.components.structures import InputSpec, OutputSpec
from kfp_jupyter.components.text_forms import TextForms
from kfp_jupyter.components.types import canonical, strip_optional, text_of_default, to_text, type_name
from kfp_jupyter.errors import ComponentError
from kfp_jupyter.naming import unique_name

SINGLE_OUTPUT = "Output"
"""Name of the output of a function that returns one value."""


@dataclasses.dataclass(frozen=True, slots=True)
class FunctionInput:
    """An input and the function's parameter that takes it.

    Attributes:
        spec: The input.
        parameter: Name of the function's parameter.
        style: ``value``, or the name of the file annotation, such as ``InputPath``.
    """

    spec: InputSpec
    parameter: str
    style: str


@dataclasses.dataclass(frozen=True, slots=True)
class FunctionOutput:
    """An output and where the function gives it.

    Attributes:
        spec: The output.
        parameter: Name of the function's parameter that is its file; empty for a returned value.
        style: ``returned``, or the name of the file annotation, such as ``OutputPath``.
    """

    spec: OutputSpec
    parameter: str
    style: str


@dataclasses.dataclass(frozen=True, slots=True)
class FunctionInterface:
    """Inputs and outputs of a function.

    Attributes:
        inputs: In the signature's order.
        outputs: Files in the signature's order, then returned values.
        single: Whether the function returns one value instead of a tuple of them.
        description: First sentence of its docstring.
    """

    inputs: tuple[FunctionInput, ...]
    outputs: tuple[FunctionOutput, ...]
    single: bool
    description: str | None


def interface_of(function: Callable[..., Any], vocabulary: Mapping[str, Any] | None = None) -> FunctionInterface:
    """Return what the function takes and gives.

    Args:
        function: The function.
        vocabulary: Names that its annotations may use beside those that it can see. None for what was written for
            KFP v1: a default that doesn't fit is a warning there.

    Raises:
        ComponentError: A parameter that no step can be given.
    """
    signature = _evaluated(function, vocabulary)
    docstring = docstring_parser.parse(docstring_of(function))
    descriptions = {p.arg_name: p.description for p in docstring.params}
    inputs: list[FunctionInput] = []
    outputs: list[FunctionOutput] = []
    forms = TextForms(function, strict=vocabulary is not None)
    for parameter in signature.parameters.values():
        _check_kind(parameter, function)
        file = as_file_annotation(strip_optional(parameter.annotation))
        if isinstance(file, OUTPUT_FILES):
            outputs.append(_file_output(parameter, file, descriptions, outputs))
        else:
            inputs.append(_input(parameter, descriptions, inputs, function, forms, strict=vocabulary is not None))
    returned, single = _returned(signature.return_annotation, [o.spec.name for o in outputs], forms)
    description = getattr(function, "_component_description", None) or docstring.short_description
    return FunctionInterface(tuple(inputs), (*outputs, *returned), single, description.strip() if description else None)


def returned_outputs(function: Callable[..., Any]) -> tuple[OutputSpec, ...]:
    """Return the outputs that a function's annotation of what it returns declares."""
    outputs, _ = _returned(_evaluated(function, None).return_annotation, [], None)
    return tuple(output.spec for output in outputs)


def _evaluated(function: Callable[..., Any], vocabulary: Mapping[str, Any] | None) -> inspect.Signature:
    """Return the signature with its annotations as values.

    Text that the author wrote as text is a type's name and stays; text that ``from __future__ import
    annotations`` made of code is evaluated.
    """
    signature = inspect.signature(function)
    plain = plain_function(function)
    if plain is None or not plain.__code__.co_flags & __future__.annotations.compiler_flag:
        return signature
    names = {**(vocabulary or {}), **plain.__globals__}

    def value(annotation: Any) -> Any:
        if not isinstance(annotation, str):
            return annotation
        try:
            return eval(annotation, names)  # noqa: S307  (the author's own annotation)
        except Exception as error:  # noqa: BLE001  (whatever it raises, it can't be evaluated)
            if vocabulary is None and not _NEEDS_VALUE.search(annotation):
                return annotation
            raise _not_evaluated(function, annotation, error) from None

    parameters = [p.replace(annotation=value(p.annotation)) for p in signature.parameters.values()]
    return signature.replace(parameters=parameters, return_annotation=value(signature.return_annotation))


_NEEDS_VALUE = re.compile(rf"\b(NamedTuple|{'|'.join(a.__name__ for a in FILE_ANNOTATIONS)})\b")


def _not_evaluated(function: Callable[..., Any], annotation: str, error: Exception) -> ComponentError:
    if isinstance(error, NameError):
        return ComponentError(
            f"An annotation of the function {called(function)!r} uses the unknown name {error.name!r}.",
            remedy="Import it in the cell, or write the type's name in quotes.",
        )
    return ComponentError(
        f"The annotation {annotation!r} of the function {called(function)!r} can't be evaluated: {error}.",
        remedy="Write the type's name in quotes.",
    )


def _check_kind(parameter: inspect.Parameter, function: Callable[..., Any]) -> None:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
        raise ComponentError(
            f"The parameter {str(parameter)!r} of the function {called(function)!r} can't be an input of a component.",
            remedy="Give each input a parameter of its own that can be passed by name.",
        )


def _io_name(parameter: inspect.Parameter, file: Any) -> str:
    """Name of a file's data: ``table_path`` takes the input ``table``, ``log_file`` the input ``log``."""
    name = parameter.name
    if isinstance(file, (InputPath, OutputPath)):
        name = name.removesuffix("_path")
    return name.removesuffix("_file") or parameter.name


def _file_output(
    parameter: inspect.Parameter, file: Any, descriptions: Mapping[str, str | None], outputs: list[FunctionOutput]
) -> FunctionOutput:
    if parameter.default is not inspect.Parameter.empty:
        raise ComponentError(
            f"The output file {parameter.name!r} has a default value.",
            remedy="Remove it: the run sets the path of an output.",
        )
    name = unique_name(_io_name(parameter, file), {o.spec.name for o in outputs}, "_")
    spec = OutputSpec(name, type_name(file.type, as_written=True), descriptions.get(parameter.name))
    return FunctionOutput(spec, parameter.name, type(file).__name__)


def _input(
    parameter: inspect.Parameter,
    descriptions: Mapping[str, str | None],
    inputs: list[FunctionInput],
    function: Callable[..., Any],
    forms: TextForms,
    *,
    strict: bool,
) -> FunctionInput:
    empty = inspect.Parameter.empty
    annotation = None if parameter.annotation is empty else parameter.annotation
    file = as_file_annotation(strip_optional(annotation))
    if not file:
        annotation = forms.of_input(annotation, parameter.name)
    # KFP v1 knows Optional[int] as int, and int | None as itself.
    annotation = annotation if isinstance(annotation, types.UnionType) else strip_optional(annotation)
    kind = type_name(file.type if file else annotation, as_written=True)
    name = _io_name(parameter, file) if isinstance(file, INPUT_FILES) else parameter.name
    name = unique_name(name, {i.spec.name for i in inputs}, "_")
    optional, default = parameter.default is not empty, None
    if optional and parameter.default is not None:
        if file:
            raise ComponentError(
                f"The input file {parameter.name!r} of the function {called(function)!r} has a default value.",
                remedy="A file can have only None as its default.",
            )
        what = f"the default of input {name!r} of {called(function)!r}"
        if strict and canonical(kind):
            default = to_text(parameter.default, kind, what)
        else:
            default, error = text_of_default(parameter.default, kind, what)
            if error is not None and default is None:
                # The function itself still knows it.
                message = f"{error.message} The pipeline doesn't show the default, but the step still uses it."
                forms.warn(message, parameter.name)
    spec = InputSpec(name, kind, descriptions.get(parameter.name), default, optional)
    return FunctionInput(spec, parameter.name, type(file).__name__ if file else "value")


def _returned(annotation: Any, taken: list[str], forms: TextForms | None) -> tuple[list[FunctionOutput], bool]:
    if annotation is None or annotation is inspect.Signature.empty:
        return [], False
    fields: dict[str, Any] = {}
    single = False
    if isinstance(getattr(annotation, "_fields", None), tuple):
        declared = getattr(annotation, "__annotations__", {})
        fields = {name: declared.get(name) for name in annotation._fields}
    elif isinstance(annotation, Mapping):
        fields = dict(annotation)
    else:
        fields, single = {SINGLE_OUTPUT: annotation}, True
    named = forms is not None and (not single or forms.check_several(annotation))
    outputs: list[FunctionOutput] = []
    for field, declared_kind in fields.items():
        name = unique_name(field, {*taken, *(o.spec.name for o in outputs)}, "_")
        kind = forms.of_output(declared_kind, name) if forms and named else declared_kind
        outputs.append(FunctionOutput(OutputSpec(name, type_name(kind, as_written=True)), "", "returned"))
    return outputs, single
