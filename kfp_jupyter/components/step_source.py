"""The source of a cell that goes into its step: without tests, tries and what only the notebook has."""

from __future__ import annotations
import __future__

import ast
from collections.abc import Collection
from typing import Any

from pyflakes import checker, messages

from kfp_jupyter.components.cell_syntax import bound_names, future_flags, imported_packages
from kfp_jupyter.components.cell_tests import notebook_only_statements
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.components.strip_annotations import strip_annotations
from kfp_jupyter.errors import ComponentError

_NEWER = frozenset({"list", "dict", "tuple", "set", "frozenset", "type"})
"""What takes ``[…]`` from Python 3.9 on."""

_OF_IPYTHON = frozenset({"display", "get_ipython", "__IPYTHON__"})
"""What IPython adds to Python's own names."""


def step_source(
    source: CellSource, *, authoring_packages: Collection[str], vocabulary: Collection[str], function: str = ""
) -> str:
    """Return the source that goes into the step; lines stay where they are, and line 1 is empty.

    Left out are imports of packages that exist only here, statements that only try the function, and annotations that
    use names which aren't in the step. Of the function's own signature, annotations that Python 3.6 can't read are
    left out too: the step doesn't need them. Everything else is what the author wrote.

    Args:
        source: The cell.
        authoring_packages: Names of packages whose imports stay behind.
        vocabulary: Names that annotations may use without an import.
        function: Name of the component's function; empty where the cell has none.
    """
    behind = [node for node in source.tree.body if imported_packages(node) & set(authoring_packages)]
    lacking = set().union(vocabulary, *map(bound_names, behind))
    lacking -= set().union(*(bound_names(node) for node in source.tree.body if node not in behind))
    if function:
        behind += [node for node in notebook_only_statements(source.tree, function) if node not in behind]

    def unwanted(name: str, annotation: str) -> bool:
        tree = ast.parse(f"({annotation.strip()}\n)", mode="eval")
        names = {inner.id for inner in ast.walk(tree) if isinstance(inner, ast.Name)}
        return bool(names & lacking) or (name == function and _is_new(tree))

    return strip_annotations(_without(source.text, behind), unwanted)


def _is_new(tree: ast.AST) -> bool:
    """Whether an annotation needs a Python newer than 3.6."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in _NEWER:
            return True
    return False


def _without(text: str, nodes: Collection[ast.stmt]) -> str:
    """Return a text without some of its top-level statements, whose lines stay as empty ones."""
    lines = text.split("\n")
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        decorators = [decorator.lineno for decorator in getattr(node, "decorator_list", ())]
        first, last = min([node.lineno, *decorators]) - 1, (node.end_lineno or node.lineno) - 1
        before = "" if decorators else _bytes(lines[first], None, node.col_offset)
        after = _bytes(lines[last], node.end_col_offset, None)
        alone = not before.strip() and after.strip()[:1] in {"", "#"}
        lines[first : last + 1] = [""] * (last - first) + ["" if alone else f"{before}pass{after}"]
    return "\n".join(lines)


def _bytes(line: str, start: int | None, end: int | None) -> str:
    """Return a part of a line; places are those of its UTF-8, as in Python's syntax trees."""
    return line.encode()[start:end].decode()


def check_names(source: CellSource, text: str, given: Collection[str] = (), remedy: str = "") -> None:
    """Check that what goes into a step defines every name it uses, as a step has nothing but the cell.

    Args:
        source: The cell.
        text: What goes into the step.
        given: Names that are there before the first line.
        remedy: What to do about a name that is lacking.

    Raises:
        ComponentError: It uses a name that neither it nor Python defines.
    """
    tree = ast.parse(text, source.file)
    annotations = {
        (inner.lineno, inner.col_offset)
        for node in ast.walk(tree)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(annotation, ast.AST)
        for inner in ast.walk(annotation)
        if isinstance(inner, ast.Name)
    }
    texts = _texts(tree)
    found = [
        message
        for message in _Checker(_Evaluated(tree).visit(tree), source.file, builtins=set(given)).messages
        if isinstance(message, messages.UndefinedName) and (message.lineno, message.col) not in texts
    ]
    if not found:
        return
    first = min(found, key=lambda message: (message.lineno, message.col))
    package = _left_behind(source.tree).get(str(first.message_args[0]))
    if package is not None:
        raise ComponentError(
            f"The name {first.message_args[0]!r} comes from {package}, which isn't available in a step.",
            remedy="Remove the decorator: the magic makes the component, and its first line takes base_image= and "
            "packages=."
            if (first.lineno, first.col) in _decorators(tree)
            else "Use it only in annotations, or in another cell.",
            position=source.at(first.lineno),
        )
    if (first.lineno, first.col) in annotations:
        remedy = "Import it in the cell, or write the type's name in quotes."
    raise ComponentError(
        f"The name {first.message_args[0]!r} isn't defined in this cell, and a step has only its own cell.",
        remedy=remedy or "Import or define it in the cell, or pass it as an input.",
        position=source.at(first.lineno),
    )


class _Checker(checker.Checker):  # type: ignore[misc]  # pyflakes has no types
    """Knows the builtins that a step has: IPython gives others to the notebook."""

    def addBinding(self, node: ast.AST | None, value: Any) -> None:  # noqa: N802  (pyflakes' name)
        if not (isinstance(value, checker.Builtin) and value.name in _OF_IPYTHON):
            super().addBinding(node, value)


def _left_behind(tree: ast.Module) -> dict[str, str]:
    """Return the names that a cell imports, and the package of each."""
    return {name: package for node in tree.body for package in imported_packages(node) for name in bound_names(node)}


def _decorators(tree: ast.Module) -> set[tuple[int, int]]:
    """Return where decorators begin."""
    return {(d.lineno, d.col_offset) for node in ast.walk(tree) for d in getattr(node, "decorator_list", ())}


def _texts(tree: ast.Module) -> set[tuple[int, int]]:
    """Return where texts begin: names in them are read by type checkers, not by Python."""
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    return {
        (node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside
    }


class _Evaluated(ast.NodeTransformer):
    """Takes annotations out that Python never evaluates: of variables in functions, or all where they are postponed.

    Args:
        tree: The cell.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._postponed = bool(future_flags(tree) & __future__.annotations.compiler_flag)
        self._depth = 0

    def visit_arg(self, node: ast.arg) -> ast.arg:
        if self._postponed:
            node.annotation = None
        return node

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        if self._postponed:
            node.returns = None
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _function  # noqa: N815  (names are ast's)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        depth, self._depth = self._depth, 0
        self.generic_visit(node)
        self._depth = depth
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if self._depth or self._postponed:
            node.annotation = ast.copy_location(ast.Constant(None), node.annotation)
        return self.generic_visit(node)
