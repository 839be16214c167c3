"""``and``, ``or``, ``not`` and chained comparisons of values that are known only when the pipeline runs.

Python evaluates these operators itself, and no library can overload them: ``a > 1 and a < 5`` would be ``a < 5``
alone. So the pipeline function is recompiled from its source with calls in their place. These do what Python does for
known values, and build a condition of the others.
"""

from __future__ import annotations
import __future__

import ast
import functools
import linecache
import operator
import re
import types
from collections.abc import Callable
from typing import Any, TypeVar

from kfp_jupyter.components.callables import method_of_call
from kfp_jupyter.dsl.conditions import AllOf, AnyOf, Test, negated

Function = TypeVar("Function", bound=Callable[..., Any])

_WORTH_A_LOOK = re.compile(r"\b(?:and|or|not)\b|[<>=]")
_FEATURES = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)
_OPERATORS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}
_BY_NAME = {kind.__name__: function for kind, function in _OPERATORS.items()}


def with_symbolic_booleans(function: Function) -> Function:
    """Return a function that does the same, and builds conditions of values that aren't known yet.

    Args:
        function: The function; if its source can't be found, it is returned unchanged.
    """
    inner: Any = function
    if isinstance(inner, functools.partial):
        return functools.partial(with_symbolic_booleans(inner.func), *inner.args, **inner.keywords)  # type: ignore[return-value]
    if isinstance(inner, types.MethodType):
        return types.MethodType(with_symbolic_booleans(inner.__func__), inner.__self__)  # type: ignore[return-value]
    if not isinstance(inner, types.FunctionType):
        method = method_of_call(inner)
        return types.MethodType(with_symbolic_booleans(method), inner) if method else inner  # type: ignore[return-value]
    return _with_rewritten_body(inner)  # type: ignore[return-value]


def _with_rewritten_body(function: types.FunctionType) -> types.FunctionType:
    function = _with_rewritten_inner(function)
    code = function.__code__
    node = _definition(code)
    if node is None:
        return function
    rewriter = _Rewriter()
    node = rewriter.visit(node)
    if not rewriter.changed:
        return function
    made = _inner_code(node, code)
    cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True)) | {
        name: types.CellType(helper) for name, helper in HELPERS.items()
    }
    new = types.FunctionType(
        made, function.__globals__, function.__name__, function.__defaults__, tuple(cells[n] for n in made.co_freevars)
    )
    new.__kwdefaults__ = function.__kwdefaults__
    functools.update_wrapper(new, function)
    return new


def _with_rewritten_inner(function: types.FunctionType) -> types.FunctionType:
    """Return a decorator's function that calls the rewritten function in place of the original."""
    wrapped = getattr(function, "__wrapped__", None)
    if not isinstance(wrapped, types.FunctionType):
        return function
    inner = with_symbolic_booleans(wrapped)
    cells = tuple(types.CellType(inner) if _holds(cell, wrapped) else cell for cell in function.__closure__ or ())
    new = types.FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, cells)
    new.__kwdefaults__ = function.__kwdefaults__
    functools.update_wrapper(new, function)
    return new


def _holds(cell: types.CellType, thing: object) -> bool:
    try:
        return cell.cell_contents is thing
    except ValueError:
        return False  # It is empty.


def rewritten(tree: ast.Module) -> ast.Module:
    """Return statements that do the same with symbolic booleans; they need the names of `HELPERS`."""
    module: ast.Module = ast.fix_missing_locations(_Rewriter().visit(tree))
    return module


def _definition(code: types.CodeType) -> ast.FunctionDef | None:
    """Find the function in its own file or cell, at its own line numbers."""
    lines = linecache.getlines(code.co_filename)
    if not _WORTH_A_LOOK.search("".join(lines[code.co_firstlineno - 1 :])):
        return None
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return None  # The file has changed since it was run.
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def _inner_code(node: ast.FunctionDef, code: types.CodeType) -> types.CodeType:
    """Compile the function inside another whose arguments are the names it shares; only its code is used."""
    names = [*dict.fromkeys((*code.co_freevars, *HELPERS))]
    node.decorator_list = []
    outer = ast.FunctionDef(
        name="outer",
        args=ast.arguments(
            posonlyargs=[], args=[ast.arg(arg=name) for name in names], kwonlyargs=[], kw_defaults=[], defaults=[]
        ),
        body=[node],
        decorator_list=[],
    )
    ast.copy_location(outer, node)
    if "type_params" in ast.FunctionDef._fields:  # From Python 3.12 on.
        setattr(outer, "type_params", [])  # noqa: B010  (unknown to older versions)
    module = ast.fix_missing_locations(ast.Module(body=[outer], type_ignores=[]))
    compiled = compile(module, code.co_filename, "exec", flags=code.co_flags & _FEATURES, dont_inherit=True)
    (outer_code,) = (constant for constant in compiled.co_consts if isinstance(constant, types.CodeType))
    return next(c for c in outer_code.co_consts if isinstance(c, types.CodeType) and c.co_name == node.name)


class _Rewriter(ast.NodeTransformer):
    """Replaces boolean operators and chained comparisons by calls."""

    def __init__(self) -> None:
        self.changed = False

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        name = "_kfp_all_of_" if isinstance(node.op, ast.And) else "_kfp_any_of_"
        return self._call(node, name, [_later(value) for value in node.values])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return self._call(node, "_kfp_not_", [node.operand]) if isinstance(node.op, ast.Not) else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) == 1:
            return node
        links: list[ast.expr] = []
        for kind, value in zip(node.ops, node.comparators, strict=True):
            links += [ast.Constant(type(kind).__name__), _later(value)]
        return self._call(node, "_kfp_chain_", [node.left, *links])

    def _call(self, node: ast.expr, name: str, args: list[ast.expr]) -> ast.expr:
        if any(isinstance(n, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)) for a in args for n in ast.walk(a)):
            return node  # These can't be evaluated later.
        self.changed = True
        return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), args, []), node)


def _later(value: ast.expr) -> ast.expr:
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.copy_location(ast.Lambda(nothing, value), value)


def _all_of(*values: Callable[[], Any]) -> Any:
    tests: list[Any] = []
    value: Any = None
    for later in values:
        value = later()
        if isinstance(value, Test):
            tests += value.parts if isinstance(value, AllOf) else (value,)
        elif not value:
            return value
    return value if not tests else tests[0] if len(tests) == 1 else AllOf(tuple(tests))


def _any_of(*values: Callable[[], Any]) -> Any:
    tests: list[Any] = []
    value: Any = None
    for later in values:
        value = later()
        if isinstance(value, Test):
            tests += value.parts if isinstance(value, AnyOf) else (value,)
        elif value:
            return value
    return value if not tests else tests[0] if len(tests) == 1 else AnyOf(tuple(tests))


def _not(value: Any) -> Any:
    return negated(value) if isinstance(value, Test) else not value


def _chain(left: Any, *links: Any) -> Any:
    tests: list[Any] = []
    result: Any = True
    for name, later in zip(links[::2], links[1::2], strict=True):
        right = later()
        result = _BY_NAME[name](left, right)
        if isinstance(result, Test):
            tests.append(result)
        elif not result:
            return result
        left = right
    return result if not tests else tests[0] if len(tests) == 1 else AllOf(tuple(tests))


HELPERS: dict[str, Callable[..., Any]] = {
    "_kfp_all_of_": _all_of,
    "_kfp_any_of_": _any_of,
    "_kfp_not_": _not,
    "_kfp_chain_": _chain,
}
"""Names that rewritten code calls, and what they are."""
