"""``%%component`` in a real shell."""

from __future__ import annotations

import pytest

from kfp_jupyter.components import Component
from tests.magics.conftest import Notebook

ADD = """%%component base_image=python:3.11 packages="numpy,pandas>=1,<3" --cpu 500m memory=1Gi name="My add"
import math
OFFSET = 1

def helper(x):
    return x + OFFSET - 1

def add(a: float, b: float = 2) -> float:
    '''Add two numbers.'''
    return helper(a) + b
"""


def test_the_name_is_the_component_and_calling_it_runs_the_function(notebook: Notebook) -> None:
    ran = notebook.run(ADD + "\n")
    assert ran.error is None, ran.printed
    component = notebook.names["add"]
    assert isinstance(component, Component)
    assert component(1.5) == 3.5
    assert component(a=1, b=1) == 2


def test_the_card_shows_inputs_outputs_image_packages_and_limits(notebook: Notebook) -> None:
    text = notebook.run(ADD).text
    parts = ("My add", "a: Float", "b: Float = 2", "Output: Float", "python:3.11", "numpy, pandas>=1,<3", "500m", "1Gi")
    for part in parts:
        assert part in text


def test_the_card_escapes_what_the_author_wrote(notebook: Notebook) -> None:
    ran = notebook.run("%%component name='<script>x</script>'\ndef f(): pass")
    assert "<script>" not in ran.shown[0]["text/html"]


def test_imports_constants_and_helpers_travel_but_imports_of_this_package_stay(notebook: Notebook) -> None:
    notebook.run(
        "%%component\nfrom kfp_jupyter.components import InputPath\nimport math\nK = 2\n"
        "def f(x_path: InputPath(str)) -> float:\n    return math.pi * K"
    )
    program = notebook.names["f"].component_spec.container.command[-1]
    assert "import math\nK = 2\ndef f(" in program
    assert "kfp_jupyter" not in program


def test_line_numbers_of_the_program_are_those_of_the_cell(notebook: Notebook) -> None:
    cell = "%%component\nimport math\n\ndef f() -> float:\n    return math.pi"
    notebook.run(cell)
    program = notebook.names["f"].component_spec.container.command[-1]
    assert program.splitlines()[1:5] == cell.splitlines()[1:5]


def test_cell_names_do_not_leak_into_the_notebook(notebook: Notebook) -> None:
    notebook.run("%%component\nLIMIT = 3\ndef g() -> int:\n    return LIMIT")
    assert "LIMIT" not in notebook.names


def test_the_function_that_nothing_else_uses_is_the_component(notebook: Notebook) -> None:
    notebook.run("%%component\ndef first(): second()\ndef second(): pass")
    assert isinstance(notebook.names["first"], Component)
    assert "second" not in notebook.names


def test_of_two_functions_one_must_be_chosen(notebook: Notebook) -> None:
    cell = "def one(): pass\ndef two(): pass"
    error = notebook.fails(f"%%component\n{cell}")
    assert "several functions: one, two" in error
    assert "function=two" in error
    assert notebook.run(f"%%component function=one\n{cell}").error is None
    assert "one" in notebook.names


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        ("%%component\nx = 1\ndef f(:\n    pass", 3, ["Syntax error"]),
        ("%%component\nx = 1", 1, ["defines no function", "def name("]),
        ("%%component\nasync def f(): pass", 2, ["async"]),
        ("%%component\n\ndef f() -> float:\n    return np.pi", 4, ["'np'", "Import or define it in the cell"]),
        ("%%component\ndef f():\n    x = 1\n    return x", 4, ["returns a value", "-> float"]),
        ("%%component\ndef f():\n    yield 1", 3, ["generator"]),
        ("%%component\n!pip install numpy\ndef f(): pass", 2, ["notebook command", "packages="]),
        ("%%component\ndef f(*args): pass", 2, ["'*args'"]),
        ("%%component\ndef f(x: Foo): pass", 2, ["'Foo'", "in quotes"]),
        ("%%component\ndef f(x: int = 'a'): pass", 2, ["'a'", "Integer"]),
        ("%%component\ndef f(o_path: OutputPath() = 1): pass", 2, ["'o_path'", "default"]),
    ],
)
def test_what_cannot_be_a_component_is_said_at_its_line(
    notebook: Notebook, cell: str, line: int, words: list[str]
) -> None:
    error = notebook.fails(cell)
    assert f"line {line}: " in error
    assert "cell [" in error
    for word in words:
        assert word in error
    source = cell.splitlines()[line - 1]
    assert line == 1 or f"{line} | {source}" in error


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("base_imgae=python:3.11", ["'base_imgae'", "base_image="]),
        ("cpu=lots", ["cpu='lots'", "500m"]),
        ("memory=1GB", ["memory='1GB'", "512Mi"]),
        ("packages='nu mpy'", ["'nu mpy'", "commas"]),
        ("name='open", ["quote"]),
        ("name", ["no value", "name=value"]),
        ("name=a name=b", ["twice"]),
        ("isolated=perhaps", ["neither true nor false"]),
        ("stray words", ["'stray'"]),
        ("function=g", ["no function 'g'", "f"]),
    ],
)
def test_a_bad_magic_line_is_said_with_the_remedy(notebook: Notebook, line: str, words: list[str]) -> None:
    error = notebook.fails(f"%%component {line}\ndef f(): pass")
    for word in words:
        assert word in error
    assert "f" not in notebook.names


