"""component.yaml: errors at their lines, and back to the same text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import yaml

from kfp_jupyter.components import (
    fetching,
    load_component,
    load_component_from_file,
    load_component_from_text,
    load_component_from_url,
    loading,
)
from kfp_jupyter.components.component_yaml import read_component
from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.errors import ComponentError
from kfp_jupyter.parsing import Limits
from tests.components.conftest import Site

GOOD = """name: Echo
inputs:
- {name: text, type: String}
- {name: more, optional: true}
outputs:
- {name: out}
implementation:
  container:
    image: alpine
    command: [sh, -c, echo]
    args:
    - {inputValue: text}
    - {if: {cond: {isPresent: more}, then: [{inputPath: more}], else: [none]}}
    - {concat: [a, {outputPath: out}]}
    env: {A: b}
"""


def test_a_component_goes_back_to_what_it_was_read_from() -> None:
    assert read_component(GOOD, "echo.yaml").to_dict() == yaml.safe_load(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("inputValue: text", "inputValue: txet", 12, ["no input 'txet'", "'text'"]),
        ("inputValue", "inputValeu", 12, ["'inputValeu' is not a valid placeholder", "inputValue"]),
        ("{inputValue: text}", "{inputUri: txt}", 12, ["no input 'txt'"]),
        ("{inputValue: text}", "{outputUri: txt}", 12, ["no output 'txt'"]),
        (
            "- {inputValue: text}",
            "- 3",
            12,
            ["container's args is 3 instead of a string or a placeholder", "Quote it: '3'"],
        ),
        ("- {inputValue: text}", "-", 12, ["is nothing instead of a string or a placeholder"]),
        ("outputPath: out", "outputPath: uot", 14, ["no output 'uot'", "'out'"]),
        ("cond: {isPresent: more}, ", "", 13, ["no cond"]),
        ("isPresent: more", "isPresent: mroe", 13, ["no input 'mroe'"]),
        ("    image: alpine\n", "", 9, ["no image"]),
        ("  container:", "  contianer:", 8, ["'contianer'", "container"]),
        ("implementation:", "implementation_:", 7, ["'implementation_'", "implementation"]),
        ("- {name: out}", "- {nam: out}", 6, ["'nam'", "name"]),
        ("- {name: more, optional: true}", "- {name: text}", 4, ["Two inputs", "'text'"]),
        ("[sh, -c, echo]", "sh -c echo", 10, ["command is not a list"]),
        ("name: Echo", "name: [", 3, ["it is not YAML"]),
        ("name: Echo", "name: 5", 1, ["name is 5 instead of a string", "Quote it: '5'"]),
        ("optional: true", "optional: perhaps", 4, ["'perhaps' instead of true or false"]),
        ("{name: text, type: String}", "{name: text, default: [1]}", 3, ["default is [1] instead of a string"]),
        ("{name: text, type: String}", "{name: ''}", 3, ["no name"]),
        ("env: {A: b}", "env: {A: 1}", 15, ["env of 'A' is 1", "Quote it: '1'"]),
        ("env: {A: b}", "fileOutputs: {nothing: /x}", 15, ["no output 'nothing'", "Its outputs: out"]),
        ("  container:", "  graph: {tasks: {}}\n  container:", 8, ["mapping of 2 keys", "container, graph"]),
    ],
)
def test_a_mistake_is_said_at_its_line(old: str, new: str, line: int, words: list[str]) -> None:
    assert old in GOOD
    with pytest.raises(ComponentError) as caught:
        read_component(GOOD.replace(old, new, 1), "echo.yaml")
    assert caught.value.position is not None
    assert caught.value.position.file == "echo.yaml"
    assert caught.value.position.line == line
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "a: b", "- 1", "name: x", "\t", "a: &b *b"])
def test_what_is_no_component_is_refused(text: str) -> None:
    with pytest.raises(ComponentError):
        read_component(text, "x")


def test_a_file_or_a_zip_with_the_file_is_loaded(tmp_path: Path) -> None:
    plain, packed = tmp_path / "component.yaml", tmp_path / "component.zip"
    plain.write_text(GOOD)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("component.yaml", GOOD)
        archive.writestr("../../evil", "x")
    for path in (plain, packed):
        assert load_component(filename=path).name == "Echo"
    assert load_component_from_file(plain).reference.digest == load_component_from_file(packed).reference.digest


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ComponentError, match=r"none\.yaml.*No such file"):
        load_component_from_file(tmp_path / "none.yaml")
    empty = tmp_path / "empty.zip"
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    empty.write_bytes(buffer.getvalue())
    with pytest.raises(ComponentError, match=r"No component\.yaml"):
        load_component_from_file(empty)
    with pytest.raises(ComponentError, match="exactly one source"):
        load_component()
    with pytest.raises(ComponentError, match="can't be loaded from None"):
        load_component_from_text(None)  # type: ignore[arg-type]
    with pytest.raises(ComponentError, match="not UTF-8"):
        load_component_from_text("\ud800")


def test_a_component_may_be_bytes_or_a_spec() -> None:
    spec = load_component_from_text(GOOD.encode()).component_spec
    assert load_component(component_spec=spec).name == "Echo"
    with pytest.raises(ComponentError, match="no implementation"):
        load_component(component_spec=ComponentSpec("Nothing"))


def test_a_component_is_fetched_and_a_refusal_is_said_with_its_status(site: Site) -> None:
    site.pages["/good"] = GOOD.encode()
    component = load_component_from_url(f"{site.url}/good")
    assert component.name == "Echo"
    assert component.reference.url == f"{site.url}/good"
    with pytest.raises(ComponentError, match="404 Not Found"):
        load_component_from_url(f"{site.url}/bad")
    with pytest.raises(ComponentError, match="can't be fetched"):
        load_component_from_url("http://127.0.0.1:1/none")
    with pytest.raises(ComponentError, match="can't be fetched"):
        load_component_from_url("no address")


def test_an_address_that_answers_without_end_is_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "COMPONENT", Limits(size=1000, depth=10))
    site.pages["/long"] = b"#" * 10_000
    with pytest.raises(ComponentError, match="larger than 1,000 bytes"):
        load_component_from_url(f"{site.url}/long")


def test_a_zip_that_unpacks_to_more_than_a_component_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "COMPONENT", Limits(size=1000, depth=10))
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("component.yaml", "#" * 1_000_000)
    # The header lies about the size, as a hostile one would.
    data = bomb.read_bytes().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    bomb.write_bytes(data)
    with pytest.raises(ComponentError, match=r"larger than|can be read from the zip"):
        load_component_from_file(bomb)


@pytest.mark.parametrize("hostile", ["[" * 100_000, "a: " + "{a: " * 5_000, "- " * 10_000])
def test_what_is_nested_without_end_is_refused(hostile: str) -> None:
    with pytest.raises(ComponentError, match="nested deeper than 100 levels"):
        read_component(hostile, "deep.yaml")


GRAPH = """name: Both
inputs: [{name: n, type: Integer}]
outputs: [{name: out}]
implementation:
  graph:
    tasks:
      first:
        componentRef: {url: first.yaml}
        arguments: {count: {graphInput: {inputName: n}}}
      second:
        componentRef:
          spec:
            outputs: [{name: result}]
            implementation: {container: {image: alpine}}
        arguments: {data: {taskOutput: {taskId: first, outputName: rows}}}
    outputValues:
      out: {taskOutput: {taskId: second, outputName: result}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("taskId: first", "taskId: frist", 15, ["no task 'frist'", "'first'"]),
        ("outputName: result", "outputName: reslut", 17, ["'second' has no output 'reslut'", "'result'"]),
        ("inputName: n", "inputName: m", 9, ["no input 'm'", "Its inputs: n"]),
        ("      out:", "      uot:", 17, ["no output 'uot'", "'out'"]),
        ("arguments: {count: {graphInput: {inputName: n}}}",
         "arguments: {x: {taskOutput: {taskId: second, outputName: result}}}", 7, ["depend on each other", "'second'"]),
        ("{url: first.yaml}", "{}", 8, ["names no component"]),
        ("graphInput: {", "graphInptu: {", 9, ["'graphInptu' is not a valid argument", "graphInput"]),
        ("arguments: {count: {graphInput: {inputName: n}}}", "isEnabled: {'=': {op1: 1, op2: 2}}", 9,
         ["'=' is not a valid predicate", "Did you mean"]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_graph_is_said_at_its_line(old: str, new: str, line: int, words: list[str]) -> None:
    assert old in GRAPH
    read_component(GRAPH, "graph.yaml")
    with pytest.raises(ComponentError) as caught:
        read_component(GRAPH.replace(old, new, 1), "graph.yaml")
    assert caught.value.position is not None
    assert caught.value.position.line == line
    for word in words:
        assert word in str(caught.value)
