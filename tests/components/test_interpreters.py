"""Every kind of program, on every Python from 3.6 on that this machine has."""

# Functions as people write them; they run in steps.
# mypy: disable-error-code="type-arg, valid-type"

from __future__ import annotations

import ast
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, List, NamedTuple, Optional

import pytest

from kfp_jupyter.components import (
    Component,
    InputBinaryFile,
    InputPath,
    InputTextFile,
    OutputBinaryFile,
    OutputPath,
    OutputTextFile,
    create_component_from_func,
    func_to_container_op,
)
from kfp_jupyter.components.cell import component_from_cell
from kfp_jupyter.components.script import component_from_script
from kfp_jupyter.components.source import CellSource
from tests.components.declarations import declared, params
from tests.components.interpreters import interpreters, with_pip
from tests.components.steps import Done, run_on


def cell(body: str, packages: list[str] | None = None) -> Component:
    source = CellSource(body, "cell [1]")
    return component_from_cell(source, image="python:3.6", packages=packages or [])[0]


ADD = """\
def add(a: float, b: "Number" = "2") -> float:
    return a + float(b)
"""
NEWER = """\
import math

def helper(x: int = 3) -> "np.ndarray":
    y: Unknown = x
    return y

def newer(n: int | None, items: list[int] = [1, 2], *, table: dict[str, list[int]] = {}) -> list[int]:
    return [math.floor(n + helper()), *items, table]
"""
VOCABULARY = """\
from kfp_jupyter.components import InputPath

def words(text_path: InputPath(), out_path: OutputPath("CSV"), k: Optional[int] = None) -> NamedTuple(
    "Outputs", [("size", int), ("first", str), ("flag", bool), ("rest", List[str]), ("by", Dict[str, int])]
):
    with open(text_path, encoding="utf-8") as file:
        text = file.read()
    with open(out_path, "w", encoding="utf-8") as file:
        file.write(text)
    return len(text), text[0], True, [text], {text: 1}
"""
CLASSES = """\
import pickle
from typing import NamedTuple, get_type_hints

class Out(NamedTuple):
    mean: float
    items: list
    hints: str

class Point:
    x: int = 1

def stats(a: list) -> Out:
    point = pickle.loads(pickle.dumps(Point()))
    return Out(sum(a) / len(a), a, repr(get_type_hints(Point)) + str(point.x))

if __name__ == "__main__":
    print(stats([1, 2]))
"""
POOL = """\
import multiprocessing

def square(x):
    return x * x

def squares(n: int, method: str) -> list:
    with multiprocessing.get_context(method).Pool(2) as pool:
        return pool.map(square, range(n))
"""


NAMES = """\
def größe(länge: float, 数: int) -> str:
    return "%sü" % (länge * 数)
"""
ENUMS = """\
import enum

class Level(enum.IntEnum):
    HIGH = 3

def levels(n: int) -> NamedTuple("Outputs", [("a", int), ("b", float), ("c", int), ("d", bool)]):
    return Level(n), Level(n), n > 2, n > 2
"""


def values(i: int, f: float, s: str, b: bool, items: list, mapping: dict, n: Optional[int] = None) -> NamedTuple(
    "Outputs",
    [("i", int), ("f", float), ("s", str), ("b", bool), ("items", List[Any]), ("mapping", dict), ("any", Any)],
):
    return i, f, s, b, items, mapping, n


def files(
    table_path: InputPath("CSV"),
    text_file: InputTextFile(),
    blob_file: InputBinaryFile(),
    copy_path: OutputPath(),
    written_file: OutputTextFile(),
    bytes_file: OutputBinaryFile(),
) -> None:
    open(copy_path, "w").write(open(table_path).read())
    written_file.write(text_file.read())
    bytes_file.write(blob_file.read())


def braces(text: str) -> str:
    return "{{" + text + "}} '''{_{ \"\"\" \\n"


