"""The program of a function component, run as a container would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.compiler.templates import safe_json
from kfp_jupyter.components import (
    Component,
    InputBinaryFile,
    InputPath,
    InputTextFile,
    OutputBinaryFile,
    OutputPath,
    OutputTextFile,
    create_component_from_func,
)
from kfp_jupyter.components.arguments import command_line


class Done(NamedTuple):
    code: int
    text: str
    outputs: dict[str, Path]


def run(component: Component, tmp_path: Path, **arguments: str) -> Done:
    """Run the component's command with its outputs below a directory; inputs are passed as they are."""
    line = command_line(component.component_spec, arguments)
    outputs = {name: tmp_path / name / "data" for name in line.output_paths}
    words = [*line.command, *line.args]
    for name, path in line.output_paths.items():
        words = [str(outputs[name]) if word == path else word for word in words]
    for name, path in line.input_paths.items():
        words = [arguments[name] if word == path else word for word in words]
    env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    done = subprocess.run(words, capture_output=True, text=True, env=env, check=False, timeout=60)
    return Done(done.returncode, done.stdout + done.stderr, outputs)


def echo(i: int, f: float, s: str, b: bool, items: list, mapping: dict, other: Any = "x") -> None:  # type: ignore[type-arg]
    print([i, f, s, b, items, mapping, other])


def test_arguments_arrive_as_values_of_their_types(tmp_path: Path) -> None:
    done = run(
        create_component_from_func(echo), tmp_path,
        i="-3", f="1e3", s="--s", b="True", items='[1, "a"]', mapping='{"k": null}',
    )  # fmt: skip
    assert done.text.strip() == str([-3, 1000.0, "--s", True, [1, "a"], {"k": None}, "x"])


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("i", "1.5", "Integer"), ("f", "abc", "Float"), ("b", "maybe", "Boolean"), ("items", "[", "JsonArray")],
)
def test_an_argument_that_cannot_be_read_is_named_with_its_value(
    tmp_path: Path, name: str, value: str, kind: str
) -> None:
    arguments = {"i": "1", "f": "1", "s": "", "b": "no", "items": "[]", "mapping": "{}", name: value}
    done = run(create_component_from_func(echo), tmp_path, **arguments)
    assert done.code == 2
    assert done.text.strip() == f"Component 'Echo': the value {value!r} of input {name!r} can't be read as {kind}."


@settings(max_examples=15, deadline=None)
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_survives_the_way_through_a_step(tmp_path_factory: Any, text: str) -> None:
    def same(text: str) -> str:
        return text

    tmp_path = tmp_path_factory.mktemp("run")
    component = create_component_from_func(same)
    done = run(component, tmp_path, text=text)
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_bytes().decode() == text


def outputs_of(value: Any, annotation: Any, tmp_path: Path) -> Done:
    """Run a step that returns the value of an expression under a return annotation."""
    source = tmp_path / "module.py"
    source.write_text(f"def give():\n    return {value}\n")
    namespace: dict[str, Any] = {}
    exec(compile(source.read_text(), str(source), "exec", dont_inherit=True), namespace)
    give = namespace["give"]
    give.__annotations__["return"] = annotation
    return run(create_component_from_func(give), tmp_path)


@pytest.mark.parametrize(
    ("value", "annotation", "text"),
    [("3", int, "3"), ("2.5", float, "2.5"), ("2", float, "2"), ("True", bool, "True"), ("'a'", str, "a"),
     ("{'b': [1, None]}", dict, '{"b": [1, null]}'), ("[2, 'ü']", list, '[2, "\\u00fc"]'), ("'7'", int, "7"),
     ("object", "Custom", "<class 'object'>"), ("'x'", "Custom", "x")],
)  # fmt: skip
def test_a_returned_value_is_written_in_its_text_form(tmp_path: Path, value: str, annotation: Any, text: str) -> None:
    done = outputs_of(value, annotation, tmp_path)
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == text


