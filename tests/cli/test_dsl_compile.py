"""``dsl-compile`` takes what kfp's takes."""

from __future__ import annotations

import importlib.metadata
import tarfile
import zipfile

import pytest

from tests.cli.conftest import CALCULATION, Desk


def test_a_file_is_compiled(desk: Desk) -> None:
    done = desk.dsl_compile("--py", "calculation.py", "--output", "out.yaml")
    assert done.returncode == 0, done.stderr
    assert desk.workflow("out.yaml")["metadata"]["generateName"] == "calculation-"


@pytest.mark.parametrize("ending", ["yaml", "zip", "tar.gz"])
def test_the_ending_says_the_format(desk: Desk, ending: str) -> None:
    assert desk.dsl_compile("--py", "calculation.py", "--output", f"out.{ending}").returncode == 0
    path = desk.directory / f"out.{ending}"
    assert (zipfile.is_zipfile(path), tarfile.is_tarfile(path)) == (ending == "zip", ending == "tar.gz")


def test_the_function_is_chosen_by_name(desk: Desk) -> None:
    done = desk.dsl_compile("--py", "two.py", "--output", "out.yaml", "--function", "failing")
    assert done.returncode == 0, done.stderr
    assert desk.workflow("out.yaml")["metadata"]["generateName"] == "failing-"


def test_several_pipelines_ask_which(desk: Desk) -> None:
    done = desk.dsl_compile("--py", "two.py", "--output", "out.yaml")
    assert done.returncode == 2
    assert done.stderr == (
        "error: The file 'two.py' has 2 pipelines: calculation, failing. Choose one with --function NAME.\n"
    )


def test_a_function_that_is_no_pipeline_is_named(desk: Desk) -> None:
    done = desk.dsl_compile("--py", "two.py", "--output", "out.yaml", "--function", "add")
    assert done.returncode == 2
    assert "has no pipeline 'add'. Its pipelines: calculation, failing" in done.stderr


def test_a_file_without_pipelines_says_what_is_missing(desk: Desk) -> None:
    done = desk.dsl_compile("--py", "names.py", "--output", "out.yaml")
    assert done.returncode == 2
    assert done.stderr == "error: The file 'names.py' has no pipeline. Decorate its function with @dsl.pipeline().\n"


def test_a_namespace_is_accepted(desk: Desk) -> None:
    assert desk.dsl_compile("--py", "calculation.py", "--output", "out.yaml", "--namespace", "kubeflow").returncode == 0


@pytest.mark.parametrize("mode", ["V1", "V1_LEGACY"])
def test_the_mode_of_kfp_v1_is_accepted(desk: Desk, mode: str) -> None:
    assert desk.dsl_compile("--py", "calculation.py", "--output", "out.yaml", "--mode", mode).returncode == 0


def test_other_modes_are_refused(desk: Desk) -> None:
    done = desk.dsl_compile("--py", "calculation.py", "--output", "out.yaml", "--mode", "V2_COMPATIBLE")
    assert done.returncode == 2
    assert done.stderr == "error: The mode 'V2_COMPATIBLE' can't be compiled. Use V1_LEGACY.\n"


def test_the_mode_may_be_in_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KF_PIPELINES_COMPILER_MODE", "V2_ENGINE")
    done = desk.dsl_compile("--py", "calculation.py", "--output", "out.yaml")
    assert "The mode 'V2_ENGINE' can't be compiled" in done.stderr


MISTYPED = """
from kfp import components, dsl

make = components.load_component_from_text('''
name: make
outputs: [{name: model, type: Model}]
implementation: {container: {image: alpine, command: [touch, {outputPath: model}]}}
''')
show = components.load_component_from_text('''
name: show
inputs: [{name: table, type: CSV}]
implementation: {container: {image: alpine, command: [cat, {inputPath: table}]}}
''')

@dsl.pipeline(name="Mistyped")
def mistyped():
    show(make().output)
"""


def test_types_that_do_not_fit_are_an_error_at_their_line(desk: Desk) -> None:
    desk.write("mistyped.py", MISTYPED)
    done = desk.dsl_compile("--py", "mistyped.py", "--output", "out.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {desk.directory}/mistyped.py, line 17: ")


def test_the_type_check_can_be_left_out(desk: Desk) -> None:
    desk.write("mistyped.py", MISTYPED)
    done = desk.dsl_compile("--py", "mistyped.py", "--output", "out.yaml", "--disable-type-check")
    assert done.returncode == 0, done.stderr


def test_a_file_may_be_called_like_a_library(desk: Desk) -> None:
    (desk.directory / "pipelines").mkdir()
    desk.write("pipelines/yaml.py", CALCULATION.replace("from names import NAME", "NAME = 'Calculation'"))
    done = desk.dsl_compile("--py", "pipelines/yaml.py", "--output", "out.yaml")
    assert done.returncode == 0, done.stderr


def test_an_error_of_the_file_is_shown_from_its_own_line_on(desk: Desk) -> None:
    desk.write("broken.py", "import names\n\nnames.NOTHING\n")
    done = desk.dsl_compile("--py", "broken.py", "--output", "out.yaml")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        "Traceback (most recent call last):",
        f'  File "{desk.directory}/broken.py", line 3, in <module>',
    ]


@pytest.mark.parametrize(
    ("command", "function"),
    [("dsl-compile", "kfp_jupyter.cli.dsl_compile:main"), ("kfp-jupyter", "kfp_jupyter.cli:main")],
)
def test_the_package_declares_its_commands(command: str, function: str) -> None:
    scripts = importlib.metadata.distribution("kfp-jupyter").entry_points.select(group="console_scripts")
    assert scripts[command].value == function
    assert callable(scripts[command].load())
