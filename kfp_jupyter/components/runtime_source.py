"""The source of `runtime._step` as it is appended to an author's source, fitted to a component."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import re
import string
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from kfp_jupyter.components import runtime

_MARK = re.compile(r" *# \[([a-z ]+)\]")
_FORMAT = re.compile(r"%(?:\.\d+)?[rs]")
# The second is without the quotes of %r.
_TEXT = re.compile("'«([A-Z]+)»'|«([A-Z]+)»")
# Literals of the step have no escapes, and names in capital letters are replaced by code.
_LITERAL_OR_NAME = re.compile(r"""'[^'\n]*'|"[^"\n]*"|\b[A-Z]+\b""")


@functools.cache
def step_names() -> frozenset[str]:
    """Return the names of modules and functions that a step has for itself."""
    nodes = ast.walk(ast.parse(inspect.getsource(runtime)))
    return frozenset(node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.alias)))


def runtime_source(
    needs: frozenset[str], code: Mapping[str, str], texts: Mapping[str, str], taken: frozenset[str] | None = frozenset()
) -> str:
    """Return the text of `runtime._step` as a program contains it: without comments, annotations and long names.

    Args:
        needs: Names of the parts that the program needs, as `runtime` marks them.
        code: Code that replaces parameters, by their names in capital letters.
        texts: The same for those that are parts of messages.
        taken: Names that the author's source gives another meaning, such as a zip of its own; None for any.
    """

    def fill(found: re.Match[str]) -> str:
        if "«" not in found[0]:
            return code.get(found[0], found[0])
        literal: str = ast.literal_eval(found[0])
        is_format = _FORMAT.search(literal)

        def words(mark: re.Match[str]) -> str:
            text = repr(texts[mark[1]]) if mark[1] else texts[mark[2]]
            return text.replace("%", "%%") if is_format else text

        return repr(_TEXT.sub(words, literal))

    text = _LITERAL_OR_NAME.sub(fill, _outline(needs))
    if taken or taken is None:
        used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
        own = {name for name in used & set(dir(builtins) if taken is None else taken) if not name.startswith("_")}
        if own:
            text = text.replace("\n", f"\n from builtins import {', '.join(sorted(own))}\n", 1)
    return text


@functools.cache
def _outline(needs: frozenset[str]) -> str:
    """Return the step's text with names in capital letters where something of the component belongs."""
    step = _bare(runtime._step, needs)
    step.args.args = []
    if {"json output", "objects"} <= needs:
        step.body.insert(0, _bare(runtime.plain, needs))
    step = _Known(needs).visit(step)
    step = _Short(step).visit(step)
    text = ast.unparse(ast.fix_missing_locations(step))
    return re.sub(r"(?m)^ +", lambda indent: " " * (len(indent[0]) // 4), re.sub(r"\n\n+", "\n", text))


def _bare(function: Callable[..., Any], needs: Collection[str]) -> ast.FunctionDef:
    lines, stays = [], [True]
    for line in inspect.getsource(function).splitlines():
        mark = _MARK.fullmatch(line)
        if not mark:
            if stays[-1]:
                lines.append(line)
        elif mark[1] == "end":
            stays.pop()
        else:
            stays.append(stays[-1] and all(need in needs for need in re.split(r" (?!output\b)", mark[1])))
    step = cast("ast.FunctionDef", _Bare().visit(ast.parse("\n".join(lines))).body[0])
    step.body = step.body[1:]  # without its docstring
    return step


class _Bare(ast.NodeTransformer):
    """Takes annotations out, and makes one import of several."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        plain = [line for line in node.body if isinstance(line, ast.Import)]
        for line in plain[1:]:
            plain[0].names += line.names
            node.body.remove(line)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return ast.copy_location(ast.Assign([node.target], cast("ast.expr", node.value)), node)


class _Known(ast.NodeTransformer):
    """Puts in place what is the same for all inputs, or for the only output; such texts become part of messages.

    Args:
        needs: Names of the parts that the program needs.
    """

    def __init__(self, needs: frozenset[str]) -> None:
        self._needs = needs
        self._names = {"source": "_text"}
        self._names |= {name: name.upper() for name in ("function", "inputs", "outputs", "count", "names")}
        self._names |= {name: f"«{name.upper()}»" for name in ("place", "component", "listed", "made")}
        if "sole" in needs:
            self._names["name"] = "«PARAMETER»"
        if {"sole", "texts"} <= needs:
            self._names["values"] = "text"
        if "alike" in needs:
            self._names["read"] = "READ"
        if "kind" in needs:
            self._names["type_name"] = "«READ»"
        if "one" in needs:
            self._names["output"] = "«OUTPUT»"
        if "numbers" not in needs:
            self._names["own"] = "value"
        if "mixed" not in needs:
            self._names["make"] = "MAKE"
        if "one" in needs or "same" in needs:
            self._names |= {"kind": "«KIND»", "parse": "PARSE", "types": "TYPES"}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        known = self._names.get(node.id)
        if known is None or not (isinstance(node.ctx, ast.Load) or node.id == "own"):
            return node
        return ast.Constant(known) if known.startswith("«") else ast.Name(known, node.ctx)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        node = cast("ast.BinOp", self.generic_visit(node))
        if not (isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant)):
            return node
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        words = iter(values)
        left: list[ast.expr] = []

        def filled(found: re.Match[str]) -> str:
            value = next(words)
            if not isinstance(value, ast.Constant):
                left.append(value)
                return found[0]
            return repr(value.value) if found[0] == "%r" else str(value.value)

        text = ast.Constant(_FORMAT.sub(filled, str(node.left.value)))
        if not left:
            return text
        return ast.BinOp(text, ast.Mod(), left[0] if len(left) == 1 else ast.Tuple(left, ast.Load()))

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if "sole" in self._needs and isinstance(node.value, ast.Name) and node.value.id == "values":
            return ast.Name("values", ast.Store())
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if "sole" in self._needs:
            node.keywords = [ast.keyword(keyword.arg or "PARAMETER", keyword.value) for keyword in node.keywords]
        elif "inputs" not in self._needs:
            node.keywords = [keyword for keyword in node.keywords if keyword.arg]
        return self.generic_visit(node)

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        words = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        node = cast("ast.For", self.generic_visit(node))
        first = node.body[0]
        if isinstance(first, ast.Assign) and isinstance(first.value, ast.Name) and first.value.id == "row":
            cast("ast.Tuple", node.target).elts[0] = first.targets[0]
            del node.body[0]
        once = ("sole" in self._needs and "flag" in words) or ("one" in self._needs and "outputs" in words)
        return node.body if once else node


class _Short(ast.NodeTransformer):
    """Gives the variables of a function names of one letter, those inside of it too.

    Args:
        function: The function; no nested one binds a name for itself that one around it has in another meaning.
    """

    def __init__(self, function: ast.FunctionDef) -> None:
        letters = iter(string.ascii_lowercase)
        self._names: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.arg):
                bound = node.arg
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound = node.id
            elif isinstance(node, ast.ExceptHandler) and node.name:
                bound = node.name
            else:
                continue
            if bound not in self._names:
                self._names[bound] = next(letters)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names[node.arg]
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._names.get(node.name or "", node.name)
        return self.generic_visit(node)
