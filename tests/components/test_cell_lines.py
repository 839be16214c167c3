"""The cell's number in place of the component's name, in what a step has written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfp_jupyter.components import Component
from kfp_jupyter.components.cell import component_from_cell
from kfp_jupyter.components.cell_lines import with_cells
from kfp_jupyter.components.source import CellSource
from tests.components.steps import run

FAILS = """\
import warnings

def helper(x):
    try:
        return 1 / x
    except ZeroDivisionError as error:
        raise ValueError("no x") from error

def {name}(x: int) -> int:
    warnings.warn("careful")
    return helper(
        x)
"""


def cell(label: str, function: str, name: str = "") -> Component:
    return component_from_cell(CellSource(FAILS.replace("{name}", function), label), image="python:3.11", name=name)[0]


@pytest.mark.parametrize("name", ["", "It's", 'It\'s "quoted" \\ ü'])
def test_every_line_that_names_the_component_names_its_cell(tmp_path: Path, name: str) -> None:
    done = run(cell("cell [3]", "lines_one", name), tmp_path, x="0")
    assert "cell [3]" not in done.text
    told = with_cells(done.text)
    assert "cell [3]:11: UserWarning: careful\n" in told
    assert "  cell [3], line 6, in helper\n    return 1 / x\n" in told
    assert "  cell [3], line 8, in helper\n    raise ValueError" in told
    assert "  cell [3], line 12, in lines_one\n    return helper(\n" in told
    assert "File " not in told


def test_the_newest_cell_that_has_the_line_is_named(tmp_path: Path) -> None:
    cell("cell [3]", "lines_two")
    done = run(cell("cell [4]", "lines_two"), tmp_path, x="0")
    component_from_cell(CellSource("def lines_two(x: int): pass", "cell [5]"), image="python:3.11")
    assert "cell [4], line 12, in lines_two" in with_cells(done.text)


def test_a_log_of_another_notebook_stays_as_it_is() -> None:
    cell("cell [3]", "lines_three")
    log = "  File \"component 'Lines three'\", line 12, in lines_three\n    return other(x)\nKeyError: 'x'\n"
    assert with_cells(log) == log
    assert with_cells(log.replace("12", "99")) == log.replace("12", "99")
    assert with_cells(log.replace("three'", "four'")) == log.replace("three'", "four'")


def test_a_cell_that_runs_again_makes_the_same_program() -> None:
    commands = [cell(label, "lines_five").component_spec.container.command for label in ("cell [3]", "cell [4]")]
    assert commands[0] == commands[1]
