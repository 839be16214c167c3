"""Functions that are pickled rather than copied."""

# Functions as people write them.
# ruff: noqa: E731

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.components import (
    InputPath,
    OutputPath,
    create_component_from_func,
    func_to_component_text,
    func_to_container_op,
    load_component_from_text,
)
from kfp_jupyter.errors import ComponentError
from tests.components.steps import run

RATE = 3


def helper(x: int) -> int:
    return x * RATE


def whole_module(x: int, note_path: OutputPath()) -> int:  # type: ignore[valid-type]
    """Uses what stands around it."""
    with open(note_path, "w") as file:
        file.write("noted")
    return helper(x)


def test_a_pickled_function_brings_what_it_uses_of_its_module(tmp_path: Path) -> None:
    annotations = dict(whole_module.__annotations__)
    component = create_component_from_func(whole_module, use_code_pickling=True)
    done = run(component, tmp_path, x="4")
    assert done.code == 0, done.text
    assert {name: path.read_text() for name, path in done.outputs.items()} == {"note": "noted", "Output": "12"}
    assert whole_module.__annotations__ == annotations


def test_a_closure_and_a_lambda_are_pickled_too(tmp_path: Path) -> None:
    factor = 5

    def inner(x: int) -> int:
        return x * factor

    double = lambda x: str(x) * 2
    assert (
        run(func_to_container_op(inner, use_code_pickling=True), tmp_path, x="2").outputs["Output"].read_text() == "10"
    )
    double.__annotations__ = {"x": int, "return": str}
    double.__name__ = "double"
    done = run(create_component_from_func(double, use_code_pickling=True), tmp_path, x="2")
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == "22"


@pytest.fixture
def two_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module that uses another; neither is there when a step runs."""
    folder = tmp_path / "only here"
    folder.mkdir()
    (folder / "pickled_tools.py").write_text("def tool(x):\n    return x + 100\n")
    (folder / "pickled_step.py").write_text(
        "import pickled_tools\ndef step(x: int) -> int:\n    return pickled_tools.tool(x)\n"
    )
    monkeypatch.syspath_prepend(str(folder))
    yield importlib.import_module("pickled_step")
    for name in ("pickled_step", "pickled_tools"):
        del sys.modules[name]


def test_modules_that_are_captured_travel_and_others_are_imported(two_modules: Any, tmp_path: Path) -> None:
    names = ["pickled_step", "pickled_tools"]
    captured = create_component_from_func(two_modules.step, use_code_pickling=True, modules_to_capture=names)
    assert run(captured, tmp_path, x="1").outputs["Output"].read_text() == "101"
    done = run(create_component_from_func(two_modules.step, use_code_pickling=True), tmp_path, x="1")
    assert done.code == 1
    assert "No module named 'pickled_tools'" in done.text


def test_a_pickled_function_goes_through_a_file_and_takes_extra_code(tmp_path: Path) -> None:
    text = func_to_component_text(whole_module, "import json", use_code_pickling=True)
    assert "import json" in text
    done = run(load_component_from_text(text), tmp_path, x="1")
    assert done.outputs["Output"].read_text() == "3"


def reads(table_path: InputPath("CSV")) -> str:  # type: ignore[valid-type]
    with open(table_path) as file:
        return file.read()


def test_files_are_handed_over_to_pickled_functions_too(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("a,b")
    done = run(create_component_from_func(reads, use_code_pickling=True), tmp_path, table=str(tmp_path / "in"))
    assert done.outputs["Output"].read_text() == "a,b"


def test_an_older_python_says_which_one_is_needed() -> None:
    command = create_component_from_func(whole_module, use_code_pickling=True).component_spec.container.command or ()
    program = str(command[-1])
    here = tuple(sys.version_info[:2])
    newer = program.replace(f", {here}, ", f", {(here[0], here[1] + 1)}, ")
    assert newer != program
    done = subprocess.run([sys.executable, "-c", newer], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"pickled by Python {here[0]}.{here[1] + 1}, and this is {here[0]}.{here[1]}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_step_without_cloudpickle_installs_it(tmp_path: Path) -> None:
    """pip is asked in a process where importing it fails the first time."""
    component = create_component_from_func(whole_module, use_code_pickling=True)
    program = str((component.component_spec.container.command or ())[-1])
    begin = textwrap.dedent(
        """
        import builtins, subprocess
        imports, asked = builtins.__import__, []
        def first_time(name, *rest):
            if name == "cloudpickle" and not asked:
                raise ImportError(name)
            return imports(name, *rest)
        builtins.__import__ = first_time
        subprocess.call = lambda command: asked.append(command[-1]) and 0 or 0
        """
    )
    end = "\nprint('asked for', asked)"
    words = [sys.executable, "-c", begin + program + end, "--x", "1", "--note", str(tmp_path / "n" / "data")]
    done = subprocess.run(
        [*words, "----output-paths", str(tmp_path / "o" / "data")],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "asked for ['cloudpickle==" in done.stdout


def test_what_cannot_be_pickled_is_named() -> None:
    lock = threading.Lock()

    def locked() -> bool:
        return lock.locked()

    with pytest.raises(ComponentError, match="'locked' can't be pickled"):
        create_component_from_func(locked, use_code_pickling=True)


def test_without_cloudpickle_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    with pytest.raises(ComponentError, match=r"cloudpickle is not installed.*kfp-jupyter\[pickle\]"):
        create_component_from_func(whole_module, use_code_pickling=True)


def test_nobody_else_imports_it() -> None:
    program = "import sys, kfp_jupyter; sys.exit('cloudpickle' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