def pickled() -> Base64Pickle:  # type: ignore[name-defined]  # noqa: F821
    return {1: {2, 3}}


def unpickled(thing: Base64Pickle) -> str:  # type: ignore[name-defined]  # noqa: F821
    return str(thing)


def script() -> Component:
    return component_from_script(
        CellSource("import json\ny = x * n\nopen(out, 'w').write(json.dumps(y))\nz: list = [open(data).read()]", "c"),
        declared(
            params(x=float, data=InputPath(), n=(int, 3)), params(y=float, out=OutputPath("Model"), z=list)
        ),
    )[0]  # fmt: skip


KINDS: dict[str, tuple[Callable[[], Component], dict[str, str], dict[str, str]]] = {
    "cell": (lambda: cell(ADD), {"a": "7"}, {"Output": "9.0"}),
    "cell with newer annotations": (
        lambda: cell(NEWER), {"n": "1", "items": "[2]"}, {"Output": "[4, 2, {}]"},
    ),
    "cell with names of ours": (
        lambda: cell(VOCABULARY), {"text": "@ü"},
        {"out": "ü", "size": "1", "first": "ü", "flag": "True", "rest": '["\\u00fc"]', "by": '{"\\u00fc": 1}'},
    ),
    "cell with classes": (
        lambda: cell(CLASSES), {"a": "[1, 2]"},
        {"mean": "1.5", "items": "[1, 2]", "hints": "{'x': <class 'int'>}1"},
    ),
    "cell with processes that are forked": (lambda: cell(POOL), {"n": "3", "method": "fork"}, {"Output": "[0, 1, 4]"}),
    "cell with processes that are new": (lambda: cell(POOL), {"n": "3", "method": "spawn"}, {"Output": "[0, 1, 4]"}),
    "cell with numbers that have texts of their own": (
        lambda: cell(ENUMS), {"n": "3"}, {"a": "3", "b": "3", "c": "1", "d": "True"},
    ),
    "cell with names outside ASCII": (
        lambda: cell(NAMES), {"länge": "2", "数": "3"}, {"Output": "6.0ü"},
    ),
    "script": (script, {"x": "2", "data": "@abc", "n": "4"}, {"y": "8.0", "out": "8.0", "z": '["abc"]'}),
    "function of all value types": (
        lambda: func_to_container_op(values),
        {"i": "-3", "f": "1e3", "s": "--ü", "b": "yes", "items": '[1, "a"]', "mapping": '{"k": null}'},
        {"i": "-3", "f": "1000.0", "s": "--ü", "b": "True", "items": '[1, "a"]', "mapping": '{"k": null}',
         "any": "None"},
    ),
    "function of files": (
        lambda: create_component_from_func(files), {"table": "@a,b", "text": "@t", "blob": "@b"},
        {"copy": "a,b", "written": "t", "bytes": "b"},
    ),
    "function with braces": (
        lambda: create_component_from_func(braces), {"text": "x"}, {"Output": "{{x}} '''{_{ \"\"\" \\n"},
    ),
    "function with a pickle": (lambda: create_component_from_func(pickled), {}, {}),
}  # fmt: skip


def done_on(python: str, component: Component, tmp_path: Path, arguments: dict[str, str], **env: str) -> Done:
    """Run a component; an argument that begins with @ is the data of a file."""
    given = {}
    for name, text in arguments.items():
        given[name] = text
        if text.startswith("@"):
            (tmp_path / f"{name}.in").write_text(text[1:], encoding="utf-8")
            given[name] = str(tmp_path / f"{name}.in")
    return run_on(python, component, tmp_path, given, env)


@pytest.mark.parametrize("version", interpreters())
@pytest.mark.parametrize("kind", KINDS)
def test_programs_run_on_old_and_new_pythons(kind: str, version: str, tmp_path: Path) -> None:
    make, arguments, expected = KINDS[kind]
    done = done_on(interpreters()[version], make(), tmp_path, arguments)
    assert done.code == 0, done.text
    found = {name: path.read_text(encoding="utf-8") for name, path in done.outputs.items()}
    if expected:
        assert found == expected
    else:
        read = tmp_path / "read"
        read.mkdir()
        done = done_on(interpreters()[version], create_component_from_func(unpickled), read, {"thing": found["Output"]})
        assert done.outputs["Output"].read_text() == "{1: {2, 3}}", done.text


