"""``%kfp submit`` with parameters."""

from __future__ import annotations

import json

import pytest

from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase
from tests.magics.conftest import Notebook

SHOW = (
    "%%component\ndef show(n: int, word: str, flag: bool, data: dict) -> str:\n"
    "    import json\n    return json.dumps([n, word, flag, data])"
)
PASS_ON = "%%component\ndef pass_on(text: str): pass"
PIPELINE = (
    "%%pipeline\ndef p(n: int = 1, word: str = 'a', flag: bool = False, data: dict = {'k': 1}):\n"
    "    pass_on(show(n, word, flag, data).output)"
)


@pytest.fixture
def pipeline(notebook: Notebook) -> Notebook:
    for cell in (SHOW, PASS_ON, PIPELINE):
        assert notebook.run(cell).error is None
    return notebook


def outcome(notebook: Notebook, line: str) -> object:
    """Submit, and return what the step was given."""
    ran = notebook.run(line)
    assert ran.error is None, ran.printed
    state = Session.of(notebook.shell).pipelines["p"].view.wait(120)
    assert state is not None
    assert state.phase is Phase.SUCCEEDED
    assert ran.text.split()[-1] == state.id
    return json.loads(state.by_path()["show"].outputs["show-Output"])


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("", [1, "a", False, {"k": 1}]),
        ("n=3", [3, "a", False, {"k": 1}]),
        ("n=1_000 word='two words' flag=yes", [1000, "two words", True, {"k": 1}]),
        ("""word="" data='{"k":[1,2]}'""", [1, "", False, {"k": [1, 2]}]),
        ("word=a=b", [1, "a=b", False, {"k": 1}]),
        ("word={mine} n=$number", [7, "of the notebook", False, {"k": 1}]),
    ],
)
def test_parameters_are_those_of_the_line_else_those_of_the_form(pipeline: Notebook, words: str, given: object) -> None:
    pipeline.run("mine, number = '\"of the notebook\"', 7")
    assert outcome(pipeline, f"%kfp submit p {words}") == given


def test_the_form_shows_what_was_given(pipeline: Notebook) -> None:
    outcome(pipeline, "%kfp submit p n=3 flag=true")
    assert outcome(pipeline, "%kfp submit p word=b") == [3, "b", True, {"k": 1}]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("p m=3", ["no parameter 'm'", "n, word, flag, data"]),
        ("p wordd=3", ["Did you mean word?"]),
        ("p n=abc", ["n must be a whole number", "'abc'"]),
        ("p flag=maybe", ["flag must be True or False"]),
        ("p data=[1]", ["data must be a JSON object"]),
        ("p n=1 n=2", ["n is given twice"]),
        ("p 3", ["then parameter=value"]),
        ("n=3", ["the name of a pipeline", "pipelines: p"]),
        ("q n=3", ["no %%pipeline cell of this notebook defines 'q'", "pipelines: p"]),
    ],
)
def test_what_cannot_be_given_is_told_and_nothing_runs(pipeline: Notebook, words: str, told: list[str]) -> None:
    error = pipeline.fails(f"%kfp submit {words}")
    for part in told:
        assert part in error
    assert "Runs of this notebook none yet" in pipeline.run("%kfp").text
    assert Session.of(pipeline.shell).pipelines["p"].view._form.arguments() == {
        "n": "1",
        "word": "a",
        "flag": "False",
        "data": '{"k": 1}',
    }


def test_tab_offers_the_parameters(pipeline: Notebook) -> None:
    _, matches = pipeline.shell.complete(None, "%kfp submit p n=3 ", 18)
    assert matches == ["word=", "flag=", "data=", "run.name=", "run.experiment="]


def test_a_run_is_named_on_the_line_and_listed_and_found_by_its_name(pipeline: Notebook) -> None:
    outcome(pipeline, "%kfp submit p run.name='First try' run.experiment=Trees")
    run = Session.of(pipeline.shell).runs[-1].id
    header, line = pipeline.run("%kfp runs").text.splitlines()[1:]
    assert header.split()[:3] == ["run", "name", "experiment"]
    assert line.split()[:4] == [run, "First", "try", "Trees"]
    assert f"The run {run} has already ended" in pipeline.run("%kfp stop 'First try'").printed


def test_parameters_may_be_called_as_anything_about_the_run(notebook: Notebook) -> None:
    notebook.run("%%component\ndef show(a: str, b: str) -> str:\n    return a + b")
    notebook.run("%%component\ndef pass_on(text: str): pass")
    notebook.run("%%pipeline\ndef p(name: str = '', experiment: str = ''):\n    pass_on(show(name, experiment).output)")
    assert notebook.run("%kfp submit p name=1 experiment=2 run.name=Third").error is None
    session = Session.of(notebook.shell)
    state = session.pipelines["p"].view.wait(120)
    assert state is not None
    assert state.by_path()["show"].outputs["show-Output"] == "12"
    assert [run.name for run in session.engine().runs()] == ["Third"]
