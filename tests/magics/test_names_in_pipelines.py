"""Which names a ``%%pipeline`` function has, and what is said where one is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kfp_jupyter import dsl
from kfp_jupyter.compiler import Compiler
from tests.magics.conftest import Notebook

FLIP = "%%component\ndef flip() -> str:\n    return 'heads'"


@pytest.fixture
def components(notebook: Notebook) -> Notebook:
    assert notebook.run(FLIP).error is None
    return notebook


def conditions(notebook: Notebook, name: str) -> int:
    """Return how many conditions a pipeline of the notebook has when it is compiled outside the magics."""
    templates = Compiler().workflow(notebook.names[name])["spec"]["templates"]
    return sum(template["name"].startswith("condition-") for template in templates)


@pytest.mark.parametrize(
    "cell",
    [
        "def p():\n    with dsl.Condition(flip().output == 'heads'):\n        flip()",
        "def p():\n    both()\ndef both():\n    with dsl.Condition(flip().output == 'heads'): flip()",
        "def p():\n    def inner():\n        with dsl.Condition(flip().output == 'heads'): flip()\n    inner()",
        "@dsl.pipeline(name='P')\ndef p():\n    with dsl.Condition(flip().output == 'heads'): flip()",
        "@dsl.pipeline\ndef p(a: str = 'x'):\n    with dsl.Condition(flip().output == 'heads' and a == 'x'): flip()",
        "test = lambda: dsl.Condition(flip().output == 'heads')\ndef p():\n    with test(): flip()",
    ],
    ids=["function", "helper", "nested", "decorated", "and", "lambda"],
)
def test_dsl_is_there_without_an_import_and_leaves_no_name_behind(components: Notebook, cell: str) -> None:
    ran = components.run(f"%%pipeline\n{cell}")
    assert ran.error is None, ran.printed
    assert "dsl" not in components.names
    assert conditions(components, "p") == 1
    assert components.run("%kfp show p").error is None


def test_the_notebooks_own_dsl_comes_first(components: Notebook) -> None:
    components.run("class dsl:\n    Condition = staticmethod(lambda test: chosen.append(test))\nchosen = []")
    assert components.run("%%pipeline\ndef p():\n    dsl.Condition(flip().output == 'x')").error is None
    assert len(components.names["chosen"]) >= 1
    assert components.names["dsl"] is not dsl


def test_types_need_no_import_in_a_pipelines_signature(components: Notebook) -> None:
    ran = components.run("%%pipeline\ndef p(a: List = [1], b: Dict = {}):\n    flip()\n    print(a, b)")
    assert ran.error is None, ran.printed


def test_names_of_the_cell_and_of_the_notebook_are_those_of_the_moment(components: Notebook, tmp_path: Path) -> None:
    components.run("word = 'first'")
    components.run("%%component\ndef say(text: str): print(text)")
    cell = "%%pipeline\nimport json\nTIMES = 1\ndef p():\n    for _ in range(TIMES): say(json.dumps(word))"
    assert components.run(cell).error is None
    assert components.names["TIMES"] == 1
    components.run("word = 'second'; TIMES = 2")
    assert components.run(f"%kfp compile p {tmp_path}/p.yaml").error is None
    text = (tmp_path / "p.yaml").read_text()
    dag = next(t for t in yaml.safe_load(text)["spec"]["templates"] if "dag" in t)
    assert [task["name"] for task in dag["dag"]["tasks"]] == ["say", "say-2"]
    assert "second" in text


def test_a_name_that_the_pipeline_hides_stays_what_it_was(components: Notebook) -> None:
    components.run("def p(): return 'mine'")
    components.fails("%%pipeline\ndef p():\n    flip(1)")
    assert components.names["p"]() == "mine"


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        ("@kfp.dsl.pipeline(name='x')\ndef q():\n    flip()", 2, ["'kfp' is not defined"]),
        ("@dsl.pipeline(nam='x')\ndef q():\n    flip()", 2, ["unexpected keyword argument 'nam'"]),
        ("@(lambda f: None)\ndef q():\n    flip()", 3, ["'q' is not a function"]),
        ("@dsl.pipeline\ndef q():\n    flip()\ndel q", 3, ["'q' is not a function"]),
        ("@dsl.pipeline\ndef q():\n    flip()\nreturn 4", 5, ["Syntax error", "return"]),
        ("from . import x\n@dsl.pipeline\ndef q():\n    flip()", 2, ["not part of a package"]),
        ("x = 1 / 0\n@dsl.pipeline\ndef q():\n    flip()", 2, ["ZeroDivisionError"]),
        ("import json\nx = json.loads('{')\n@dsl.pipeline\ndef q():\n    flip()", 3, ["JSONDecodeError", "decoder.py"]),
        ("@dsl.pipeline\ndef q(a: int = missing):\n    flip()", 3, ["'missing' is not defined"]),
    ],
)
def test_what_a_pipelines_cell_raises_is_said_at_its_line_without_our_files(
    components: Notebook, cell: str, line: int, words: list[str]
) -> None:
    ran = components.run(f"%%pipeline\n{cell}")
    assert ran.error is not None
    assert f", line {line}: " in str(ran.error)
    assert f"{line} | {cell.splitlines()[line - 2]}" in str(ran.error)
    assert "kfp_jupyter/" not in ran.printed
    for word in words:
        assert word in str(ran.error)


def test_pipeline_root_of_the_decorator_is_kept(components: Notebook) -> None:
    components.run("%%pipeline\n@dsl.pipeline(name='P', pipeline_root='s3://here')\ndef p():\n    flip()")
    parameters = Compiler().workflow(components.names["p"])["spec"]["arguments"]["parameters"]
    assert {"name": "pipeline-root", "value": "s3://here"} in parameters


@pytest.mark.parametrize(
    ("cell", "line", "words"),
    [
        ("@dsl.pipeline(5)\ndef q():\n    flip()", 2, ["name in @dsl.pipeline is 5"]),
        ("@dsl.pipeline(description=['a'])\ndef q():\n    flip()", 2, ["description in @dsl.pipeline is ['a']"]),
        ("@dsl.pipeline\n@(lambda f: 3)\ndef q():\n    flip()", 2, ["name in @dsl.pipeline is 3"]),
        ("@dsl.pipeline\n@(lambda f: None)\ndef q():\n    flip()", 4, ["'q' is not a function"]),
        ("@dsl.pipeline()\n@(lambda f: 3)\ndef q():\n    flip()", 2, ["made from 3"]),
        ("@dsl.pipeline\ndef q():\n    flip()\nq()", 5, ["called outside a pipeline"]),
        ("@dsl.component\ndef q():\n    flip()", 1, ["returned None"]),
        ("%time\n@dsl.pipeline\ndef q():\n    flip()", 2, ["can't contain a notebook command", "cell of its own"]),
        ("with open('/none/here'): pass\ndef q():\n    flip()", 2, ["No such file"]),
    ],
)
def test_a_decorator_or_statement_that_cannot_be_is_said_at_the_cells_line(
    components: Notebook, cell: str, line: int, words: list[str]
) -> None:
    ran = components.run(f"%%pipeline\n{cell}")
    assert ran.error is not None
    assert f"cell [3], line {line}: " in str(ran.error)
    assert "interactiveshell" not in str(ran.error)
    assert "Traceback" not in ran.printed
    for word in words:
        assert word in str(ran.error)
