"""Runs a cell in its own module, even if it imports modules that only the step's image has."""

from __future__ import annotations

import ast
import functools
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NoReturn

from kfp_jupyter.components.cell_syntax import bound_names, future_flags
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.errors import ComponentError


class Missing:
    """Stands for something of a module that is not installed here; any use of it is an error that says so.

    Args:
        name: The name in the cell.
        module: The module that is not installed.
    """

    def __init__(self, name: str, module: str) -> None:
        self._name, self.module = name, module

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise MissingModuleError(self._name, self.module)

    __getattr__ = __call__ = __getitem__ = __iter__ = __len__ = __bool__ = _refuse


class MissingModuleError(ComponentError):
    """Something of a module that is not installed here was used.

    Args:
        name: The name in the cell.
        module: The module.
    """

    def __init__(self, name: str, module: str) -> None:
        self.module = module
        super().__init__(
            f"{name!r} needs the module {module!r}, which is not installed in this notebook.",
            remedy="Run the component in a pipeline, where its image or packages bring the module, or install it here.",
        )


def run_cell(source: CellSource, vocabulary: Mapping[str, Any]) -> tuple[ModuleType, list[str]]:
    """Run a cell; return the module it makes and the modules it imports that are not installed here.

    A step may have modules that the notebook lacks. Names that such an import would bind, and names computed from
    them, are placeholders that raise an error when they are used.

    Args:
        source: The cell.
        vocabulary: Names that its annotations may use without an import.

    Raises:
        Exception: Whatever the cell raises, but for imports of modules that are not installed.
    """
    module = new_module(source.tree)
    namespace = vars(module)
    namespace.update({name: value for name, value in vocabulary.items() if name not in _bound(source.tree)})
    missing: dict[str, None] = {}
    with as_main(module):
        for node in source.tree.body:
            absent = _absent(node, source, module)
            if absent is not None:
                missing[absent] = None
                namespace.update({name: Missing(name, absent) for name in bound_names(node)})
    return module, list(missing)


def _absent(node: ast.stmt, source: CellSource, module: ModuleType) -> str | None:
    """Run a statement; return the missing module that prevents it, or None."""
    try:
        run_statement(node, source, module)
    except ModuleNotFoundError as error:
        if error.name is None or not isinstance(node, (ast.Import, ast.ImportFrom, ast.Try)):
            raise
        return error.name
    except MissingModuleError as error:
        return error.module
    return None


def _bound(tree: ast.Module) -> set[str]:
    return set().union(*map(bound_names, tree.body))


def new_module(tree: ast.Module) -> ModuleType:
    """Return an empty module for a cell; it is a main module, as a step's program is."""
    return ModuleType("__main__", ast.get_docstring(tree, clean=False))


_lock = threading.Lock()
_mains: list[ModuleType] = []
"""The notebook's main module, then those that replace it for now."""


@contextmanager
def as_main(module: ModuleType) -> Iterator[None]:
    """Let a cell's module be the main one: there pickle, multiprocessing and pydantic look for its classes.

    Args:
        module: The cell's; a call that another thread began later stays in force until it ends.
    """
    with _lock:
        if not _mains:
            _mains.append(sys.modules["__main__"])
        _mains.append(module)
        sys.modules["__main__"] = module
    try:
        yield
    finally:
        with _lock:
            last = len(_mains) - 1 - _mains[::-1].index(module)
            del _mains[last]
            sys.modules["__main__"] = _mains[-1]
            if len(_mains) == 1:
                _mains.clear()


def called_in(module: ModuleType, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that runs a function of a cell with the cell's module as the main one.

    Args:
        module: The cell's.
        function: The function.
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # IPython leaves this call out of what the author sees.
        with as_main(module):
            return function(*args, **kwargs)

    return call


def run_statement(node: ast.stmt, source: CellSource, module: ModuleType) -> None:
    """Run one statement of a cell in its module.

    Args:
        node: The statement.
        source: The cell.
        module: The module that it runs in.

    Raises:
        Exception: Whatever it raises.
    """
    code = compile(ast.Module([node], []), source.file, "exec", future_flags(source.tree), dont_inherit=True)
    exec(code, vars(module))  # noqa: S102  (running the author's cell is the purpose)
