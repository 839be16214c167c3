"""``%%pipeline`` in a real shell."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kfp_jupyter.dsl import Pipeline
from tests.magics.conftest import Notebook

ADD = "%%component\ndef add(a: float, b: float = 2) -> float:\n    return a + b"
SPLIT = (
    "%%component\ndef split(text: str) -> NamedTuple('Outputs', [('head', str), ('tail', str)]):\n"
    "    return text[:1], text[1:]"
)
CALC = """%%pipeline name="Calculation pipeline" description="adds twice"
def calc(x: float = 1, word: str = "w"):
    first = add(x)
    add(first.output, 3).after(first)
    split(f"{word}={first.output}")
"""


@pytest.fixture
def components(notebook: Notebook) -> Notebook:
    for cell in (ADD, SPLIT):
        assert notebook.run(cell).error is None
    return notebook


def test_the_graph_is_shown_at_once_and_nothing_runs(components: Notebook) -> None:
    ran = components.run(CALC)
    assert ran.error is None, ran.printed
    assert any("application/vnd.jupyter.widget-view+json" in shown for shown in ran.shown)
    pictures = [svg for shown in ran.shown if "Calculation" in (svg := shown.get("image/svg+xml", ""))]
    assert len(pictures) == 1
    for name in ("Add", "Add (2)", "Split"):
        assert f">{name}<" in pictures[0]
    assert "Runs of this notebook none yet" in components.run("%kfp").text


def test_the_name_is_the_pipeline(components: Notebook) -> None:
    components.run(CALC)
    pipeline = components.names["calc"]
    assert isinstance(pipeline, Pipeline)
    assert (pipeline.name, pipeline.description) == ("Calculation pipeline", "adds twice")


def test_output_writes_the_workflow(components: Notebook, tmp_path: Path) -> None:
    assert components.run(CALC.replace("\n", f" output={tmp_path / 'calc.yaml'}\n", 1)).error is None
    workflow = yaml.safe_load((tmp_path / "calc.yaml").read_text())
    assert workflow["metadata"]["generateName"] == "calculation-pipeline-"
    assert [t["name"] for t in workflow["spec"]["templates"]] == ["add", "add-2", "calculation-pipeline", "split"]


def test_a_file_that_cannot_be_written_is_named(components: Notebook) -> None:
    error = components.fails(CALC.replace("\n", " output=/proc/none/x.yaml\n", 1))
    assert "'/proc/none/x.yaml'" in error
    assert "output=" not in components.fails(CALC.replace("\n", " output=x.json\n", 1))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("add(first.outputs['nose'], 3)", ["no output 'nose'", "'Output'"]),
        ("add()", ["missing a required argument", "'a'"]),
        ("add('seven')", ["'seven'", "Float"]),
        ("split(first.output)", ["Float", "String", "input 'text'"]),
        ("mul(first.output)", ["'mul' is not defined", "run the cell that does"]),
        ("add(first)", ["task 'add' itself"]),
        ("{}['mine']", ["The pipeline function raised KeyError: 'mine'"]),
        ("import json; json.loads('{')", ["JSONDecodeError", "decoder.py"]),
    ],
)
def test_wrong_wiring_is_said_at_its_line_of_the_cell(components: Notebook, line: str, words: list[str]) -> None:
    error = components.fails(f"%%pipeline\n\ndef calc(x: float = 1):\n    first = add(x)\n    {line}\n")
    assert "cell [" in error
    assert "line 5: " in error
    assert f"5 |     {line}" in error
    for word in words:
        assert word in error


@pytest.mark.parametrize("ending", ["raise SystemExit(3)", "raise type('Own', (BaseException,), {})(3)"])
@pytest.mark.parametrize(
    ("cell", "line", "what"),
    [
        ("%%pipeline\ndef calc(x: float = 1):\n    add(x)\n    {ending}", 4, "The pipeline function"),
        ("%%pipeline params='x: float = 1'\nadd(x)\n{ending}", 3, "The pipeline function"),
        ("%%pipeline\n{ending}\ndef calc(x: float = 1):\n    add(x)", 2, "The cell"),
    ],
    ids=["function", "statements", "above the function"],
)
def test_what_would_end_a_program_is_said_at_its_line_too(
    components: Notebook, cell: str, line: int, what: str, ending: str
) -> None:
    error = components.fails(cell.format(ending=ending))
    assert error.startswith("cell [4], ")
    assert f"line {line}: {what} raised " in error
    assert f"{line} | " in error
    assert "kfp_jupyter" not in error


def test_a_broken_pipeline_leaves_the_earlier_one_in_place(components: Notebook) -> None:
    components.run(CALC)
    before = components.names["calc"]
    components.fails(CALC.replace("add(x)", "add()"))
    assert components.names["calc"] is before


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("%%pipeline\ndef p(:\n    pass", ["line 2", "Syntax error"]),
        ("%%pipeline\nasync def p(): pass", ["line 2", "async"]),
        ("%%pipeline\ndef p():\n    pass", ["has no tasks"]),
        ("%%pipeline\ndef a(): add(1)\ndef b(): add(2)", ["several functions: a, b", "function=b"]),
        ("%%pipeline outptu=x.yaml\ndef p(): add(1)", ["'outptu'", "output="]),
    ],
)
def test_a_cell_that_makes_no_pipeline_says_why(components: Notebook, cell: str, words: list[str]) -> None:
    error = components.fails(cell)
    for word in words:
        assert word in error


def test_a_decorated_pipeline_keeps_its_own_name(components: Notebook) -> None:
    cell = "%%pipeline\nfrom kfp_jupyter import dsl\n@dsl.pipeline(name='Mine')\ndef p():\n    add(1)"
    assert components.run(cell).error is None
    assert components.names["p"].name == "Mine"


def test_what_the_magic_line_says_reaches_the_template(notebook: Notebook, tmp_path: Path) -> None:
    notebook.run(
        "%%component base_image=me/image:1 packages=numpy,pandas cpu=500m memory=1Gi isolated=true cache=false "
        "name=Work\ndef work(): pass"
    )
    notebook.run(f"%%pipeline output={tmp_path / 'p.yaml'}\ndef p():\n    work()")
    template = yaml.safe_load((tmp_path / "p.yaml").read_text())["spec"]["templates"][-1]
    assert template["name"] == "work"
    container, metadata = template["container"], template["metadata"]
    assert container["image"] == "me/image:1"
    assert container["resources"] == {"limits": {"cpu": "500m", "memory": "1Gi"}}
    assert "'numpy' 'pandas'" in container["command"][2]
    assert metadata["annotations"]["kfp-jupyter/isolated"] == "true"
    assert metadata["labels"]["pipelines.kubeflow.org/enable_caching"] == "false"


def test_a_pipeline_that_is_written_and_drawn_is_compiled_once(components: Notebook, tmp_path: Path) -> None:
    components.run("made = []")
    cell = f"%%pipeline output={tmp_path / 'p.yaml'}\ndef p():\n    made.append(1)\n    add(1)"
    assert components.run(cell).error is None
    assert components.shell.user_ns["made"] == [1]
