"""Python source of a cell: parsing, choosing its function, names it lacks."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator

from pyflakes import checker, messages

from kfp_jupyter.errors import ComponentError, Position, position_of

Function = ast.FunctionDef


class CellSource:
    """The source of one cell.

    Args:
        body: What stands below the magic line.
        label: What the reader calls the cell, such as ``cell [3]``.

    Raises:
        ComponentError: It is no Python.
    """

    def __init__(self, body: str, label: str) -> None:
        self.body = body
        self.label = label
        self.file = f"<{label}>"
        # Line 1 is the magic's, so that numbers are those that the notebook shows.
        self.text = "\n" + body
        linecache.cache[self.file] = (len(self.text), None, self.text.splitlines(keepends=True), self.file)
        self.tree = self._parse()

    def at(self, line: int) -> Position:
        """Return the position of a line of the cell, the magic's being 1."""
        return position_of(self.file, line)

    def _parse(self) -> ast.Module:
        try:
            return ast.parse(self.text, self.file)
        except SyntaxError as error:
            position = self.at(error.lineno or 1)
            if position.text.lstrip()[:1] in ("%", "!"):
                raise ComponentError(
                    "The cell holds a notebook command, and there is no notebook where a step runs.",
                    remedy="Move it to a cell of its own; list what the step needs as packages=… on the first line.",
                    position=position,
                ) from None
            raise ComponentError(f"Syntax error: {error.msg}.", position=position) from None

    @property
    def functions(self) -> list[Function]:
        """The functions that the cell defines at its top level; of two with one name the last."""
        found = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        return list(found.values())

    def choose(self, name: str, what: str) -> Function:
        """Return the function that the cell is about: the one named, or the one that nothing else in it uses.

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
                f"The cell defines no function, so it makes no {what}."
                if waits is None
                else f"The function {waits.name!r} is async, which a {what} can't be.",
                remedy="Put the code into a function: def name(arguments): …",
                position=self.at(waits.lineno if waits else 1),
            )
        left = [function for function in functions.values() if function.name not in set(self._used_elsewhere(function))]
        if len(left) != 1:
            choice = ", ".join(function.name for function in left or functions.values())
            raise ComponentError(
                f"The cell could make a {what} of several functions: {choice}.",
                remedy=f"Say which on the first line: function={(left or self.functions)[-1].name}.",
                position=self.at((left or self.functions)[-1].lineno),
            )
        return left[0]

    def _used_elsewhere(self, function: Function) -> Iterator[str]:
        for node in self.tree.body:
            if node is not function:
                yield from (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))

    def check_returns(self, function: Function) -> None:
        """Check that what the function returns is declared.

        Raises:
            ComponentError: It returns a value and its signature doesn't say of which type.
        """
        if function.returns is not None:
            return
        for node in _own_nodes(function):
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                raise ComponentError(
                    f"The function {function.name!r} is a generator, which a component can't be.",
                    remedy="Return the outputs, or write them to an OutputPath.",
                    position=self.at(node.lineno),
                )
            if isinstance(node, ast.Return) and not _is_none(node.value):
                raise ComponentError(
                    f"The function {function.name!r} returns a value, but its signature doesn't declare it, "
                    "so the component would have no output.",
                    remedy=f"Declare it: def {function.name}(…) -> float, "
                    "or -> NamedTuple('Outputs', [('name', float), …]) for several.",
                    position=self.at(node.lineno),
                )

    def travelling(self, strangers: frozenset[str]) -> str:
        """Return the source that goes into the step: the cell's, without imports of packages that exist only here.

        Args:
            strangers: Names of packages whose imports stay behind.
        """
        lines = self.body.splitlines()
        for node in self.tree.body:
            if _imports(node) & strangers:
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    lines[line - 2] = ""
        return "\n".join(lines)

    def check_names(self, strangers: frozenset[str]) -> None:
        """Check that the cell defines every name it uses, as a step has nothing but the cell.

        Args:
            strangers: Names of packages whose imports stay behind.

        Raises:
            ComponentError: It uses a name that neither it nor Python defines.
        """
        tree = _WithoutAnnotations().visit(ast.parse(self.text, self.file))
        tree.body = [node for node in tree.body if not _imports(node) & strangers]
        found = [m for m in checker.Checker(tree, self.file).messages if isinstance(m, messages.UndefinedName)]
        if found:
            first = min(found, key=lambda message: (message.lineno, message.col))
            raise ComponentError(
                f"The name {first.message_args[0]!r} isn't defined in this cell, and a step has nothing but its cell.",
                remedy="Import or define it in the cell, or pass it as an input.",
                position=self.at(first.lineno),
            )


class _WithoutAnnotations(ast.NodeTransformer):
    """Takes annotations out: they are never evaluated in a step."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = _function  # noqa: N815  (names are ast's)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            node.annotation = ast.copy_location(ast.Constant(None), node)
            return node
        return self.generic_visit(ast.copy_location(ast.Assign([node.target], node.value), node))


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


def _imports(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {(node.module or "").partition(".")[0]}
    return set()


def bound_names(node: ast.stmt) -> set[str]:
    """Return the names that a top-level statement binds."""
    names: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in inner.names}
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        elif isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(inner.name)
    return names
