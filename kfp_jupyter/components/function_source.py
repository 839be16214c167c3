"""A function's own source, as its component's program holds it.

Source: ``_get_function_source_definition`` in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
import tokenize
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kfp_jupyter.components.callables import plain_function
from kfp_jupyter.components.strip_annotations import strip_annotations
from kfp_jupyter.errors import ComponentError, Position, position_of


class FunctionSource(NamedTuple):
    """The source of a function from its ``def`` on.

    Attributes:
        text: Without decorators and indentation.
        file: The file that contains it.
        line: Number of the line with ``def``.
    """

    text: str
    file: str
    line: int


def source_of(function: Callable[..., Any]) -> FunctionSource:
    """Return a function's own source.

    Args:
        function: The function.

    Raises:
        ComponentError: It can't be found, or doesn't begin with ``def``.
    """
    name = getattr(function, "__name__", function)
    function = inspect.unwrap(function)
    if isinstance(function, type):
        raise ComponentError(f"{name!r} is a class.", remedy="Make the component from a function that uses the class.")
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError):
        raise ComponentError(
            f"The source of {name!r} can't be found.", remedy="Define the function with def, in a cell or a file."
        ) from None
    tokens = list(_tokens("".join(lines)))
    start = next((n for n, token in enumerate(tokens) if token.string == "def"), None)
    if start is None or (start and tokens[start - 1].string == "async"):
        raise ComponentError(f"{name!r} is not a plain function.", remedy="Define it with def.")
    row, column = tokens[start].start
    inside = _rows_inside_of_text(tokens)
    indentation = lines[row - 1][:column]
    own = [
        line if number in inside else _without(indentation, line)
        for number, line in enumerate(lines[row - 1 :], start=row)
    ]
    return FunctionSource("".join(own).rstrip(), inspect.getsourcefile(function) or "", max(first, 1) + row - 1)


def parameter_position(function: Callable[..., Any], name: str = "") -> Position | None:
    """Return the line of a function's parameter, or of its ``def``; None if its source can't be found.

    Args:
        function: The function.
        name: The parameter's name; empty for the ``def``.
    """
    defined = _definition(function)
    if defined is None:
        return None
    source, found = defined
    arguments = found.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    line = next((argument.lineno for argument in named if argument and argument.arg == name), 1)
    return position_of(source.file, source.line + line - 1)


def docstring_of(function: Callable[..., Any]) -> str:
    """Return the docstring that a function's author wrote: ``python -OO`` leaves it out, but the source has it."""
    # Of a method without one, inspect.getdoc asks its class, which may be making a pipeline of the method to answer.
    doc = function.__doc__ if isinstance(function, types.MethodType) else inspect.getdoc(function)
    if doc is not None or sys.flags.optimize < 2 or not inspect.isroutine(function):
        return doc or ""
    defined = _definition(function)
    return (ast.get_docstring(defined[1]) or "") if defined else ""


def _definition(function: Callable[..., Any]) -> tuple[FunctionSource, ast.FunctionDef] | None:
    """Return a function's source and its syntax tree; None if it can't be found."""
    plain = plain_function(function)
    try:
        source = source_of(plain or function)
        found = ast.parse(source.text).body[0]
    except (ComponentError, SyntaxError):
        return None
    if not isinstance(found, ast.FunctionDef) or plain is None or found.name != plain.__code__.co_name:
        return None
    return source, found


def source_for_step(function: Callable[..., Any]) -> str:
    """Return a function's own source, without decorators and annotations, which a step doesn't need.

    Raises:
        ComponentError: It can't be found, or doesn't begin with ``def``.
    """
    return strip_annotations(source_of(function).text)


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return  # Where the source of a lambda ends, a bracket may be open still.


def _rows_inside_of_text(tokens: list[tokenize.TokenInfo]) -> set[int]:
    """Return the numbers of the lines that begin inside a string literal, whose indentation must stay."""
    rows: set[int] = set()
    begun: list[int] = []
    for token in tokens:
        kind = tokenize.tok_name[token.type]
        if kind == "STRING":
            rows.update(range(token.start[0] + 1, token.end[0] + 1))
        # Texts with expressions in them are several tokens from Python 3.12 on.
        elif kind.endswith("STRING_START"):
            begun.append(token.start[0])
        elif kind.endswith("STRING_END"):
            rows.update(range(begun.pop() + 1, token.end[0] + 1))
    return rows


def _without(indentation: str, line: str) -> str:
    return line.removeprefix(indentation) if line.startswith(indentation) else line.lstrip(" \t")
