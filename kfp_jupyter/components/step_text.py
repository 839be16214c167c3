"""The text of `runtime` as it stands in programs: what one needs of it, short."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import re
from collections.abc import Callable, Collection
from typing import Any, cast

from kfp_jupyter.components import runtime

_MARK = re.compile(r" *# \[([a-z ]+)\]")


@functools.cache
def step_text(needs: frozenset[str], taken: frozenset[str] | None = frozenset()) -> str:
    """Return the text of `runtime._kfp_step` as it stands in a program: short, without comments and annotations.

    Args:
        needs: Names of the parts that the program needs: function or script, boolean, json, pickle, any, outputs,
            single or several (outputs of a function), written (files), writes (outputs or written files), streams.
        taken: Names that the author's source gives another meaning, such as a zip of its own; None for any.
    """
    step = _bare(runtime._kfp_step, needs)
    if "outputs" in needs:
        plain = _bare(runtime.plain, needs)
        plain.body = plain.body[1:]  # without its docstring
        step.body.insert(0, plain)
    used = {node.id for node in ast.walk(step) if isinstance(node, ast.Name) and hasattr(builtins, node.id)}
    own = sorted(used if taken is None else used & taken)
    if own:
        step.body.insert(0, ast.ImportFrom("builtins", [ast.alias(name) for name in own], 0))
    text = ast.unparse(ast.fix_missing_locations(step))
    return re.sub(r"(?m)^ +", lambda indent: " " * (len(indent[0]) // 4), text)


def _bare(function: Callable[..., Any], needs: Collection[str]) -> ast.FunctionDef:
    """Return the syntax of a function: those of its parts that are needed, without annotations."""
    lines, stays = [], [True]
    for line in inspect.getsource(function).splitlines():
        mark = _MARK.fullmatch(line)
        if mark is None:
            lines += [line] if stays[-1] else []
        elif mark[1] == "end":
            stays.pop()
        else:
            stays.append(stays[-1] and set(mark[1].split()) <= set(needs))
    return cast("ast.FunctionDef", _Bare().visit(ast.parse("\n".join(lines))).body[0])


class _Bare(ast.NodeTransformer):
    """Takes annotations out."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return ast.copy_location(ast.Assign([node.target], cast("ast.expr", node.value)), node)
