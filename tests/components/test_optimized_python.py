"""``python -OO``, which forgets docstrings, compiles what ``python`` compiles."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = '''\
import datetime

from kfp_jupyter import compiler, components, dsl
from kfp_jupyter.components.cell import component_from_cell
from kfp_jupyter.components.source import CellSource


@components.create_component_from_func
def add(a: float, b: float = 2) -> float:
    """Adds two numbers.

    Args:
        a: The first.
        b: The second.
    """
    return a + b


CELL = """
def scale(x: float) -> float:
    \'\'\'Scales a number.

    Args:
        x: The number.
    \'\'\'
    return x * 2
"""
scale, _ = component_from_cell(CellSource(CELL, "cell [1]"), image="python:3.11")


class Trainings:
    @dsl.pipeline
    def train(self, start: float = 1):
        """Trains a model.

        Args:
            start: Where it begins.
        """
        scale(add(start).output)


@dsl.pipeline(name="plain")
def plain(start: float = 1):
    """Adds and scales."""
    scale(add(start).output)


clock = lambda: datetime.datetime(2026, 1, 1)
for pipeline in (plain, Trainings().train):
    print(compiler.Compiler(clock=clock).workflow(pipeline))
'''


def test_descriptions_are_read_from_the_source(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    plain, optimized = (
        subprocess.run([sys.executable, *options, program], capture_output=True, text=True, check=True).stdout
        for options in ([], ["-OO"])
    )

    assert optimized == plain
    for words in ("Adds two numbers.", "The second.", "Scales a number.", "The number.", "Adds and scales.",
                  "Trains a model.", "Where it begins."):  # fmt: skip
        assert words in optimized
