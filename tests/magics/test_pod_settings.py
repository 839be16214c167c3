"""GPUs, retries, timeouts, variables, labels and nodes on the magic line, for cells of all kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kfp_jupyter.components import load_component_from_file
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase
from tests.magics.conftest import Notebook

SETTINGS = (
    'cpu=2 memory=1Gi gpu=1 retry=3 timeout=1h30m env="A=1, LIST=a,b,c, EMPTY=" '
    'labels="team=vision, example.com/tier=gold" node_selector="disk=ssd,zone=eu"'
)
KINDS = {
    "function": "%%component {}\ndef work(): pass",
    "script": "%%component name=Work outputs='x: int' {}\nx = 1",
    "sh": "%%component name=Work lang=sh {}\necho 1",
    "image": "%%component name=Work image=busybox command=true {}",
    "line": "%component name=Work image=busybox command=true {}",
}


def template(notebook: Notebook, folder: Path, *, call: str = "work()", options: str = "") -> dict[str, Any]:
    path = folder / "p.yaml"
    ran = notebook.run(f"%%pipeline output={path} {options}\ndef p():\n    {call}")
    assert ran.error is None, ran.printed
    return next(t for t in yaml.safe_load(path.read_text())["spec"]["templates"] if "container" in t)


@pytest.mark.parametrize("options", ["", "compact=true"])
@pytest.mark.parametrize("kind", KINDS)
def test_settings_reach_the_workflow(notebook: Notebook, tmp_path: Path, kind: str, options: str) -> None:
    ran = notebook.run(KINDS[kind].format(SETTINGS))
    assert ran.error is None, ran.printed
    made = template(notebook, tmp_path, options=options)
    limits = made["container"]["resources"]["limits"]
    assert {key: str(value) for key, value in limits.items()} == {"cpu": "2", "memory": "1Gi", "nvidia.com/gpu": "1"}
    assert str(made["retryStrategy"]["limit"]) == "3"
    assert made["activeDeadlineSeconds"] == 5400
    assert {"name": "LIST", "value": "a,b,c"} in made["container"]["env"]
    assert {"name": "EMPTY", "value": ""} in made["container"]["env"]
    assert {"team": "vision", "example.com/tier": "gold"}.items() <= made["metadata"]["labels"].items()
    assert made["nodeSelector"] == {"disk": "ssd", "zone": "eu"}


def test_the_card_shows_them(notebook: Notebook) -> None:
    text = notebook.run(KINDS["function"].format(SETTINGS)).text
    for part in ("gpu 1 (nvidia)", "up to 3 times", "5400 s", "env: A, LIST, EMPTY", "team=vision", "node: disk=ssd"):
        assert part in text


def test_the_pipeline_has_the_last_word(notebook: Notebook, tmp_path: Path) -> None:
    notebook.run(KINDS["function"].format("retry=3 timeout=60 gpu=amd:2"))
    made = template(notebook, tmp_path, call="work().set_retry(1).set_timeout(5)")
    assert str(made["retryStrategy"]["limit"]) == "1"
    assert made["activeDeadlineSeconds"] == 5
    assert str(made["container"]["resources"]["limits"]["amd.com/gpu"]) == "2"


def test_without_them_a_template_has_none(notebook: Notebook, tmp_path: Path) -> None:
    notebook.run(KINDS["function"].format("retry=0"))
    made = template(notebook, tmp_path)
    assert not {"retryStrategy", "activeDeadlineSeconds", "nodeSelector"} & set(made)
    assert "env" not in made["container"]


def test_variables_and_labels_are_there_in_a_run_on_this_machine(notebook: Notebook) -> None:
    notebook.run("word = 'of the notebook'")
    notebook.run(
        "%%component env='GREETING=a word {word}' labels='team=a'\n"
        "def work() -> str:\n    import os\n    return os.environ['GREETING']"
    )
    assert notebook.run("%%pipeline\ndef p():\n    follow(work().output)").error is not None
    notebook.run("%%component\ndef follow(text: str): print(text)")
    assert notebook.run("%%pipeline\ndef p():\n    follow(work().output)").error is None
    assert notebook.run("%kfp submit p").error is None
    state = Session.of(notebook.shell).pipelines["p"].view.wait(120)
    assert state is not None
    assert state.phase is Phase.SUCCEEDED
    assert "a word of the notebook" in state.by_path()["work"].outputs.values()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("gpu=0", ["gpu='0'", "above 0"]),
        ("gpu=intel:1", ["'intel:1'", "amd:1"]),
        ("gpu=1.5", ["'1.5'"]),
        ("retry=-1", ["'-1'", "whole number"]),
        ("retry=often", ["'often'"]),
        ("timeout=0", ["above 0"]),
        ("timeout=soon", ["1h30m"]),
        ("timeout=5x", ["'5x'"]),
        ("env=A", ["NAME=value"]),
        ("env='1A=x'", ["'1A' is not a valid name of an environment variable"]),
        ("env='A=1,A=2'", ["'A' twice"]),
        ("labels='a b=x'", ["'a b' is not a valid name of a label"]),
        ("labels='team=a b'", ["'a b' is not a valid value of a label"]),
        ("labels='-x=1'", ["'-x'"]),
        ("node_selector='disk'", ["NAME=value"]),
        (f"labels='team={'x' * 64}'", ["63"]),
        ("gpus=1", ["Did you mean gpu=?"]),
        ("label='a=b'", ["Did you mean labels=?"]),
    ],
)
def test_a_wrong_value_is_said_at_the_cells_line(notebook: Notebook, setting: str, words: list[str]) -> None:
    error = notebook.fails(f"%%component {setting}\ndef work(): pass")
    assert "cell [2], line 1: " in error
    assert f"1 | %%component {setting}" in error
    for word in words:
        assert word in error
    assert "work" not in notebook.names


def test_a_variable_that_hides_an_input_of_a_shell_script_is_refused(notebook: Notebook) -> None:
    error = notebook.fails("%%component name=Work lang=sh inputs='rate: float' env='rate=2'\necho $rate")
    assert "'rate' is both an input and an environment variable" in error


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_component_is_the_same_when_it_is_loaded(notebook: Notebook, tmp_path: Path, kind: str) -> None:
    notebook.run(KINDS[kind].format("env='A=1' labels='team=a' retry=2"))
    ran = notebook.run(f"%component save work {tmp_path}/deep/work.yaml")
    assert ran.error is None, ran.printed
    assert f"{tmp_path}/deep/work.yaml" in ran.text
    assert "A component.yaml can't store retry=; the file doesn't contain it." in ran.text
    loaded = load_component_from_file(tmp_path / "deep" / "work.yaml").component_spec
    assert loaded.to_dict() == notebook.names["work"].component_spec.to_dict()
    assert loaded.container.env == {"A": "1"}
    assert loaded.labels == {"team": "a"}


def test_saving_replaces_the_file_and_says_nothing_where_nothing_is_lost(notebook: Notebook, tmp_path: Path) -> None:
    notebook.run(KINDS["function"].format(""))
    for _ in range(2):
        ran = notebook.run(f"%component save work {tmp_path}/work.yaml")
        assert ran.error is None, ran.printed
        assert "Note" not in ran.text
    assert notebook.run(f"%component load {tmp_path}/work.yaml as again").error is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%component save", ["a component's name and a .yaml file"]),
        ("%component save work", ["a component's name and a .yaml file"]),
        ("%component save work w.json", ["a component's name and a .yaml file"]),
        ("%component save nosuch w.yaml", ["no component 'nosuch'", "work"]),
        ("%component save work /proc/none/w.yaml", ["'/proc/none/w.yaml' can't be written"]),
        ("%component sav work w.yaml", ["are not valid", "save"]),
    ],
)
def test_what_cannot_be_saved_says_why(notebook: Notebook, line: str, words: list[str]) -> None:
    notebook.run(KINDS["function"].format(""))
    error = notebook.fails(line)
    for word in words:
        assert word in error
