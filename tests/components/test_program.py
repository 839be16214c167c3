"""The program of a function component, run as a container would run it."""

# Functions as people write them.
# ruff: noqa: A001, B006, F821, RUF013, UP037

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.components import (
    InputBinaryFile,
    InputPath,
    InputTextFile,
    OutputBinaryFile,
    OutputPath,
    OutputTextFile,
    create_component_from_func,
)
from tests.components.steps import Done, run


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
     ("'x'", "Custom", "x"), ("3", "Custom", "3")],
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
     ("{1}", list, "can't be written as JSON: {1} of type set"),
     ("(1, 2)", tuple, "output 'Output': (1, 2) of type tuple has no text form. Return text, or write it"),
     ("b'x'", "CSV", "b'x' of type bytes has no text form"), ("object", "Custom", "of type type has no text form"),
     ("[1]", "Model", "[1] of type list has no text form"), ("{}", Any, "{} of type dict has no text form")],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_named_with_output_value_and_type(
    tmp_path: Path, value: str, annotation: Any, words: str
) -> None:
    done = outputs_of(value, annotation, tmp_path)
    assert done.code == 1
    assert "Component 'Give': " in done.text
    assert words in done.text
    assert "Traceback" not in done.text


@pytest.mark.parametrize(
    ("value", "annotation", "text"),
    [("(1, [None])", List[int], "[1, [null]]"), ("{2: 'x'}", Dict[str, int], '{"2": "x"}'), ("None", dict, "null"),
     ("None", Optional[int], "None"), ("[1, None]", {"List": {"of": "text"}}, "[1, null]"),
     ("3", float, "3"), ("[0]", "List of numbers", "[0]"), ("'as it is'", None, None)],
)  # fmt: skip
def test_a_value_of_any_other_type_has_the_text_of_kfp(
    tmp_path: Path, value: str, annotation: Any, text: str | None
) -> None:
    if isinstance(annotation, dict):
        annotation = _WithProperties(annotation)
    done = outputs_of(value, annotation, tmp_path)
    assert done.code == 0, done.text
    assert {name: path.read_text() for name, path in done.outputs.items()} == ({"Output": text} if text else {})


def test_a_truth_returned_as_a_number_is_one_that_the_next_step_can_read(tmp_path: Path) -> None:
    done = outputs_of("True", int, tmp_path)
    assert done.outputs["Output"].read_text() == "1"


class _WithProperties:
    def __init__(self, struct: dict[str, Any]) -> None:
        self.struct = struct

    def to_dict(self) -> dict[str, Any]:
        return self.struct


def test_a_pickle_goes_from_step_to_step(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    made = outputs_of("{1: {2, 3}}", "Base64Pickle", first)
    assert made.code == 0, made.text
    done = run(create_component_from_func(unpack), tmp_path, thing=made.outputs["Output"].read_text())
    assert done.outputs["Output"].read_text() == "{1: {2, 3}}"


def unpack(thing: Base64Pickle) -> str:  # type: ignore[name-defined]
    return str(thing)


def test_more_returned_values_than_outputs_are_told_and_left_out(tmp_path: Path) -> None:
    done = outputs_of("(1, 2, 3)", NamedTuple("Outputs", [("first", int), ("second", int)]), tmp_path)
    assert done.code == 0
    assert [done.outputs[name].read_text() for name in ("first", "second")] == ["1", "2"]
    assert "only the first returned values count, for first, second" in done.text


def leaves(code: int) -> None:
    import sys

    sys.exit(code)


@pytest.mark.parametrize("code", ["0", "7"])
def test_a_step_that_exits_has_its_own_code(tmp_path: Path, code: str) -> None:
    assert run(create_component_from_func(leaves), tmp_path, code=code).code == int(code)


def metrics(mlpipeline_metrics_path: OutputPath("Metrics")) -> NamedTuple(  # type: ignore[valid-type]
    "Outputs",
    [("mlpipeline_ui_metadata", "UI_metadata")],
):
    import json

    with open(mlpipeline_metrics_path, "w") as file:
        json.dump({"metrics": []}, file)
    return (json.dumps({"outputs": []}),)


def test_metrics_and_pictures_are_outputs_like_others(tmp_path: Path) -> None:
    done = run(create_component_from_func(metrics), tmp_path)
    assert done.code == 0, done.text
    assert {name: path.read_text() for name, path in done.outputs.items()} == {
        "mlpipeline_metrics": '{"metrics": []}',
        "mlpipeline_ui_metadata": '{"outputs": []}',
    }


def rows(a: int = 3, b: str = None, c: list = [1]) -> str:  # type: ignore[assignment, type-arg]
    return repr((a, b, c))


@pytest.mark.parametrize(
    ("given", "seen"), [({}, "(3, None, [1])"), ({"a": "5", "b": ""}, "(5, '', [1])"), ({"c": "[]"}, "(3, None, [])")]
)
def test_an_input_that_is_not_given_has_the_functions_own_default(
    tmp_path: Path, given: dict[str, str], seen: str
) -> None:
    assert run(create_component_from_func(rows), tmp_path, **given).outputs["Output"].read_text() == seen


def typed(a: Any) -> str:
    return repr(a)


def test_a_value_of_a_type_with_properties_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(typed.__annotations__, "a", _WithProperties({"Integer": {"of": "x"}}))
    assert run(create_component_from_func(typed), tmp_path, a="3").outputs["Output"].read_text() == "'3'"


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


def zip(open: str, print: int = 1) -> str:
    return open


def test_a_function_may_have_the_name_of_a_builtin(tmp_path: Path) -> None:
    done = run(create_component_from_func(zip), tmp_path, open="text")
    assert done.outputs["Output"].read_text() == "text"


@pytest.mark.parametrize(
    "before", ["from os import *", "def make():\n    global dict\n    dict = 1\nmake()", "import os as str"]
)  # fmt: skip
def test_names_of_builtins_may_have_another_meaning(tmp_path: Path, before: str) -> None:
    component = create_component_from_func(breaks, extra_code=f"{before}\nlen = isinstance = exec = zip = 3")
    assert run(component, tmp_path, a="2").outputs["Output"].read_text() == "0.5"


def breaks(a: float) -> float:
    return 1 / a


def test_a_traceback_begins_at_the_authors_own_lines(tmp_path: Path) -> None:
    done = run(create_component_from_func(breaks), tmp_path, a="0")
    assert done.code == 1
    assert "_step" not in done.text
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
    done = run(component, tmp_path, text="x")
    assert done.outputs["Output"].read_text() == braces("x")


def test_the_program_needs_nothing_that_old_pythons_lack(tmp_path: Path) -> None:
    command = create_component_from_func(echo).component_spec.container.command or ()
    program = command[-1]
    assert isinstance(program, str)
    compile(program, "program", "exec", dont_inherit=True)
    assert "match " not in program
    assert ":=" not in program
