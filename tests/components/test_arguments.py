"""Calling components, and the command lines that come of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kfp_jupyter.components import load_component_from_text
from kfp_jupyter.components.arguments import command_line
from kfp_jupyter.components.component import task_maker
from kfp_jupyter.errors import ComponentError, PipelineError

TEXT = """
inputs:
- {name: First one}
- {name: more, optional: true}
- {name: flag, type: Boolean, default: 'true'}
- {name: first-one}
outputs: [{name: The out}, {name: fixed}, {name: last}]
implementation:
  container:
    image: alpine
    command: [run, COMMAND]
    args: [ARGS]
    fileOutputs: {fixed: /fixed}
"""


def line(args: str, command: str = "x", **arguments: str) -> Any:
    spec = load_component_from_text(TEXT.replace("ARGS", args).replace("COMMAND", command)).component_spec
    return command_line(spec, arguments)


@pytest.mark.parametrize(
    ("args", "arguments", "words"),
    [
        ("a, b", {}, ["a", "b"]),
        ("{inputValue: more}, b", {}, ["b"]),
        ("{inputValue: more}, b", {"more": ""}, ["", "b"]),
        ("{inputPath: more}", {"more": "x"}, ["/tmp/inputs/more/data"]),
        ("{inputPath: First one}", {"First one": "x"}, ["/tmp/inputs/First_one/data"]),
        ("{outputPath: The out}", {}, ["/tmp/outputs/The_out/data"]),
        ("{concat: [a, {inputValue: more}, b, {concat: [c, d]}]}", {"more": "-"}, ["a-bcd"]),
        ("{concat: [a, {inputValue: more}]}", {}, ["a"]),
        ("{concat: []}", {}, [""]),
        ("{if: {cond: {isPresent: more}, then: [y, {inputValue: more}], else: n}}", {"more": "m"}, ["y", "m"]),
        ("{if: {cond: {isPresent: more}, then: [y], else: n}}", {}, ["n"]),
        ("{if: {cond: {isPresent: more}, then: y}}, z", {}, ["z"]),
        ("{if: {cond: {inputValue: flag}, then: y, else: n}}", {"flag": "True"}, ["y"]),
        ("{if: {cond: {inputValue: flag}, then: y, else: n}}", {"flag": "off"}, ["n"]),
        ("{if: {cond: {inputValue: flag}, then: y, else: n}}", {"flag": ""}, ["n"]),
        ("{if: {cond: {inputValue: more}, then: y, else: n}}", {}, ["n"]),
        ("{if: {cond: true, then: y, else: n}}", {}, ["y"]),
        ("{if: {cond: 'no', then: y, else: [n, {if: {cond: '1', then: [q]}}]}}", {}, ["n", "q"]),
    ],
)  # fmt: skip
def test_placeholders_become_words(args: str, arguments: dict[str, str], words: list[str]) -> None:
    assert list(line(args, **arguments).args) == words
    assert list(line("x", command=args, **arguments).command) == ["run", *words]


def test_what_is_taken_and_given_is_known() -> None:
    text = "{inputPath: First one}, {inputPath: more}, {inputValue: more}, {outputPath: last}, {outputPath: The out}"
    made = line(text, **{"First one": "1", "more": "2"})
    assert made.by_value == {"more": "2"}
    assert made.input_paths == {"First one": "/tmp/inputs/First_one/data"}
    assert list(made.output_paths.items()) == [
        ("fixed", "/fixed"), ("last", "/tmp/outputs/last/data"), ("The out", "/tmp/outputs/The_out/data"),
    ]  # fmt: skip


def test_an_output_with_two_places_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"'fixed'.*fileOutputs.*/fixed"):
        line("{outputPath: fixed}")


def test_two_names_with_one_path_are_refused() -> None:
    text = TEXT.replace("{name: last}", "{name: The-out}, {name: The_out}")
    spec = load_component_from_text(
        text.replace("COMMAND", "{outputPath: The out}, {outputPath: The-out}").replace(
            "ARGS", "{if: {cond: {isPresent: more}, then: [{concat: [{outputPath: The_out}]}]}}"
        )
    ).component_spec
    with pytest.raises(ComponentError, match=r"outputs 'The out' and 'The_out'.*same path, /tmp/outputs/The_out/data"):
        command_line(spec, {})


def test_a_condition_that_says_nothing_is_refused() -> None:
    with pytest.raises(ComponentError, match="'perhaps' is neither true nor false"):
        line("{if: {cond: {inputValue: flag}, then: y}}", flag="perhaps")


def test_a_changed_component_has_another_command_line() -> None:
    spec = load_component_from_text(TEXT.replace("ARGS", "a").replace("COMMAND", "b")).component_spec
    assert command_line(spec, {}).args == ("a",)
    spec.container.args = ("changed",)
    assert command_line(spec, {}).args == ("changed",)


@pytest.fixture
def arguments_of() -> Iterator[Any]:
    """Calls a component as a pipeline does, and returns its arguments."""
    token = task_maker.set(lambda _, arguments: arguments)
    yield load_component_from_text(TEXT.replace("ARGS", "a").replace("COMMAND", "b"))
    task_maker.reset(token)


def test_arguments_are_passed_by_place_and_by_name(arguments_of: Any) -> None:
    assert arguments_of(1, 2) == {"First one": 1, "first-one": 2}
    assert arguments_of(first_one_2=2, first_one=1, flag="no") == {"First one": 1, "first-one": 2, "flag": "no"}
    assert list(arguments_of(1, flag=4, first_one_2=2, more=None)) == ["First one", "first-one", "more", "flag"]


@pytest.mark.parametrize(
    ("args", "kwargs", "words"),
    [
        ((), {}, "missing a required argument: 'first_one'"),
        ((1,), {}, "missing a required argument: 'first_one_2'"),
        ((1, 2, 3, 4, 5), {}, "too many positional arguments"),
        ((1, 2), {"first_one": 3}, "multiple values for argument 'first_one'"),
        ((1, 2), {"firts": 3}, "unexpected keyword argument 'firts'.*It takes .first_one, first_one_2"),
    ],
)
def test_wrong_arguments_are_said_as_python_says_them(
    arguments_of: Any, args: tuple[Any, ...], kwargs: dict[str, Any], words: str
) -> None:
    with pytest.raises(PipelineError, match=words):
        arguments_of(*args, **kwargs)
