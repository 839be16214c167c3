"""Functions of cells without a magic are called by the number of their cell, as those of ``%%component`` are."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from kfp_jupyter import dsl
from kfp_jupyter.components.cell_lines import with_cells
from tests.components.steps import run
from tests.magics.conftest import Notebook

CELL = """\
# A cell of a notebook.
from kfp_jupyter.components import create_component_from_func

def {name}(x: int) -> float:
    \'\'\'Fails.\'\'\'
    return 1 / x

{use}
"""
EXTRA = '''extra_code="""
def helper():
    return 1
"""'''


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("divided_plainly", "made = create_component_from_func(divided_plainly)"),
        ("divided_by_more", f"made = create_component_from_func(divided_by_more, {EXTRA})"),
        ("divided_by_less", f"made = create_component_from_func({EXTRA})(divided_by_less)"),
    ],
)
def test_the_traceback_of_a_step_names_the_cell_of_its_function_and_the_line(
    notebook: Notebook, tmp_path: Path, name: str, use: str
) -> None:
    assert notebook.run(CELL.format(name=name, use=use)).error is None

    done = run(notebook.names["made"], tmp_path, x="0")

    assert f"cell [2], line 6, in {name}\n    return 1 / x\n" in with_cells(done.text)
    assert "cell [2]" not in done.text


def test_lines_of_extra_code_are_not_those_of_the_cell(notebook: Notebook, tmp_path: Path) -> None:
    notebook.run(
        """
from kfp_jupyter.components import create_component_from_func
def careless(x: int) -> float:
    return broken(x)
made = create_component_from_func(careless, extra_code="def broken(x):\\n    return 1 / x")
"""
    )
    told = with_cells(run(notebook.names["made"], tmp_path, x="0").text)
    assert "cell [2], line 3, in careless" in told
    assert "component 'Careless'\", line 3, in broken" in told


def test_warnings_name_the_cell_and_show_the_line(notebook: Notebook) -> None:
    with pytest.warns(dsl.PipelineWarning) as caught:
        notebook.run(
            """
from kfp_jupyter import compiler, dsl
def calc(unused: int = 1): dsl.ContainerOp("step", "image")
compiler.Compiler().workflow(dsl.pipeline(calc))
"""
        )
    (told,) = caught
    shown = warnings.formatwarning(told.message, told.category, told.filename, told.lineno)
    assert shown.startswith("cell [2]:2: PipelineWarning: Nothing in the pipeline uses its parameter 'unused'.")
    assert shown.endswith('\n  def calc(unused: int = 1): dsl.ContainerOp("step", "image")\n')


def test_errors_name_the_cell(notebook: Notebook) -> None:
    told = notebook.fails(
        """
from kfp_jupyter import compiler, dsl
def nothing(): pass
compiler.Compiler().workflow(dsl.pipeline(nothing))
"""
    )
    assert told.startswith("cell [2], line 2: The pipeline 'Nothing' has no tasks.")
