"""Facts about the statements of a cell: names they bind and use, packages they import."""

from __future__ import annotations
import __future__

import ast
import symtable
from collections.abc import Iterator

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def bound_names(node: ast.stmt) -> set[str]:
    """Return the names of the top level that a statement binds."""
    return set() if isinstance(node, ast.Delete) else set(assigned_names(_table(node)))


def loaded_names(node: ast.stmt) -> set[str]:
    """Return the names of the top level that a statement uses, also in functions and classes inside of it."""
    deleted = set(assigned_names(_table(node))) if isinstance(node, ast.Delete) else set()
    return deleted | set(_global_names(_table(node), top=True))


def _table(node: ast.stmt) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(node), "<cell>", "exec")


def assigned_names(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names of a module that are assigned in it, also by functions that declare them global."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        bound = symbol.is_assigned() or symbol.is_imported()
        if bound and (top or symbol.is_declared_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from assigned_names(inner)


def _global_names(table: symtable.SymbolTable, *, top: bool = False) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _global_names(inner)


def imported_packages(node: ast.AST) -> set[str]:
    """Return the top-level packages that a statement imports; none for any other statement."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {(node.module or "").partition(".")[0]}
    return set()


def is_main_guard(node: ast.stmt) -> bool:
    """Whether a statement is ``if __name__ == "__main__":`` and no more."""
    if not isinstance(node, ast.If) or node.orelse or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    texts = [side.value for side in sides if isinstance(side, ast.Constant)]
    return isinstance(node.test.ops[0], ast.Eq) and (names, texts) == (["__name__"], ["__main__"])


def future_flags(tree: ast.Module) -> int:
    """Return the flags of `compile` for statements of a cell that are compiled one by one."""
    names = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    return sum({getattr(__future__, name).compiler_flag for name in names if hasattr(__future__, name)})


def relative_imports(node: ast.AST) -> Iterator[ast.ImportFrom]:
    """Yield imports with a dot that nothing catches when they fail."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.ImportFrom) and inner.level:
            yield inner
        elif not (isinstance(inner, ast.Try) and inner.handlers):
            yield from relative_imports(inner)
