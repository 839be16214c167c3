"""``%%component`` over plain statements, a shell script or nothing, in a real shell."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kfp_jupyter.components import Component
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase, RunState
from tests.magics.conftest import Notebook

FIT = """%%component inputs="x: float, data: path, n: int = 3" outputs="y: float, model: path" name="Fit it" cpu=500m
import math

def helper(v):
    return v * n

y = helper(x) + len(open(data).read())
open(model, "w").write(f"model {y}")
"""
COUNT = """%%component lang=sh inputs="y: float, model: path" outputs="words: int" memory=64Mi
# Count words
echo "y is $y"
wc -w < "$model" > "$OUT_words"
"""
SAY = (
    "%%component image=busybox name=Say inputs='text: str' outputs='out: str' "
    """command='["sh", "-c", "mkdir -p $(dirname $1); printf %s \\"$0\\" > $1", "{text}", "{out}"]'"""
)


def run_to_end(notebook: Notebook, name: str) -> RunState:
    ran = notebook.run(f"%kfp submit {name}")
    assert ran.error is None, ran.printed
    state = Session.of(notebook.shell).pipelines[name].view.wait(60)
    assert state is not None
    return state


def test_a_shell_script_with_the_ends_of_lines_of_windows_runs(notebook: Notebook) -> None:
    ran = notebook.run(
        '%%component lang=sh inputs="x: int" outputs="y: int"\r\n# Echo\r\n'
        'if true\r\nthen\r\necho "$x" > "$OUT_y"\r\nfi\r\n'
    )
    assert ran.error is None, ran.printed
    assert "\r" not in str(notebook.names["echo"].component_spec.container.command)


def test_scripts_of_both_languages_and_a_ready_container_run_in_one_pipeline(notebook: Notebook) -> None:
    for cell in (FIT, COUNT, SAY):
        ran = notebook.run(cell)
        assert ran.error is None, ran.printed
    ran = notebook.run(
        "%%pipeline name=p params='x: float = 2'\n"
        "fit = fit_it(x, say('a word').output)\n"
        "count = count_words(fit.outputs['y'], fit.outputs['model'])\n"
        "say(f'{count.output} words, y = {fit.outputs[\"y\"]}')\n"
    )
    assert ran.error is None, ran.printed
    state = run_to_end(notebook, "p")
    assert state.phase is Phase.SUCCEEDED, state
    outputs = {name: value for step in state.steps for name, value in step.outputs.items()}
    assert outputs == {"fit-it-y": "12.0", "count-words-words": "2"}


def test_the_card_shows_what_the_magic_line_declares(notebook: Notebook) -> None:
    text = notebook.run(FIT).text
    for part in ("Component 'Fit it'", "x: Float", "data", "n: Integer = 3", "y: Float", "model", "cpu 500m"):
        assert part in text


def test_a_module_that_is_not_here_is_on_the_card(notebook: Notebook) -> None:
    text = notebook.run("%%component name=x packages=no-such-module\nimport no_such_module").text
    assert "no_such_module (packages= installs it in the step)" in text


def test_calling_a_script_outside_a_pipeline_returns_its_outputs(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("abc")
    for cell in (FIT, COUNT):
        assert notebook.run(cell).error is None
    result = notebook.names["fit_it"](2.0, str(tmp_path / "data"), n=1)
    assert result.y == 5.0
    ran = notebook.run(f"count_words(1.0, {result.model!r})")
    assert ran.printed.splitlines()[0] == "y is 1.0"
    assert "missing a required argument: 'x'" in notebook.fails("fit_it()")


def test_an_error_of_a_called_script_shows_its_line(notebook: Notebook) -> None:
    notebook.run("%%component name=Half inputs='x: float' outputs='y: float'\n\ny = 1 / x")
    ran = notebook.run("half(0)")
    assert isinstance(ran.error, ZeroDivisionError)
    assert "3 y = 1 / x" in re.sub(r"\x1b\[[0-9;]*m", "", ran.printed)


def test_the_notebooks_names_are_not_the_scripts(notebook: Notebook) -> None:
    notebook.run("elsewhere = 3")
    error = notebook.fails("%%component name=X outputs='y: int'\ny = elsewhere")
    assert "line 2: The name 'elsewhere' isn't defined in this cell" in error
    assert notebook.run("%%component name=X inputs='k: int' outputs='y: int'\ny = k").error is None
    assert "y" not in notebook.names


def test_types_and_defaults_may_use_the_notebooks_names(notebook: Notebook) -> None:
    notebook.run("START = 5")
    notebook.run("%%component name=X inputs='k: int = START, m: \"Model\" = None'\nprint(k, m)")
    inputs = notebook.names["x"].component_spec.inputs
    assert [(i.name, i.type, i.default, i.optional) for i in inputs] == [
        ("k", "Integer", "5", True),
        ("m", "Model", None, True),
    ]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("%%component name='Train model'\nprint()", "train_model"),
        ("%%component name='Train model' as=train\nprint()", "train"),
        ("%%component outputs='y: int'\n# Train it.\ny = 1", "train_it"),
        ("%%component outputs='y: int'\n'''Train it.'''\ny = 1", "train_it"),
        ("%%component as=other\ndef train(): pass", "other"),
    ],
)
def test_a_component_is_bound_to_a_name_made_of_its_own(notebook: Notebook, cell: str, name: str) -> None:
    ran = notebook.run(cell)
    assert ran.error is None, ran.printed
    assert isinstance(notebook.names[name], Component)
    assert list(Session.of(notebook.shell).components) == [name]


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        ("%%component\nx = 1", 1, ["defines no function", 'name="…"', "def name("]),
        ("%%component outputs='y: int'\ny = 1", 1, ["has no name", 'name="…"']),
        ("%%component lang=sh\nls", 1, ["has no name"]),
        ("%%component name='…'\nx = 1", 1, ["'…'", "as="]),
        ("%%component name=Print\nx = 1", 1, ["'Print'", "print", "as="]),
        ("%%component name=X inputs='x: flaot'\nprint(x)", 1, ["inputs='x: flaot'", "Did you mean float?"]),
        ("%%component name=X outputs='y: int = 1'\ny = 1", 1, ["'y' has a default"]),
        ("%%component name=X inputs='y: OutputPath()'\ny = 1", 1, ["outputs="]),
        ("%%component name=X outputs='y: InputPath()'\ny = 1", 1, ["inputs="]),
        ("%%component name=X outputs='y: OutputTextFile()'\ny = 1", 1, ["Use path"]),
        ("%%component name=X inputs='x: int = \"a\"'\ny = x", 1, ["'a'", "Integer"]),
        ("%%component name=X outputs='y: int'\nx = 1", 1, ["never assigns its output 'y'"]),
        ("%%component name=X outputs='y: int'\n\ny = (1", 3, ["Syntax error"]),
        ("%%component name=X outputs='y: int' function=f\ndef f(): pass", 1, ["function= has no effect here"]),
        ("%%component name=X\n!ls", 2, ["notebook command"]),
        ("%%component name=X lang=sh outputs='y: int'\nls", 1, ["never writes its output 'y'"]),
        ("%%component name=X lang=sh\n\nif\n", 3, ["Syntax error"]),
        ("%%component name=X image=busybox\nls", 1, ["this cell has code", "base_image="]),
        ("%%component name=X image=busybox", 1, ["needs image= and command="]),
        ("%%component name=X command=ls", 1, ["needs image= and command="]),
        ("%%component name=X image=busybox command=ls packages=x", 1, ["packages= has no effect here"]),
        ("%%component name=X image=busybox command='ls {x}'", 1, ["{x}"]),
    ],
)
def test_what_cannot_be_a_component_is_said_at_its_line(
    notebook: Notebook, cell: str, line: int, words: list[str]
) -> None:
    error = notebook.fails(cell)
    assert f"cell [2], line {line}: " in error
    for word in words:
        assert word in error
    assert not Session.of(notebook.shell).components


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("lang=bash", ["lang='bash'", "neither python nor sh"]),
        ("as=1x", ["as='1x'", "not a valid Python name"]),
        ("image=x command='[1]'", ["command='[1]'", "not a list of strings"]),
        ("image=x command='[\"a\"'", ["is not a valid JSON list"]),
        ("image=x command='sh -c \"'", ["quote"]),
    ],
)
def test_a_bad_value_is_said_with_its_key(notebook: Notebook, line: str, words: list[str]) -> None:
    error = notebook.fails(f"%%component name=X {line}\n# nothing")
    for word in words:
        assert word in error


def test_a_command_keeps_its_dollars_and_braces(notebook: Notebook) -> None:
    notebook.run("x, text = 'wrong', 'wrong'")
    notebook.run("%%component image=busybox name=$x as=it inputs='text: str' command='echo $x {text}'")
    component = notebook.names["it"]
    assert component.name == "wrong"
    assert component.component_spec.container.command[:2] == ("echo", "$x")
    assert component.component_spec.container.command[2].to_dict() == {"inputValue": "text"}


def test_a_ready_container_fits_on_a_line_of_a_cell(notebook: Notebook) -> None:
    ran = notebook.run("%component image=busybox name=Say inputs='text: str' command='echo {text}'\nbound = say")
    assert ran.error is None, ran.printed
    assert isinstance(notebook.names["bound"], Component)


YAML = """\
name: Add things
inputs: [{name: a, type: Integer}]
outputs: [{name: sum}]
implementation:
  container: {image: busybox, command: [add, {inputValue: a}, {outputPath: sum}]}
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serves the directory of the test."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(tmp_path))

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_component_is_loaded_from_a_file_or_an_address(notebook: Notebook, tmp_path: Path, address: str) -> None:
    (tmp_path / "my add.yaml").write_text(YAML)
    ran = notebook.run(f"%component load '{tmp_path}/my add.yaml' as plus")
    assert ran.error is None, ran.printed
    assert "Component 'Add things'" in ran.text
    assert isinstance(notebook.names["plus"], Component)
    assert notebook.run(f"%component load {address}/my%20add.yaml").error is None
    assert isinstance(notebook.names["add_things"], Component)
    assert "plus  " in notebook.run("%kfp").text
    notebook.run(f"folder = {str(tmp_path)!r}")
    assert notebook.run("%component load '{folder}/my add.yaml' as third").error is None


