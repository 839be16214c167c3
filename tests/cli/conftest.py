"""A directory with pipelines, and commands that run there."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.compat.programs import run_python

CALCULATION = """
import kfp
from kfp import dsl
from kfp.components import create_component_from_func
from names import NAME

def add(a: float, b: float) -> float:
    print(f"adding {a} and {b}")
    return a + b

add_op = create_component_from_func(add)

@dsl.pipeline(name=NAME)
def calculation(a: float = 1, b: float = 2):
    add_op(add_op(a, b).output, 3)
"""

TWO = (
    CALCULATION
    + """

def fail(x: float):
    print("no number is good enough")
    raise ValueError(x)

fail_op = create_component_from_func(fail)

@dsl.pipeline(name="Failing")
def failing():
    add_op(1, 2).after(fail_op(1))
"""
)


@dataclasses.dataclass(frozen=True)
class Desk:
    """Where commands run.

    Attributes:
        directory: Their working directory; it has ``calculation.py`` with one pipeline and ``two.py`` with two.
    """

    directory: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``kfp-jupyter`` with these arguments."""
        return run_python("", "-m", "kfp_jupyter.cli", *arguments, cwd=self.directory)

    def dsl_compile(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``dsl-compile`` with these arguments."""
        return run_python("", "-m", "kfp_jupyter.cli.dsl_compile", *arguments, cwd=self.directory)

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        (self.directory / name).write_text(text)

    def workflow(self, name: str) -> dict[str, Any]:
        """Return the Workflow that was written to a file."""
        workflow: dict[str, Any] = yaml.safe_load((self.directory / name).read_text())
        return workflow


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.write("names.py", "NAME = 'Calculation'\n")
    desk.write("calculation.py", CALCULATION)
    desk.write("two.py", TWO)
    return desk
