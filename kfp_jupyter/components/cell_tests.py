"""Statements of a cell that only test or try its function: they run in the notebook and not in the step."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from kfp_jupyter.components.cell_syntax import (
    DEFINITIONS,
    bound_names,
    imported_packages,
    is_main_guard,
    loaded_names,
)

_TEST_PACKAGES = frozenset({"unittest", "doctest", "pytest", "ipytest"})
_TEST_CALLS = frozenset({"main", "run", "testmod"})
"""What of these packages runs the tests of a module."""

_FIXTURES = frozenset({"capfd", "caplog", "capsys", "mocker", "monkeypatch", "request", "self", "tmp_path", "tmpdir"})


def is_test(node: ast.stmt) -> bool:
    """Whether a definition looks like a test: its name, no declared interface, and something asserted."""
    if isinstance(node, ast.ClassDef):
        return node.name.startswith("Test") or any("TestCase" in ast.unparse(base) for base in node.bases)
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or not node.name.startswith("test_"):
        return False
    inside = list(ast.walk(node))
    returns = any(isinstance(inner, ast.Return) and inner.value is not None for inner in inside)
    asserts = any(isinstance(inner, ast.Assert) or "raises" in getattr(inner, "attr", "") for inner in inside)
    arguments = [*node.args.args, *node.args.kwonlyargs]
    declared = [argument for argument in arguments if argument.annotation and argument.arg not in _FIXTURES]
    by_pytest = any(root_name(decorator) == "pytest" for decorator in node.decorator_list)
    return asserts and not returns and (by_pytest or not declared)


def is_entry(node: ast.stmt, tree: ast.Module) -> bool:
    """Whether a function is meant to be called by the cell itself: ``main``, or one that asserts something.

    It declares neither arguments nor what it returns.

    Args:
        node: A statement of the cell.
        tree: The cell.
    """
    if not isinstance(node, ast.FunctionDef) or has_interface(node):
        return False
    asserts = any(isinstance(inner, ast.Assert) for inner in ast.walk(node))
    return (node.name == "main" or asserts) and any(node.name in called_names(other) for other in tree.body)


def has_interface(function: ast.FunctionDef) -> bool:
    """Whether a function's signature declares an argument's type or a returned value."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    returns = function.returns is not None and ast.unparse(function.returns) != "None"
    return returns or any(argument.annotation for argument in arguments)


def notebook_only_statements(tree: ast.Module, function: str) -> list[ast.stmt]:
    """Return the statements of a cell that only try its function, and those that only serve these.

    The step calls the function itself, with its own arguments.

    Args:
        tree: The cell.
        function: The function's name.
    """
    tried = _made_of(tree, function)
    runners = _bound(node for node in tree.body if imported_packages(node) & _TEST_PACKAGES)
    left_out = [
        node
        for node in tree.body
        if is_main_guard(node)
        or (is_test(node) and getattr(node, "name", "") != function)
        or called_names(node) & tried
        or (is_entry(node, tree) and function in loaded_names(node) and getattr(node, "name", "") != function)
        or _runs_tests(node, runners)
    ]
    left_out = _with_users(tree, left_out)
    return left_out + _imports_for(left_out, [node for node in tree.body if node not in left_out])


def called_names(node: ast.stmt) -> set[str]:
    """Return the names that a statement calls, directly or by a method; none for definitions."""
    if isinstance(node, DEFINITIONS):
        return set()
    return {root_name(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}


def root_name(node: ast.expr) -> str:
    """Return the name that ``name``, ``name.a``, ``name[0]`` and calls of these begin with; empty for all else."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, (ast.Attribute, ast.Subscript, ast.Await)):
            node = node.value
        else:
            return ""
    return node.id


def _made_of(tree: ast.Module, function: str) -> set[str]:
    """Return the function's name and the names that are bound to its results."""
    names = {function}
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom)) and loaded_names(node) & names:
            names |= bound_names(node)
    return names


def _runs_tests(node: ast.stmt, runners: set[str]) -> bool:
    """Whether a statement runs tests, such as ``unittest.main()``."""
    call = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
    if not isinstance(call, ast.Call) or root_name(call) not in runners:
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else root_name(call.func)
    return name in _TEST_CALLS


def _with_users(tree: ast.Module, left_out: list[ast.stmt]) -> list[ast.stmt]:
    """Add statements that use what is left out; keep those that the remaining definitions need."""
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


def _imports_for(left_out: list[ast.stmt], stays: list[ast.stmt]) -> list[ast.stmt]:
    """Return the imports that serve only what is left out: the step's image need not have ``pytest``."""
    needed = set().union(*map(loaded_names, stays))
    served = set().union(*map(loaded_names, left_out)) - needed
    imports = [node for node in stays if isinstance(node, (ast.Import, ast.ImportFrom))]
    return [node for node in imports if (names := bound_names(node)) and names <= served]


def _bound(nodes: Iterable[ast.stmt]) -> set[str]:
    return set().union(*map(bound_names, nodes))
