"""The text of `runtime` as it stands in programs: what one needs of it, short."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import re
from typing import cast

from kfp_jupyter.components import runtime

_MARK = re.compile(r" *# \[([a-z ]+)\]")


@functools.cache
def step_text(needs: frozenset[str]) -> str:
    """Return the text of `runtime._kfp_step` as it stands in a program: short, without comments and annotations.

    Args:
        needs: Names of the parts that the program needs: function or script, boolean, json, pickle, outputs, single or
            several (outputs of a function), written (files), writes (outputs or written files), streams.
    """
    lines, stays = [], [True]
    for line in inspect.getsource(runtime._kfp_step).splitlines():
        mark = _MARK.fullmatch(line)
        if mark is None:
            lines += [line] if stays[-1] else []
        elif mark[1] == "end":
            stays.pop()
        else:
            stays.append(stays[-1] and needs.issuperset(mark[1].split()))
    step = _bare("\n".join(lines))
    if "outputs" in needs:
        plain = _bare(inspect.getsource(runtime.plain))
        plain.body = plain.body[1:]  # without its docstring
        step.body.insert(0, plain)
    used = sorted({node.id for node in ast.walk(step) if isinstance(node, ast.Name) and hasattr(builtins, node.id)})
    step.body.insert(0, ast.ImportFrom("builtins", [ast.alias(name) for name in used], 0))
    text = ast.unparse(ast.fix_missing_locations(step))
    return re.sub(r"(?m)^ +", lambda indent: " " * (len(indent[0]) // 4), text)


def _bare(source: str) -> ast.FunctionDef:
    return cast("ast.FunctionDef", _Bare().visit(ast.parse(source)).body[0])


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
