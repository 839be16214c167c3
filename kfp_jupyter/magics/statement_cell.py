"""The statements of a cell → a pipeline."""

from __future__ import annotations

import ast
import functools
import inspect
import types
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kfp_jupyter import dsl
from kfp_jupyter.components.cell_syntax import DEFINITIONS, is_main_guard
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.dsl.boolean_rewrite import HELPERS, rewritten
from kfp_jupyter.errors import PipelineError


def has_statements(source: CellSource) -> bool:
    """Whether the statements of a cell are what it is about, and its functions, if any, only help them."""
    statements = [node for node in source.tree.body if not isinstance(node, DEFINITIONS) and not is_main_guard(node)]
    names = {function.name for function in source.functions}
    if not names:
        return not any(isinstance(node, ast.AsyncFunctionDef) for node in source.tree.body)
    used = {node: _loaded(node) for node in source.tree.body}
    helped = set().union(*(used[node] - _only_passed(node) for node in statements)) if statements else set()
    others = {name for node, loaded in used.items() for name in loaded if getattr(node, "name", None) != name}
    return bool(names & helped) and names <= others


def _loaded(node: ast.stmt) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


_OF_PIPELINES = frozenset(
    {
        "compile", "create_run_from_pipeline_func", "run_pipeline_func_locally", "run_pipeline_func_on_cluster",
        "display", "help", "print",
    }
)  # fmt: skip
"""What is called with a whole pipeline."""


def _only_passed(node: ast.stmt) -> set[str]:
    """Return the names that a statement uses only as the pipeline that it compiles, runs or shows."""
    passed = [node.value] if isinstance(node, ast.Expr) else []
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in _OF_PIPELINES:
            passed += [*call.args, *(keyword.value for keyword in call.keywords)]
    names = Counter(argument.id for argument in passed if isinstance(argument, ast.Name))
    loaded = Counter(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
    return {name for name, number in names.items() if loaded[name] == number}


def pipeline_function(
    source: CellSource, name: str, parameters: Sequence[inspect.Parameter], namespace: Mapping[str, Any], doc: str
) -> Callable[..., None]:
    """Return a function that runs a cell's statements with the pipeline's parameters.

    The statements run as those of any cell do, but in a copy of the notebook's namespace: they see what the notebook
    has at that moment, and leave nothing behind.

    Args:
        source: The cell.
        name: The function's name.
        parameters: Its parameters.
        namespace: The notebook's.
        doc: Its docstring; may be empty.

    Raises:
        PipelineError: A statement can't stand in a cell, such as ``return``.
    """
    # What Python decides itself, by the truth of its parts, becomes a test of what isn't known yet.
    tree = rewritten(ast.parse(source.text, source.file))
    try:
        code = compile(tree, source.file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise PipelineError(f"Syntax error: {error.msg}.", position=source.at(error.lineno or 1)) from None
    outside = _outside(source.file, name, parameters, doc)

    @functools.wraps(outside)
    def run(*args: Any, **kwargs: Any) -> None:
        bound = inspect.signature(outside).bind(*args, **kwargs)
        bound.apply_defaults()
        exec(code, {"dsl": dsl, **namespace, **HELPERS, **bound.arguments})  # noqa: S102  (the cell's purpose)

    return run


def _outside(file: str, name: str, parameters: Sequence[inspect.Parameter], doc: str) -> types.FunctionType:
    """Return the function as it looks from outside: its name, its signature, and the cell's first line as its place."""
    code = compile("lambda: None", file, "eval", dont_inherit=True).co_consts[0]
    function = types.FunctionType(code, {}, name)
    function.__doc__ = doc or None
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # inspect reads it
    return function
