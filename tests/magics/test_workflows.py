"""``%kfp compile`` and ``%kfp show``, their help and what Tab offers."""

from __future__ import annotations

import html
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.magics.conftest import Notebook
from tests.widget.inert import dangers

ADD = "%%component\ndef add(a: float, text: str = '') -> float:\n    return a"
CALC = "%%pipeline\ndef calc(x: float = 1):\n    add(add(x).output, '<script>alert(1)</script>')"


@pytest.fixture
def pipelines(notebook: Notebook) -> Notebook:
    for cell in (ADD, CALC, "from kfp_jupyter import dsl\n@dsl.pipeline\ndef plain(x: float = 1):\n    add(x)"):
        assert notebook.run(cell).error is None
    return notebook


def test_compile_writes_each_kind_of_package_and_says_how_large_it_is(pipelines: Notebook, tmp_path: Path) -> None:
    pipelines.run(f"folder = {str(tmp_path)!r}")
    for ending in ("yaml", "zip", "tar.gz"):
        ran = pipelines.run(f"%kfp compile calc {{folder}}/calc.{ending}")
        assert ran.error is None, ran.printed
        assert re.search(rf"calc\.{re.escape(ending)} [\d.]+ KB, 3 templates", ran.text)
    assert yaml.safe_load((tmp_path / "calc.yaml").read_text())["kind"] == "Workflow"
    assert zipfile.ZipFile(tmp_path / "calc.zip").namelist() == ["pipeline.yaml"]
    with tarfile.open(tmp_path / "calc.tar.gz") as archive:
        assert archive.getnames() == ["pipeline.yaml"]


def test_compile_takes_the_components_as_they_are_now(pipelines: Notebook, tmp_path: Path) -> None:
    pipelines.run("%%component base_image=changed:1\ndef add(a: float, text: str = '') -> float:\n    return a")
    pipelines.run(f"%kfp compile calc {tmp_path / 'calc.yaml'}")
    assert "image: changed:1" in (tmp_path / "calc.yaml").read_text()


def test_show_gives_the_whole_yaml_as_text(pipelines: Notebook) -> None:
    ran = pipelines.run("%kfp show calc")
    workflow = yaml.safe_load(ran.text)
    assert [template["name"] for template in workflow["spec"]["templates"]] == ["add", "add-2", "calc"]
    assert re.match(r"# Calc: [\d.]+ KB, 3 templates\n", ran.text)


def test_show_has_a_fold_for_each_template_and_nothing_that_runs(pipelines: Notebook) -> None:
    (shown,) = pipelines.run("%kfp show calc").shown
    markup = shown["text/html"]
    assert dangers(markup) == []
    folds = re.findall(r"<details>.*?</details>", markup, re.DOTALL)
    assert len(folds) == 3
    assert "python:3" in folds[0]
    assert "2 tasks" in folds[2]
    assert 'style="color: var(--jp-mirror-editor-' in folds[0]
    yaml_of_first = html.unescape(re.sub("<[^>]*>", "", re.findall("<pre.*?</pre>", folds[0], re.DOTALL)[0]))
    assert yaml.safe_load(yaml_of_first)["name"] == "add"
    assert "&lt;script&gt;" in markup


def test_a_pipeline_that_a_plain_cell_made_can_be_shown_and_compiled(pipelines: Notebook, tmp_path: Path) -> None:
    assert "generateName: plain-" in pipelines.run("%kfp show plain").text
    assert pipelines.run(f"%kfp compile plain {tmp_path / 'p.zip'}").error is None


def test_a_large_workflow_is_told_to_be_large_and_shown_in_part(pipelines: Notebook) -> None:
    # Of as many components as steps: the compact form, which a pipeline of this size gets, is no smaller.
    ran = pipelines.run(
        "%%pipeline name=large\n"
        "from kfp_jupyter.components import load_component_from_text\n"
        "runs = 'implementation: {container: {image: x, command: [' + 'x' * 4000 + ']}}'\n"
        "for n in range(300):\n"
        "    load_component_from_text(f'name: c{n}\\n{runs}')()"
    )
    assert ran.error is None, ran.printed
    (shown,) = pipelines.run("%kfp show large").shown
    assert re.match(
        r"# large: [\d,.]+ KB, 301 templates, \d+% of the 1.5 MiB that Kubernetes accepts", shown["text/plain"]
    )
    assert "more templates; <code>%kfp compile</code>" in shown["text/html"]
    assert len(shown["text/html"]) < 3_000_000


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("compile", ["a pipeline's name and a file", "calc"]),
        ("compile calc", ["a pipeline's name and a file"]),
        ("compile clac x.yaml", ["no pipeline 'clac'", "calc"]),
        ("compile calc x.json", ["x.json", ".yaml"]),
        ("compile calc /proc/none/x.yaml", ["/proc/none"]),
        ("show", ["the name of a pipeline"]),
        ("show add", ["no pipeline 'add'"]),
        ("submit plain", ["'plain'", "calc"]),
    ],
)
def test_what_cannot_be_done_says_why(pipelines: Notebook, line: str, words: list[str]) -> None:
    error = pipelines.fails(f"%kfp {line}")
    for word in words:
        assert word in error


def test_help_lists_every_subcommand(notebook: Notebook) -> None:
    printed = notebook.run("%kfp help").printed
    for word in ("engine", "submit", "compile PIPELINE FILE", "show PIPELINE", "runs", "attach", "help"):
        assert f"%kfp {word}" in printed


def test_help_tells_of_one_subcommand(notebook: Notebook) -> None:
    assert notebook.run("%kfp help stop").printed.split() == [
        *("%kfp", "stop", "RUN", "[now=true]", "end", "a", "run's", "steps;"),
        *("its", "exit", "handler", "runs,", "unless", "now=true"),
    ]
    assert "Did you mean %kfp help stop?" in notebook.fails("%kfp help sotp")
    assert "help stop takes no arguments, but got 'it'" in notebook.fails("%kfp help stop it")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%kfp co", "compile"),
        ("%kfp show ca", "calc"),
        ("%kfp submit ", "calc"),
        ("%kfp engine lo", "local"),
        ("%%pipeline pa", "params="),
        ("%%pipeline name=x co", "compact="),
        ("%%component out", "outputs="),
        ("%component lo", "load"),
    ],
)
def test_tab_completes_what_may_follow(pipelines: Notebook, typed: str, offered: str) -> None:
    _, matches = pipelines.shell.complete(None, typed, len(typed))
    assert offered in matches