@pytest.mark.parametrize("version", with_pip())
def test_packages_are_there_on_old_and_new_pythons(version: str, tmp_path: Path) -> None:
    wheels, installed = tmp_path / "wheels", tmp_path / "installed"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "kfp_jupyter_tiny-1.0-py3-none-any.whl", "w") as wheel:
        about = "kfp_jupyter_tiny-1.0.dist-info"
        wheel.writestr("kfp_jupyter_tiny.py", "TWO = 2\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: kfp-jupyter-tiny\nVersion: 1.0\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    component = cell(
        "import kfp_jupyter_tiny\n\ndef two() -> int:\n    return kfp_jupyter_tiny.TWO", ["kfp_jupyter_tiny"]
    )
    done = done_on(
        with_pip()[version], component, tmp_path, {}, HOME=str(tmp_path), PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels),
        PIP_TARGET=str(installed), PYTHONPATH=str(installed),
    )  # fmt: skip
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == "2"


@pytest.mark.parametrize("version", interpreters())
def test_a_failure_names_the_component_and_its_line_on_old_and_new_pythons(version: str, tmp_path: Path) -> None:
    component = cell("import json\n\ndef bad_one(a: dict) -> str:\n    return a['x']")
    done = done_on(interpreters()[version], component, tmp_path, {"a": "{}"})
    assert done.code == 1
    assert "File \"component 'Bad one'\", line 5, in bad_one\n    return a['x']\n" in done.text
    assert done.text.count("File ") == 1
    assert done.text.endswith("KeyError: 'x'\n")


@pytest.mark.parametrize("kind", KINDS)
def test_programs_have_no_syntax_that_python_3_5_lacks(kind: str) -> None:
    program = KINDS[kind][0]().component_spec.container.command[-1]  # type: ignore[index]  # they all have one
    tree = ast.parse(str(program), feature_version=(3, 5))
    assert not any(isinstance(node, (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr)) for node in ast.walk(tree))


def test_the_running_python_is_among_those_that_are_tried() -> None:
    assert interpreters()[f"{sys.version_info[0]}.{sys.version_info[1]}"] == sys.executable


ODD = {
    "quotes of both kinds": "def bad():\n    x = '''a'''\n    y = \"\"\"b\"\"\"\n    print(x[9])",
    "a form feed": "def bad():\n    x = 'a'\n\f\n    print(x[9])",
    "a line separator": "def bad():\n    x = 'a\u2028'\n    print(x[9])",
    "an import": "import os\ndef bad():\n    x = os.sep\n    print(x[9])",
    "nothing odd": "def bad():\n    x = 'a'\n    print(x[9])",
}


@pytest.mark.parametrize("version", interpreters())
@pytest.mark.parametrize("kind", ODD)
def test_a_traceback_shows_the_line_whatever_the_source_holds(kind: str, version: str, tmp_path: Path) -> None:
    done = done_on(interpreters()[version], cell(ODD[kind]), tmp_path, {})
    number = ODD[kind].count("\n") + 2
    assert f"File \"component 'Bad'\", line {number}, in bad\n    print(x[9])\n" in done.text
    assert done.text.count("File ") == 1


@pytest.mark.parametrize("version", interpreters())
def test_a_process_that_is_new_shows_the_line_that_failed(version: str, tmp_path: Path) -> None:
    component = cell(POOL.replace("x * x", "x / 0"))
    done = done_on(interpreters()[version], component, tmp_path, {"n": "3", "method": "spawn"})
    assert "File \"component 'Squares'\", line 5, in square\n    return x / 0\n" in done.text
