"""Python source of a cell: parsing it, and choosing its function."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator

from kfp_jupyter.components.cell_function import candidates
from kfp_jupyter.components.cell_syntax import relative_imports
from kfp_jupyter.errors import ComponentError, Position, position_of

Function = ast.FunctionDef


class CellSource:
    """The source of one cell.

    Args:
        body: The cell below the magic line.
        label: What the reader calls the cell, such as ``cell [3]``.

    Raises:
        ComponentError: It is no Python.
    """

    def __init__(self, body: str, label: str) -> None:
        self.body = body = "\n".join(re.split(r"\r\n|\r", body))  # as Python reads source
        self.label = label
        self.file = f"<{label}>"
        # Line 1 is the magic's, so that numbers are those that the notebook shows.
        self.text = "\n" + body
        lines = [f"{line}\n" for line in self.text.split("\n")]
        # Warnings name the label alone.
        linecache.cache[self.file] = linecache.cache[label] = (len(self.text), None, lines, self.file)
        self.tree = self._parse()

    def at(self, line: int) -> Position:
        """Return the position of a line of the cell, the magic's being 1."""
        return position_of(self.file, line)

    def _parse(self) -> ast.Module:
        try:
            tree = ast.parse(self.text, self.file)
            compile(tree, self.file, "exec", dont_inherit=True)  # knows of a return outside of a function
        except SyntaxError as error:
            position = self.at(error.lineno or 1)
            if position.text.lstrip()[:1] in ("%", "!"):
                raise ComponentError(
                    "The cell contains a notebook command, but a step doesn't run in a notebook.",
                    remedy="Move it to a cell of its own; list what the step needs as packages=… on the first line.",
                    position=position,
                ) from None
            raise ComponentError(f"Syntax error: {error.msg}.", position=position) from None
        except ValueError as error:
            raise ComponentError(f"The cell is not Python: {error}.", position=self.at(1)) from None
        relative = next(relative_imports(tree), None)
        if relative is not None:
            raise ComponentError(
                "A cell is not part of a package, so it can't use relative imports.",
                remedy=f"Write the package's name: from {relative.module or 'package'} import …",
                position=self.at(relative.lineno),
            )
        return tree

    @property
    def functions(self) -> list[Function]:
        """The functions that the cell defines at its top level; of two with one name the last."""
        found = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        return list(found.values())

    def choose(self, name: str, what: str) -> Function:
        """Return the function that the cell is about: the one named, or the one that nothing else in it needs.

        Args:
            name: The function's name; empty to find it.
            what: What the cell is to become, for messages: ``component`` or ``pipeline``.

        Raises:
            ComponentError: There is none, or more than one.
        """
        functions = {function.name: function for function in self.functions}
        names = ", ".join(functions)
        if name:
            if name in functions:
                return functions[name]
            raise ComponentError(
                f"The cell defines no function {name!r}.",
                remedy=f"Its functions: {names}." if names else "It defines none at its top level.",
                position=self.at(1),
            )
        if not functions:
            waits = next((node for node in self.tree.body if isinstance(node, ast.AsyncFunctionDef)), None)
            raise ComponentError(
                f"The cell defines no function, so it can't become a {what}."
                if waits is None
                else f"The function {waits.name!r} is async, which a {what} can't be.",
                remedy="Put the code into a function: def name(arguments): …",
                position=self.at(waits.lineno if waits else 1),
            )
        left = candidates(self.tree)
        if len(left) != 1:
            choice = ", ".join(function.name for function in left or functions.values())
            raise ComponentError(
                f"The {what} could be any of several functions: {choice}.",
                remedy=f"Choose one on the first line: function={(left or self.functions)[-1].name}.",
                position=self.at((left or self.functions)[-1].lineno),
            )
        return left[0]

    def check_returns(self, function: Function) -> None:
        """Check that what the function returns is declared, and that it runs when it is called.

        Raises:
            ComponentError: It returns a value and its signature doesn't say of which type, or it is a generator.
        """
        for node in _own_nodes(function):
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                raise ComponentError(
                    f"The function {function.name!r} is a generator, which a component can't be.",
                    remedy="Return the outputs, or write them to an OutputPath.",
                    position=self.at(node.lineno),
                )
            if function.returns is None and isinstance(node, ast.Return) and not _is_none(node.value):
                raise ComponentError(
                    f"The function {function.name!r} returns a value, but its signature doesn't declare it, "
                    "so the component would have no output.",
                    remedy=f"Declare it: def {function.name}(…) -> float, "
                    "or -> NamedTuple('Outputs', [('name', float), …]) for several.",
                    position=self.at(node.lineno),
                )


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body, not those of functions and classes inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)
