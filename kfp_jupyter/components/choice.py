"""Which function a cell is about, and what in the cell only tries it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kfp_jupyter.components.cell_syntax import bound_names, is_main_guard, loaded_names

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def candidates(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the functions of a cell that nothing else in it needs; of two with one name the last.

    What tests a function or tries it needs it no more than the reader does: ``def test_…``, classes of tests, what
    stands under ``if __name__ == "__main__":``, and statements below the last function.
    """
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    tested = {name: node for name, node in functions.items() if not _is_test(node)} or functions
    used: set[str] = set()
    for node in _needing(tree):
        used |= loaded_names(node) - ({node.name} if isinstance(node, ast.FunctionDef) else set())
    left = [node for name, node in tested.items() if name not in used]
    return left if left or len(tested) > 1 else list(tested.values())


def _needing(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield what needs what it uses: definitions, what binds names for them, what is above the last function."""
    last = max((n for n, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)), default=0)
    above = [node for n, node in enumerate(tree.body) if n <= last or isinstance(node, DEFINITIONS)]
    needing = [node for node in above if not _is_test(node) and not is_main_guard(node)]
    yield from needing
    needed = set().union(*map(loaded_names, needing)) if needing else set()
    for node in tree.body:
        if node not in above and bound_names(node) & needed:
            yield node


def _is_test(node: ast.stmt) -> bool:
    """Whether a definition looks like a test: its name, no parameters, nothing returned, and something asserted."""
    if isinstance(node, ast.ClassDef):
        return node.name.startswith("Test") or any("TestCase" in ast.unparse(base) for base in node.bases)
    if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
        return False
    inside = list(ast.walk(node))
    returns = any(isinstance(inner, ast.Return) and inner.value is not None for inner in inside)
    asserts = any(isinstance(inner, ast.Assert) or "raises" in getattr(inner, "attr", "") for inner in inside)
    return not (node.args.args or node.args.kwonlyargs or returns) and asserts


def tries(tree: ast.Module, function: str) -> list[ast.stmt]:
    """Return the statements of a cell that only try its function, and those that use what came of that.

    The step calls the function itself, with its own arguments.

    Args:
        tree: The cell.
        function: The function's name.
    """
    left_out = [node for node in tree.body if is_main_guard(node) or _is_test(node) or _calls(node, function)]
    kept: set[ast.stmt] = set()
    while True:
        left_out = [node for node in left_out if node not in kept]
        stays = [node for node in tree.body if node not in left_out]
        gone = _bound(left_out) - _bound(stays)
        using = [node for node in stays if loaded_names(node) & gone]
        if not using:
            return left_out
        needed = {name for node in using if isinstance(node, DEFINITIONS) for name in loaded_names(node)}
        needing = {node for node in left_out if bound_names(node) & needed}
        if needing:
            kept |= needing
        else:
            left_out += using


def _bound(nodes: Iterable[ast.stmt]) -> set[str]:
    return set().union(*map(bound_names, nodes))


def _calls(node: ast.stmt, function: str) -> bool:
    if isinstance(node, DEFINITIONS):
        return False
    calls = (inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return any(isinstance(called, ast.Name) and called.id == function for called in calls)
