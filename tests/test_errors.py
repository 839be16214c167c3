"""Errors as readers see them."""

from __future__ import annotations

import inspect

from kfp_jupyter import errors
from kfp_jupyter.errors import KfpJupyterError, PipelineError, Position, author_position


def test_a_message_has_place_sentence_remedy_and_line() -> None:
    error = PipelineError("It is wrong.", remedy="Do this.", position=Position("cell [3]", 4, "    x = y  \n"))
    assert str(error) == "cell [3], line 4: It is wrong. Do this.\n    4 |     x = y"


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert errors.__doc__ is not None
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, KfpJupyterError)]
    for error in classes:
        line = next(line for line in errors.__doc__.splitlines() if f" {error.__name__}" in line)
        depth = len(error.__mro__) - len(KfpJupyterError.__mro__)
        assert line.index(error.__name__) == (4 if depth == 0 else 3 + 4 * depth + 1), error.__name__


def test_the_authors_line_is_the_first_outside_the_package() -> None:
    position = author_position()
    assert position is not None
    assert position.file == __file__
    assert "author_position()" in position.text
