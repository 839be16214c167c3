"""Source without annotations."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import kfp_jupyter
from kfp_jupyter.components.strip_annotations import strip_annotations

HARD = '''
def f(a: int, b: "x" = 3, *args: {1: 2}, c: (Path('CSV')) = lambda x, y=2: x, **kw: Dict[str, int]
   ) -> NamedTuple('Outputs', [ # comment ->
    ('a', int),

    ('b', str)]):
    x: int = 3
    def g(ä: torch.Tensor = {1: 2}, d=a[1:2]) -> (int): return lambda z: z
    class K:
        y: int = 4
        async def m(self, q: List[
             int
        ]) -> "a:b": ...
    return f'{a:>3}' if a else {1:2}
def h() -> None: pass
def j(
    a: int,  # the: first
    b: str = "x) -> (",
    /, *,
    c,
) -> \\
   int:
    """def s(a: int) -> None"""
'''


class Stripper(ast.NodeTransformer):
    """Takes annotations out of a tree."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        node.returns = None
        return self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef


SOURCES = [HARD, *(path.read_text() for path in sorted(Path(kfp_jupyter.__file__).parent.glob("components/*.py")))]


@pytest.mark.parametrize("source", SOURCES, ids=range(len(SOURCES)))
def test_nothing_but_annotations_is_missing_and_lines_stay(source: str) -> None:
    result = strip_annotations(source)
    assert ast.dump(ast.parse(result)) == ast.dump(Stripper().visit(ast.parse(source)))
    assert result.count("\n") == source.count("\n")


def test_a_plain_signature_looks_as_if_it_never_had_any() -> None:
    assert strip_annotations("def f(a: int, b: str = 'x') -> float:\n    pass") == "def f(a, b = 'x'):\n    pass"
