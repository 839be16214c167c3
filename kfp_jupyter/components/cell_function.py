"""Finds the function of a cell that its component or pipeline is made from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kfp_jupyter.components.cell_syntax import DEFINITIONS, bound_names, is_main_guard, loaded_names
from kfp_jupyter.components.cell_tests import called_names, has_interface, is_entry, is_test, root_name


def candidates(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the functions of a cell that nothing else in it needs; of two with one name the last.

    Code that only tests or tries a function doesn't count as needing it: ``def test_…``, classes of tests, code under
    ``if __name__ == "__main__":``, and calls of it. Nor does a ``def main():`` that the cell calls count, if one
    function with a declared interface is left.
    """
    left = _not_needed(tree)
    if len(left) == 1 and is_entry(left[0], tree):
        without = ast.Module([node for node in tree.body if node is not left[0]], [])
        others = _not_needed(without)
        if len(others) == 1 and has_interface(others[0]):
            return others
    return left


def _not_needed(tree: ast.Module) -> list[ast.FunctionDef]:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    tested = {name: node for name, node in functions.items() if not is_test(node)} or functions
    own = {name: node for name, node in tested.items() if not _is_registered(node, tree)} or tested
    used: set[str] = set()
    for node in _needing(tree):
        used |= loaded_names(node) - ({node.name} if isinstance(node, ast.FunctionDef) else set())
    left = [node for name, node in own.items() if name not in used]
    return left if left or len(tested) > 1 else list(tested.values())


def _needing(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield what needs what it uses: definitions, what binds names for them, what is above the last function.

    A call above the last function of one with an interface, whose value nothing needs, is a try as it is below.
    """
    last = max((n for n, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)), default=0)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and has_interface(node)}
    above = [
        node
        for n, node in enumerate(tree.body)
        if isinstance(node, DEFINITIONS) or (n <= last and not called_names(node) & functions)
    ]
    needing = [node for node in above if not is_test(node) and not is_main_guard(node)]
    yield from needing
    needed = set().union(*map(loaded_names, needing)) if needing else set()
    for node in tree.body:
        if node not in above and bound_names(node) & needed:
            yield node


def _is_registered(function: ast.FunctionDef, tree: ast.Module) -> bool:
    """Whether a function is registered with an object of the cell: ``@show.register``, ``@app.route(…)``."""
    made = set().union(*(bound_names(node) for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom))))
    owners = [root_name(decorator) for decorator in function.decorator_list if _is_attribute(decorator)]
    return any(owner in made for owner in owners)


def _is_attribute(decorator: ast.expr) -> bool:
    return isinstance(decorator.func if isinstance(decorator, ast.Call) else decorator, ast.Attribute)
