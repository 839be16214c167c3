"""Which annotations have values with a text form: a step receives and returns text."""

from __future__ import annotations

import functools
import operator
import types
import typing
import warnings
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin

from kfp_jupyter.components.annotations import as_file_annotation
from kfp_jupyter.components.callables import called
from kfp_jupyter.components.function_source import parameter_position
from kfp_jupyter.components.types import strip_optional
from kfp_jupyter.errors import ComponentError, author_position

_PLAIN: tuple[type, ...] = (str, bool, int, float, list, dict)
_NUMPY = {"integer": int, "floating": float, "bool": bool, "bool_": bool}
"""Classes of numpy that its numbers are made of, and Python's own; numpy 2 has renamed one."""

_SCALARS = frozenset({str, bool, int, float, type(None)})
_TYPES = "str, int, float, bool, list, dict"


class _NoTextFormError(Exception):
    """Values of an annotation have no text form."""


class TextForms:
    """What the annotations of one function mean for a step; a type without a text form is reported at its line.

    Args:
        function: The function.
        strict: Whether a type without a text form is an error; otherwise, as for code of KFP v1, it is a warning.
    """

    def __init__(self, function: Callable[..., Any], *, strict: bool) -> None:
        self._function = function
        self._strict = strict

    def of_input(self, annotation: Any, name: str) -> Any:
        """Return an input's annotation, or the one of Python's own types that it comes to.

        Args:
            annotation: The annotation.
            name: The parameter's name.

        Raises:
            ComponentError: Its values have no text form.
        """
        remedy = f"Take the value from a file: {name}_path: InputPath(), or declare one of {_TYPES}."
        return self._of(annotation, f"input {name!r}", remedy, parameter=name)

    def of_output(self, annotation: Any, name: str) -> Any:
        """Return an output's annotation, or the one of Python's own types that it comes to.

        Args:
            annotation: The annotation.
            name: The output's name.

        Raises:
            ComponentError: Its values have no text form.
        """
        remedy = (
            f"Write the value to a file: {name.lower()}_path: OutputPath(), or return one of {_TYPES}, or a NamedTuple "
            "of several."
        )
        kin = self._of(annotation, f"output {name!r}", remedy, returned=True)
        # What may be None is no number for sure.
        return kin if strip_optional(annotation) is annotation else annotation

    def _of(self, annotation: Any, what: str, remedy: str, *, parameter: str = "", returned: bool = False) -> Any:
        try:
            kin = _kin(strip_optional(annotation), returned=returned, strict=self._strict)
        except _NoTextFormError:
            message = f"The {what} of {self._name!r} has the type {_shown(annotation)}, which has no text form."
            self._tell(message, remedy, parameter)
            return annotation
        return kin if self._strict else annotation

    def check_several(self, annotation: Any) -> bool:
        """Whether what a function says it returns is fine where it is several values: they have names.

        Raises:
            ComponentError: It is a tuple.
        """
        kinds: tuple[Any, ...] = ()
        if isinstance(annotation, (tuple, list)):
            kinds = tuple(annotation)
        elif get_origin(annotation) is tuple:
            kinds = get_args(annotation)
        elif annotation is not tuple and annotation is not typing.NamedTuple:
            return True
        if Ellipsis in kinds or not kinds:
            remedy = "Write -> list, or for several outputs -> NamedTuple('Outputs', [('name', float), …])."
        else:
            fields = ", ".join(f"('value_{number}', {_shown(kind)})" for number, kind in enumerate(kinds, 1))
            remedy = f"Write -> NamedTuple('Outputs', [{fields}]), with names that describe the values."
        self._tell(f"{self._name!r} returns a tuple, which doesn't name the outputs.", remedy)
        return False

    def warn(self, message: str, parameter: str = "") -> None:
        """Warn at the line of a parameter, or at the function's line.

        Args:
            message: The warning.
            parameter: The parameter that it is about; empty for the function itself.
        """
        place = parameter_position(self._function, parameter) or author_position()
        warnings.warn_explicit(message, UserWarning, place.file if place else "component", place.line if place else 1)

    @property
    def _name(self) -> str:
        return called(self._function)

    def _tell(self, message: str, remedy: str, parameter: str = "") -> None:
        if self._strict:
            raise ComponentError(message, remedy=remedy, position=parameter_position(self._function, parameter))
        self.warn(f"{message} {remedy}", parameter)


def _kin(annotation: Any, *, returned: bool, strict: bool) -> Any:
    """Return the annotation, or the type of Python's own that its values can be taken for."""
    if as_file_annotation(annotation) or isinstance(annotation, (types.FunctionType, types.BuiltinFunctionType)):
        raise _NoTextFormError
    annotation = _unwrapped(annotation)
    annotation = annotation if returned else _unwrapped(strip_optional(annotation))
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        numbers = {*args} - (set() if returned else {type(None)})
        if strict and numbers == {int, float}:
            return float
        if (all if returned else any)(kind in (_SCALARS if returned else {str}) for kind in args):
            return annotation
        raise _NoTextFormError
    if origin is None and isinstance(annotation, type) and annotation is not Any:  # a class from Python 3.11 on
        return _kin_of_class(annotation, returned=returned)
    if origin not in (None, list, dict) or isinstance(annotation, (tuple, list, typing.TypeVar)):
        raise _NoTextFormError
    return annotation


def _unwrapped(annotation: Any) -> Any:
    """Return the type that an annotation says more about."""
    if get_origin(annotation) is typing.Annotated:
        return _unwrapped(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return functools.reduce(operator.or_, [type(value) for value in get_args(annotation)])
    if type(annotation).__name__ == "TypeAliasType":
        return _unwrapped(annotation.__value__)
    return _unwrapped(annotation.__supertype__) if hasattr(annotation, "__supertype__") else annotation  # a NewType


def _kin_of_class(kind: type, *, returned: bool) -> Any:
    names = [base.__name__ for base in kind.__mro__]
    if kind in _PLAIN or kind is type(None) or "BaseType" in names:  # the base of the types of kfp.dsl.types
        return kind
    if typing.is_typeddict(kind):
        return dict
    if kind.__module__ == "numpy":
        found = next((plain for name, plain in _NUMPY.items() if name in names), None)
        if found is not None:
            return found
    # A step that returns one writes what it is; a step that is given one would be given less.
    plain = next((plain for plain in _PLAIN if issubclass(kind, plain)), None)
    if plain is None or not (returned or kind.__module__ == "numpy"):
        raise _NoTextFormError
    return plain


def _shown(annotation: Any) -> str:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation.__name__
    return str(annotation).replace("typing.", "")
