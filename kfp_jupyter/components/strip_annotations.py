"""Python source without the annotations of its functions' signatures, line for line.

Source: ``strip_type_hints`` in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable

_OPEN, _CLOSE = "([{", ")]}"


def strip_annotations(source: str, unwanted: Callable[[str, str], bool] | None = None) -> str:
    """Return the source without the annotations of parameters and returned values.

    A step runs where names that serve in annotations alone need not exist, as in KFP v1. Lines stay where they are.

    Args:
        source: Python source.
        unwanted: Gets the name of a function and one of its annotations, and returns whether to leave the annotation
            out; None leaves all out.
    """
    lines = io.StringIO(source).readlines()
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)
    ]
    found = [
        annotation
        for number, token in enumerate(tokens)
        if token.type == tokenize.NAME and token.string == "def"
        for annotation in _annotations(tokens, number)
        if unwanted is None or unwanted(tokens[number + 1].string, _between(lines, *annotation[:2]).lstrip(":->"))
    ]
    # From the end on, so that places before a cut stay where they are.
    for start, end, in_brackets in sorted(found, reverse=True):
        _cut(lines, start, end, in_brackets=in_brackets)
    return "".join(lines)


_Place = tuple[int, int]


def _annotations(tokens: list[tokenize.TokenInfo], start: int) -> list[tuple[_Place, _Place, bool]]:
    """Return where annotations of the function that begins at a token start and end, and whether inside brackets."""
    found: list[tuple[_Place, _Place, bool]] = []
    depth = lambdas = 0
    began: _Place | None = None
    parameters = returned = False
    for number in range(start + 1, len(tokens)):
        text, place = tokens[number].string, tokens[number].start
        if depth == (0 if returned else 1) and began and text in ({":"} if returned else {",", "=", ")"}):
            found.append((began, tokens[number - 1].end, not returned))
            began = None
        if text in _OPEN and tokens[number].type == tokenize.OP:
            depth += 1
            parameters = parameters or text == "("
        elif text in _CLOSE and tokens[number].type == tokenize.OP:
            depth -= 1
        elif text == "lambda":
            lambdas += 1
        elif text == ":" and lambdas:
            lambdas -= 1
        elif text == ":" and depth == 1 and parameters and not began:
            began = place
        elif text == "->" and depth == 0:
            returned, began = True, place
        elif text == ":" and depth == 0:
            break
    return found


def _between(lines: list[str], start: _Place, end: _Place) -> str:
    """Return the text from one place to another."""
    own = lines[start[0] - 1 : end[0]]
    own[-1] = own[-1][: end[1]]
    own[0] = own[0][start[1] :]
    return "".join(own)


def _cut(lines: list[str], start: _Place, end: _Place, *, in_brackets: bool) -> None:
    for number in range(start[0], end[0] + 1):
        line = lines[number - 1]
        first = start[1] if number == start[0] else 0
        last = end[1] if number == end[0] else len(line.rstrip("\r\n"))
        # Outside of brackets a line that ends early must say that it goes on.
        joint = "\\" if number < end[0] and not in_brackets else ""
        lines[number - 1] = line[:first].rstrip(" ") + joint + line[last:] if first else joint + line[last:]
