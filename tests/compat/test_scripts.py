"""``python -m kfp_jupyter.compat script.py`` is ``python script.py``, but for what ``import kfp`` finds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.compat.programs import run_python

PIPELINE = '''
import kfp
from kfp import compiler, dsl
from kfp.components import func_to_container_op

@func_to_container_op
def add(a: float, b: float) -> float:
    """Add."""
    return a + b

@dsl.pipeline(name="Calculation")
def calculation(a: float = 1):
    add(add(a, 2).output, 3)

if __name__ == "__main__":
    compiler.Compiler().compile(calculation, __file__.replace(".py", ".yaml"))
'''


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_python("", "-m", "kfp_jupyter.compat", *arguments, cwd=directory)


def plain(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_python("", *arguments, cwd=directory)


def test_an_unmodified_script_compiles_its_pipeline(tmp_path: Path) -> None:
    (tmp_path / "calculation.py").write_text(PIPELINE)
    done = run(tmp_path, "calculation.py")
    assert done.returncode == 0, done.stderr
    workflow = yaml.safe_load((tmp_path / "calculation.yaml").read_text())
    assert [template["name"] for template in workflow["spec"]["templates"]] == ["add", "add-2", "calculation"]


@pytest.mark.parametrize(
    "expression",
    ["__name__", "__file__", "sys.argv", "sys.path[0]", "sys.modules['__main__'].value", "__spec__", "__builtins__"],
)
def test_a_script_sees_what_python_shows_it(tmp_path: Path, expression: str) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "show.py").write_text(f"import sys\nvalue = 7\nprint({expression})\n")
    assert run(tmp_path, "scripts/show.py", "-x", "two words").stdout == (
        plain(tmp_path, "scripts/show.py", "-x", "two words").stdout
    )


def test_modules_beside_the_script_are_found(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "steps.py").write_text("from kfp import dsl\n")
    (tmp_path / "scripts" / "main.py").write_text("import steps\nprint(steps.dsl.__name__)\n")
    assert run(tmp_path, "scripts/main.py").stdout == "kfp_jupyter.dsl\n"


def test_objects_of_the_script_can_be_pickled(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))))\n")
    assert run(tmp_path, "main.py").stdout == "<class '__main__.A'>\n"


@pytest.mark.parametrize(
    "program",
    [
        "import sys\ndef fail():\n    raise ValueError('no')\nfail()\n",
        "def f(:\n",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError('x') from error\n",
    ],
    ids=["an error", "no Python", "an error with its cause"],
)
def test_tracebacks_are_those_of_the_script(tmp_path: Path, program: str) -> None:
    (tmp_path / "main.py").write_text(program)
    ours, pythons = run(tmp_path, "main.py"), plain(tmp_path, str(tmp_path / "main.py"))
    assert ours.returncode == pythons.returncode == 1
    assert ours.stderr == pythons.stderr


def test_the_exit_code_is_that_of_the_script(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import sys\nsys.exit(7)\n")
    assert run(tmp_path, "main.py").returncode == 7


def test_a_module_runs_as_with_python_m(tmp_path: Path) -> None:
    (tmp_path / "steps.py").write_text("import sys\nfrom kfp import dsl\nprint(__name__, sys.argv[1:], dsl.__name__)\n")
    assert run(tmp_path, "-m", "steps", "x").stdout == "__main__ ['x'] kfp_jupyter.dsl\n"


def test_a_script_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    done = run(tmp_path, "nothing.py")
    assert done.returncode == 2
    assert done.stderr == "error: The script 'nothing.py' can't be read: No such file or directory.\n"


def test_without_a_script_the_usage_is_shown(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m kfp_jupyter.compat SCRIPT")
