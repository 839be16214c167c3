"""Advice is true: a name is asked about only where it is nearly the one that was written."""

from __future__ import annotations

import pytest

from kfp_jupyter.engines.arguments import bind_arguments
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.naming import closest
from tests.magics.conftest import Notebook

OPTIONS = ("base_image", "packages", "cpu", "memory", "gpu", "name", "outputs", "node_selector")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("base_imgae", "base_image"),
        ("package", "packages"),
        ("Memory", "memory"),
        ("mem", "memory"),
        ("node", "node_selector"),
        ("out", "outputs"),
        ("gpus", "gpu"),
    ],
)
def test_slips_and_beginnings_are_recognised(written: str, meant: str) -> None:
    assert closest(written, OPTIONS) == meant


@pytest.mark.parametrize("written", ["ram", "nope", "foo", "x", "", "disk", "threads", "n"])
def test_other_words_are_not(written: str) -> None:
    assert closest(written, OPTIONS) is None


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("%kfp engine nope", "There are local, argo."),
        ("%kfp engine x", "There are local, argo."),
        ("%kfp engine local colour=blue", "It has "),
        ("%kfp nope", "It knows engine, submit"),
        ("%kfp doctor nope", "There are local, argo."),
        ("%%component ram=1Gi\ndef f(): pass", "It knows base_image"),
        ("%%pipeline title=x\ndef f(): pass", "It knows name"),
        ("%%component name=s inputs='d: frame'\nd", "in quotes, as 'frame'"),
        ("%%component name=s inputs='d: pd.DataFrame'\nd", "in quotes, as 'pd.DataFrame'"),
    ],
)
def test_where_nothing_is_near_all_there_is_is_listed(notebook: Notebook, line: str, listed: str) -> None:
    error = notebook.fails(line)
    assert "Did you mean" not in error
    assert listed in error


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("%kfp engine loca", "'local'?"),
        ("%kfp engine local cach=false", "cache=?"),
        ("%kfp rusn", "%kfp runs?"),
        ("%%component name=s inputs='d: strr'\nd", "Did you mean str?"),
    ],
)
def test_a_slip_is_asked_about(notebook: Notebook, line: str, asked: str) -> None:
    error = notebook.fails(line)
    assert "Did you mean" in error
    assert asked in error


def test_a_parameter_that_a_run_does_not_have_is_not_guessed() -> None:
    workflow = {
        "spec": {
            "entrypoint": "p",
            "arguments": {"parameters": [{"name": "rate", "value": "1"}, {"name": "seed", "value": "2"}]},
            "templates": [{"name": "p"}],
        }
    }
    with pytest.raises(KfpJupyterError, match=r"no parameter 'epochs'. It has 'rate', 'seed'\."):
        bind_arguments(workflow, {"epochs": "3"})
    with pytest.raises(KfpJupyterError, match=r"Did you mean 'rate'\?"):
        bind_arguments(workflow, {"rates": "3"})


ANNOTATED = [
    "import pandax as pd\ndef f(d: pd.DataFrame) -> int: return 1",
    "import pandax as pd\ndef f(d: int) -> pd.DataFrame: return 1",
    "from pandax import DataFrame\ndef f(d: DataFrame) -> int: return 1",
    "from pandax import DataFrame\ndef f(d: InputPath(DataFrame)) -> int: return 1",
]


@pytest.mark.parametrize("cell", ANNOTATED)
def test_a_type_of_a_module_that_is_not_here_gets_one_advice_that_works(notebook: Notebook, cell: str) -> None:
    error = notebook.fails(f"%%component packages=pandax\n{cell}")
    assert "'pandax', which is not installed in this notebook" in error
    assert "a file, InputPath(), and goes into one, OutputPath()." in error
    assert ".." not in error.partition("\n")[0]
    advised = cell.partition("\n")[0] + "\ndef f(d: InputPath(), o: OutputPath()) -> int: return 1"
    assert notebook.run(f"%%component packages=pandax\n{advised}").error is None