def test_flags_need_no_value(notebook: Notebook) -> None:
    assert notebook.run("%%component --isolated --no-such" + "\ndef f(): pass").error is not None
    assert notebook.run("%%component --isolated cache=false\ndef f(): pass").error is None
    assert notebook.names["f"].settings.isolated
    assert not notebook.names["f"].settings.cache


def test_a_components_function_may_have_the_name_of_a_builtin(notebook: Notebook) -> None:
    assert (
        notebook.run("%%component\ndef zip(type: str, in_path: InputPath() = None) -> str:\n    return type").error
        is None
    )
    assert notebook.names["zip"]("x") == "x"
    assert list(notebook.names["zip"].__signature__.parameters) == ["type", "in_"]


def test_an_error_shows_a_message_and_no_traceback(notebook: Notebook) -> None:
    ran = notebook.run("%%component\nx = 1")
    assert "ComponentError" in ran.printed
    assert ".py" not in ran.printed


def test_the_cell_is_called_by_the_number_beside_it(notebook: Notebook) -> None:
    result = notebook.shell.run_cell("%%component\nx = 1", store_history=True)
    assert f"cell [{result.execution_count}], line 1" in str(result.error_in_exec)


def test_an_error_of_the_cell_itself_is_shown_with_the_cells_line(notebook: Notebook) -> None:
    ran = notebook.run("%%component\nx = 1 / 0\ndef f(): pass")
    assert isinstance(ran.error, ZeroDivisionError)
    assert "x = 1 / 0" in ran.printed


def test_a_module_that_only_the_step_will_have_does_not_stop_the_cell(notebook: Notebook) -> None:
    ran = notebook.run(
        "%%component packages=no-such-module\nimport no_such_module as nsm\nfrom no_such_module.deep import thing\n"
        "LIMIT = nsm.limit()\ndef f(x: int) -> int:\n    return thing(x, LIMIT)"
    )
    assert ran.error is None, ran.printed
    assert "no_such_module (packages= installs it in the step)" in ran.text
    assert "import no_such_module as nsm" in notebook.names["f"].component_spec.container.command[-1]
    error = notebook.fails("f(1)")
    assert "'no_such_module', which is not installed in this notebook" in error
    assert "Run the component in a pipeline" in error


def test_running_a_cell_again_replaces_its_component(notebook: Notebook) -> None:
    notebook.run("%%component\ndef train() -> int:\n    return 1", cell_id="a")
    assert notebook.run("%%component\ndef train() -> int:\n    return 2", cell_id="a").error is None
    assert notebook.names["train"]() == 2


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("%%component ba", "base_image="), ("%%component --ba", "--base_image"), ("%kfp ru", "runs")],
)
def test_tab_completes_keys(notebook: Notebook, typed: str, offered: str) -> None:
    _, matches = notebook.shell.complete(None, typed, len(typed))
    assert offered in matches