def test_a_loaded_graph_of_components_shows_its_tasks(notebook: Notebook, tmp_path: Path) -> None:
    leaf = yaml.safe_load(YAML)
    task = {"componentRef": {"spec": leaf}, "arguments": {"a": {"graphInput": {"inputName": "n"}}}}
    graph = {"name": "All", "inputs": [{"name": "n"}], "implementation": {"graph": {"tasks": {"first": task}}}}
    (tmp_path / "all.yaml").write_text(yaml.safe_dump(graph))
    ran = notebook.run(f"%component load {tmp_path}/all.yaml as every")
    assert ran.error is None, ran.printed
    assert "tasks: first" in ran.text
    assert "every  All" in notebook.run("%kfp").text
    assert notebook.run("%%pipeline name=p\nevery(1)").error is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", ["cell [2], line 2: ", "%component load FILE as name"]),
        ("lod x.yaml", ["cell [2], line 2: ", "2 | %component lod x.yaml", "%component load FILE as name"]),
        ("load", ["%component load FILE as name"]),
        ("load x.yaml to y", ["%component load FILE as name"]),
        ("load x.yaml as 1y", ["not a valid Python name"]),
        ("load {tmp}/none.yaml as y", ["none.yaml", "No such file"]),
        ("load {tmp}/bad.yaml as y", ["bad.yaml, line 2"]),
        ("load {address}/none.yaml as y", ["404"]),
    ],
)
def test_what_cannot_be_loaded_says_why(
    notebook: Notebook, tmp_path: Path, address: str, line: str, words: list[str]
) -> None:
    (tmp_path / "bad.yaml").write_text("name: x\nimplementatoin: {}\n")
    line = line.replace("{tmp}", str(tmp_path)).replace("{address}", address)
    error = notebook.fails(f"first = 1\n%component {line}")
    for word in words:
        assert word in error
