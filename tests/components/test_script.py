"""Cells of plain Python statements: what their programs do in a step, and what is refused before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.components import Component, InputPath, OutputPath
from kfp_jupyter.components.script import component_from_script
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.errors import ComponentError
from tests.components.declarations import declared, params
from tests.components.steps import run

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def python(body: str, inputs: Any = None, outputs: Any = None) -> Component:
    return component_from_script(CellSource(body, "cell [1]"), declared(inputs, outputs))[0]


def test_inputs_are_variables_and_outputs_are_read_from_them(tmp_path: Path) -> None:
    data = tmp_path / "data.txt"
    data.write_text("abc")
    component = python(
        "text = open(data).read()\ny = x * n\nitems = [text, x]\nopen(model, 'w').write(text)",
        params(x=float, data=InputPath(), n=(int, 3)),
        params(y=float, model=OutputPath("Model"), items=list),
    )
    spec = component.component_spec
    assert [(i.name, i.type, i.default) for i in spec.inputs] == [
        ("x", "Float", None),
        ("data", None, None),
        ("n", "Integer", "3"),
    ]
    assert [(o.name, o.type) for o in spec.outputs] == [("y", "Float"), ("model", "Model"), ("items", "JsonArray")]
    done = run(component, tmp_path, x="2", data=str(data), n="4")
    assert done.code == 0, done.text
    assert {name: path.read_text() for name, path in done.outputs.items()} == {
        "y": "8.0",
        "model": "abc",
        "items": '["abc", 2.0]',
    }


def test_names_are_those_declared_though_a_function_would_shorten_them() -> None:
    spec = python("y = open(train_path).read()", params(train_path=InputPath()), params(y=str)).component_spec
    assert [i.name for i in spec.inputs] == ["train_path"]


def test_a_traceback_has_the_lines_of_the_cell_and_none_of_ours(tmp_path: Path) -> None:
    cell = "\ndef deep(v):\n    return 1 / v\n\n\ny = deep(x)"
    done = run(python(cell, params(x=float), params(y=float)), tmp_path, x="0")
    assert done.code == 1
    assert "line 7, in <module>\n    y = deep(x)" in done.text
    assert "line 4, in deep\n    return 1 / v" in done.text
    assert "_step" not in done.text
    assert done.text.count("File ") == 2


def test_the_script_runs_as_a_main_module_does(tmp_path: Path) -> None:
    cell = (
        "import pickle\nfrom dataclasses import dataclass\n\n"
        "@dataclass\nclass Point:\n    x: float\n    y: 'Unknown' = 0\n\n"
        "max = max([1, 2])\nif __name__ == '__main__':\n    y = pickle.loads(pickle.dumps(Point(x))).x + max"
    )
    done = run(python(cell, params(x=float), params(y=float)), tmp_path, x="1")
    assert done.outputs["y"].read_text() == "3.0", done.text


def test_a_script_may_redefine_builtins(tmp_path: Path) -> None:
    done = run(python("tuple = print = open = str = 1\ny = 2", outputs=params(y=int)), tmp_path)
    assert done.outputs["y"].read_text() == "2", done.text


def test_an_input_may_have_the_name_of_a_builtin(tmp_path: Path) -> None:
    component = python("y = zip + len", params(zip=str, len=str, exec=(str, ""), isinstance=(str, "")), params(y=str))
    assert run(component, tmp_path, zip="a", len="b", exec="", isinstance="").outputs["y"].read_text() == "ab"


@pytest.mark.parametrize("end", ["raise SystemExit", "import sys; sys.exit(0)"])
def test_a_script_that_ends_itself_well_has_its_outputs_written(tmp_path: Path, end: str) -> None:
    done = run(python(f"y = 2\n{end}", outputs=params(y=int)), tmp_path)
    assert done.code == 0
    assert done.outputs["y"].read_text() == "2"


def test_a_script_that_ends_itself_badly_keeps_its_exit_code(tmp_path: Path) -> None:
    assert run(python("y = 2\nraise SystemExit(3)", outputs=params(y=int)), tmp_path).code == 3


def test_an_output_that_got_no_value_at_run_time_is_named(tmp_path: Path) -> None:
    component = python("if x > 0:\n    y = x", params(x=float), params(y=float))
    done = run(component, tmp_path, x="-1")
    assert done.code == 1
    assert done.text.strip() == "Component 'My step': the script ended without a value for its output 'y'."
    with pytest.raises(ComponentError, match="without a value for its output 'y'"):
        component(-1)


def test_an_output_file_that_was_not_written_is_named(tmp_path: Path) -> None:
    component = python("print(model)", outputs=params(model=OutputPath()))
    assert "wrote nothing to its output 'model'" in run(component, tmp_path).text
    with pytest.raises(ComponentError, match="wrote nothing to its output 'model'"):
        component()


def test_an_output_of_another_type_is_named_with_its_value(tmp_path: Path) -> None:
    done = run(python("y = 'abc'", outputs=params(y=float)), tmp_path)
    assert "output 'y' must be of type Float" in done.text
    assert "'abc'" in done.text


@settings(max_examples=10, deadline=None)
@given(text=TEXT)
def test_any_text_in_a_python_script_is_that_text_in_the_step(tmp_path_factory: Any, text: str) -> None:
    tmp_path = tmp_path_factory.mktemp("run")
    component = python(f"y = {text!r}", outputs=params(y=str))
    assert run(component, tmp_path).outputs["y"].read_bytes().decode() == text


@pytest.mark.parametrize(
    "cell",
    [
        "y = '''a\nb'''",
        'y = """a\nb"""',
        "y = '''a\nb''' + \"\"\"c\n\"\"\"",
        "y = '{{workflow.name}} {_{ \\\\ \\' \\''",
        "y = r'\\n' '\\n' + '''\\'''' + \"\"\"\\\"\"\"\" # \\",
        "y = 'x' # ends in a backslash \\",
        "y = 'ünï 🎉'",
    ],
)
def test_quotes_braces_and_backslashes_of_a_script_survive(tmp_path: Path, cell: str) -> None:
    names: dict[str, Any] = {}
    exec(cell, names)
    component = python(cell, outputs=params(y=str))
    assert run(component, tmp_path).outputs["y"].read_text() == names["y"]
    assert component() == names["y"]


def test_calling_it_outside_a_pipeline_runs_the_cell_as_a_function(tmp_path: Path) -> None:
    component = python(
        "y = x * n\nz = None\nopen(model, 'w').write(str(y))",
        params(x=float, n=(int, 3)),
        params(y=float, z=str, model=OutputPath()),
    )
    result = component(2.0, n=5)
    assert (result.y, result.z) == (10.0, None)
    assert Path(result.model).read_text() == "10.0"
    assert python("y = 1", outputs=params(y=int))() == 1
    assert python("print(1)")() is None
    with pytest.raises(Exception, match="missing a required argument: 'x'") as error:
        component()
    assert "It takes x: float, n: int = 3" in str(error.value)


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        ("\ny = np.pi", 3, ["'np'", "Import or define it", "inputs="]),
        ("def f():\n    return other\ny = f()", 3, ["'other'"]),
        ("from kfp_jupyter import dsl\ny = dsl", 3, ["'dsl'"]),
        ("y = y + 1", 2, ["'y'"]),
        ("x = 1", 1, ["never assigns its output 'y'", "y = …"]),
        ("def f():\n    y = 1\nf()", 1, ["never assigns its output 'y'"]),
        ("y = 1\nreturn y", 3, ["'return' outside function"]),
    ],
)
def test_what_a_script_lacks_is_said_at_its_line_when_it_is_made(cell: str, line: int, words: list[str]) -> None:
    with pytest.raises(ComponentError) as error:
        python(cell, outputs=params(y=float))
    assert f"line {line}: " in str(error.value)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    "cell",
    [
        "def f():\n    global y\n    y = 1\nf()",
        "import math as y",
        "for y in range(3): pass",
        "with open('/dev/null') as y: pass",
        "print(y := 3)",
        "def y(): pass",
        "try:\n    y = 1\nexcept ValueError:\n    pass",
    ],
)
def test_every_way_to_bind_a_name_assigns_an_output(cell: str) -> None:
    python(cell, outputs=params(y=float))


def test_a_variable_cannot_be_an_input_and_the_file_of_an_output() -> None:
    with pytest.raises(ComponentError, match="'x' is declared both as an input and as the file of an output"):
        python("open(x)", params(x=str), params(x=OutputPath()))


def test_modules_that_only_the_step_will_have_are_named() -> None:
    _, missing = component_from_script(CellSource("import os, no_such_module.deep", "cell [1]"), declared())
    assert missing == ["no_such_module"]


def test_files_of_calls_are_apart_from_each_other() -> None:
    component = python("open(model, 'w').write(str(x))", params(x=int), params(model=OutputPath()))
    first, second = component(1), component(2)
    assert (Path(first).read_text(), Path(second).read_text()) == ("1", "2")
    assert Path(first).parent != Path(second).parent
