"""``kfp-jupyter compile`` and ``version``."""

from __future__ import annotations

import pytest

import kfp_jupyter
from tests.cli.conftest import CALCULATION, Desk


def test_compile_writes_beside_where_it_is_called(desk: Desk) -> None:
    done = desk.run("compile", "calculation.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("calculation.yaml: 3 templates, ")
    assert desk.workflow("calculation.yaml")["kind"] == "Workflow"


def test_compile_writes_to_the_screen(desk: Desk) -> None:
    done = desk.run("compile", "calculation.py", "-o", "-")
    assert done.stdout.startswith("apiVersion: argoproj.io/v1alpha1\n"), done.stderr


def test_compile_can_be_compact(desk: Desk) -> None:
    desk.write(
        "fan.py", CALCULATION.replace("add_op(add_op(a, b).output, 3)", "add_op(a, b), add_op(b, a), add_op(a, 3)")
    )
    done = desk.run("compile", "fan.py", "-o", "out.yaml", "--compact")
    assert done.returncode == 0, done.stderr
    assert len(desk.workflow("out.yaml")["spec"]["templates"]) == 2


def test_compile_takes_one_of_several_pipelines(desk: Desk) -> None:
    assert desk.run("compile", "two.py").returncode == 2
    assert desk.run("compile", "two.py", "--function", "failing").returncode == 0


def test_a_file_that_is_not_there_is_said_in_a_line(desk: Desk) -> None:
    done = desk.run("compile", "nothing.py")
    assert done.returncode == 2
    assert done.stderr == "error: The script 'nothing.py' can't be read: No such file or directory.\n"


def test_an_output_of_unknown_format_is_said_in_a_line(desk: Desk) -> None:
    done = desk.run("compile", "calculation.py", "-o", "out.txt")
    assert done.returncode == 2
    assert done.stderr.startswith("error: The package 'out.txt' can't be written")
    assert done.stderr.count("\n") == 1


def test_a_file_for_kfp_v2_is_said_at_its_line(desk: Desk) -> None:
    desk.write("new.py", "from kfp.v2 import dsl\n")
    done = desk.run("compile", "new.py")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {desk.directory}/new.py, line 1: kfp.v2 is for KFP v2 pipelines")


def test_version_says_which_version_this_is(desk: Desk) -> None:
    assert desk.run("version").stdout.startswith(f"kfp_jupyter {kfp_jupyter.__version__} on Python 3.")


@pytest.mark.parametrize("command", ["compile", "run", "version"])
def test_every_command_has_help(desk: Desk, command: str) -> None:
    done = desk.run(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: kfp-jupyter {command}")


@pytest.mark.parametrize("command", [("compile", "unused.py"), ("run", "unused.py")])
def test_what_the_compiler_remarks_is_said_in_a_line_with_its_place(desk: Desk, command: tuple[str, ...]) -> None:
    desk.write("unused.py", CALCULATION.replace("b: float = 2):", "b: float = 2, c: float = 3):"))
    done = desk.run(*command)
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"note: {desk.directory}/unused.py, line ")
    assert "'c'" in line
