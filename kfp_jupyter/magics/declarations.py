"""Inputs, outputs and parameters declared on a magic line, written as in a function's signature."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.components.annotations import (
    OUTPUT_FILES,
    InputBinaryFile,
    InputPath,
    InputTextFile,
    OutputBinaryFile,
    OutputPath,
    OutputTextFile,
    as_file_annotation,
)
from kfp_jupyter.components.cell import VOCABULARY
from kfp_jupyter.errors import Position, UsageError
from kfp_jupyter.naming import closest

EXAMPLE = 'Write it like "x: float, n: int = 3".'

_OPENED = (InputTextFile, InputBinaryFile, OutputTextFile, OutputBinaryFile)
_TYPES = ("str", "int", "float", "bool", "list", "dict", "path", *VOCABULARY)


def parameters(text: str, names: Mapping[str, Any], line: Position) -> list[inspect.Parameter]:
    """Return the parameters of a pipeline.

    Args:
        text: The declaration.
        names: What types and defaults may use.
        line: The magic line.

    Raises:
        UsageError: It can't be understood.
    """
    return list(_Declaration("params", text, {**VOCABULARY, **names}, line).parameters())


def inputs(text: str, names: Mapping[str, Any], line: Position) -> list[inspect.Parameter]:
    """Return the inputs of a component; the arguments are those of `parameters`, and ``path`` is a file's path.

    Args:
        text: The declaration, written as in a signature.
        names: Names that types and defaults may use.
        line: The magic line.
    """
    declaration = _Declaration("inputs", text, {**VOCABULARY, **names, "path": InputPath}, line)
    found = list(declaration.parameters())
    for parameter in found:
        if isinstance(as_file_annotation(parameter.annotation), OUTPUT_FILES):
            raise declaration.error(f"{parameter.name!r} is declared as an output's file.", "Move it to outputs=.")
    return found


def outputs(text: str, names: Mapping[str, Any], line: Position) -> list[inspect.Parameter]:
    """Return the outputs of a component; the arguments are those of `parameters`, and ``path`` is a file's path.

    Args:
        text: The declaration, written as in a signature.
        names: Names that types may use.
        line: The magic line.
    """
    declaration = _Declaration("outputs", text, {**VOCABULARY, **names, "path": OutputPath}, line)
    found = list(declaration.parameters())
    for parameter in found:
        file = as_file_annotation(parameter.annotation)
        if file is not None and not isinstance(file, OUTPUT_FILES):
            raise declaration.error(f"{parameter.name!r} is declared as an input's file.", "Move it to inputs=.")
        if parameter.default is not parameter.empty:
            raise declaration.error(
                f"The output {parameter.name!r} has a default.", "Remove it: the step writes the value."
            )
    return found


class _Declaration:
    """One declaration.

    Args:
        option: The key it stands behind.
        text: What stands there.
        names: What types and defaults may use.
        line: The magic line.
    """

    def __init__(self, option: str, text: str, names: Mapping[str, Any], line: Position) -> None:
        self.option, self.text, self.names, self.line = option, text, dict(names), line

    def error(self, message: str, remedy: str) -> UsageError:
        return UsageError(f"{self.option}={self.text!r}: {message}", remedy=remedy, position=self.line)

    def parameters(self) -> Iterator[inspect.Parameter]:
        arguments = self._parsed()
        without = len(arguments.args) - len(arguments.defaults)
        defaults = [None] * without + list(arguments.defaults)
        seen: set[str] = set()
        for argument, default in zip(arguments.args, defaults, strict=True):
            if argument.arg in seen:
                raise self.error(f"{argument.arg!r} is declared twice.", "Remove one.")
            seen.add(argument.arg)
            empty = inspect.Parameter.empty
            yield inspect.Parameter(
                argument.arg,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=empty if default is None else self._value(default, f"the default of {argument.arg!r}"),
                annotation=self._type(argument.annotation, argument.arg),
            )

    def _parsed(self) -> ast.arguments:
        try:
            tree = ast.parse(f"def declared({self.text}\n): ...")
        except SyntaxError as error:
            raise self.error(f"this is not a valid function signature ({error.msg}).", EXAMPLE) from None
        function = tree.body[0]
        if len(tree.body) > 1 or not isinstance(function, ast.FunctionDef) or function.returns:
            raise self.error("this is not a valid function signature.", EXAMPLE)
        found = function.args
        if found.posonlyargs or found.vararg or found.kwonlyargs or found.kwarg:
            raise self.error("* and / are not allowed here.", EXAMPLE)
        return found

    def _type(self, node: ast.expr | None, name: str) -> Any:
        if node is None:
            return inspect.Parameter.empty
        found = self._value(node, f"the type of {name!r}")
        if isinstance(as_file_annotation(found), _OPENED):
            raise self.error(f"{name!r} is declared as an open file.", "Use path, and open the file in the code.")
        return found

    def _value(self, node: ast.expr, what: str) -> Any:
        try:
            return eval(compile(ast.Expression(node), "<magic line>", "eval"), self.names)  # noqa: S307  (the author's)
        except NameError as error:
            raise self._unknown(str(error.name), ast.unparse(node), what) from None
        except Exception as error:  # noqa: BLE001  (the author's expression may raise anything)
            raise self.error(f"{what} can't be evaluated: {type(error).__name__}: {error}.", EXAMPLE) from None

    def _unknown(self, name: str, written: str, what: str) -> UsageError:
        nearest = closest(name, _TYPES)
        own = (
            f"Write a type of your own in quotes, as {written!r}."
            if what.startswith("the type")
            else "Define it first."
        )
        return self.error(f"{what} uses the unknown name {name!r}.", f"Did you mean {nearest}?" if nearest else own)