@pytest.mark.parametrize(
    ("value", "annotation", "words"),
    [("'abc'", float, "output 'Output' must be of type Float, but the function returned 'abc' of type str"),
     ("1.5", int, "must be of type Integer, but the function returned 1.5 of type float"),
     ("None", str, "must be of type String, but the function returned None of type NoneType"),
     ("1", bool, "must be of type Boolean, but the function returned 1 of type int"),
     ("{1}", list, "can't be written as JSON: {1} of type set")],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_named_with_output_value_and_type(
    tmp_path: Path, value: str, annotation: Any, words: str
) -> None:
    done = outputs_of(value, annotation, tmp_path)
    assert done.code == 1
    assert "Component 'Give': " in done.text
    assert words in done.text
    assert "Traceback" not in done.text


def test_too_few_returned_values_name_the_outputs(tmp_path: Path) -> None:
    done = outputs_of("(1,)", NamedTuple("Outputs", [("first", int), ("second", int)]), tmp_path)
    assert done.code == 1
    assert "returned (1,) instead of a tuple of its outputs: first, second" in done.text


def files(
    table_path: InputPath("CSV"),  # type: ignore[valid-type]
    text_file: InputTextFile(),  # type: ignore[valid-type]
    blob_file: InputBinaryFile(),  # type: ignore[valid-type]
    copy_path: OutputPath(),  # type: ignore[valid-type]
    written_file: OutputTextFile(),  # type: ignore[valid-type]
    bytes_file: OutputBinaryFile(),  # type: ignore[valid-type]
) -> None:
    open(copy_path, "w").write(open(table_path).read())
    written_file.write(text_file.read())
    bytes_file.write(blob_file.read())


def test_files_are_handed_over_as_paths_and_open_files(tmp_path: Path) -> None:
    inputs = {}
    for name, data in {"table": b"a,b", "text": "ü".encode(), "blob": b"\xff\0"}.items():
        path = tmp_path / f"{name}.in"
        path.write_bytes(data)
        inputs[name] = str(path)
    done = run(create_component_from_func(files), tmp_path, **inputs)
    assert done.code == 0, done.text
    written = [done.outputs[name].read_bytes() for name in ("copy", "written", "bytes")]
    assert written == [b"a,b", "ü".encode(), b"\xff\0"]


def forgets(model_path: OutputPath()) -> None:  # type: ignore[valid-type]
    pass


def zip(open: str, print: int = 1) -> str:  # noqa: A001
    return open


def test_a_function_may_have_the_name_of_a_builtin(tmp_path: Path) -> None:
    done = run(create_component_from_func(zip), tmp_path, open="text")
    assert done.outputs["Output"].read_text() == "text"


def breaks(a: float) -> float:
    return 1 / a


def test_a_traceback_begins_at_the_authors_own_lines(tmp_path: Path) -> None:
    done = run(create_component_from_func(breaks), tmp_path, a="0")
    assert done.code == 1
    assert "_kfp_step" not in done.text
    assert "line 3, in breaks\n    return 1 / a" in done.text
    assert done.text.endswith("ZeroDivisionError: float division by zero\n")


def test_an_output_file_that_was_not_written_is_named(tmp_path: Path) -> None:
    done = run(create_component_from_func(forgets), tmp_path)
    assert done.code == 1
    assert "the function wrote nothing to its output 'model'" in done.text


def braces(text: str) -> str:
    return f"{{{text}}}" + "{{inputs.parameters.text}} {_ {__ {{{{"


def test_braces_in_a_program_are_hidden_from_argo_and_come_back(tmp_path: Path) -> None:
    component = create_component_from_func(braces)
    assert not any("{{" in str(word) for word in component.component_spec.container.command or ())
    assert "{{" not in safe_json(component.component_spec.to_dict())
    done = run(component, tmp_path, text="x")
    assert done.outputs["Output"].read_text() == braces("x")


def test_the_program_needs_nothing_that_old_pythons_lack(tmp_path: Path) -> None:
    command = create_component_from_func(echo).component_spec.container.command or ()
    program = command[-1]
    assert isinstance(program, str)
    compile(program, "program", "exec", dont_inherit=True)
    assert "match " not in program
    assert ":=" not in program
