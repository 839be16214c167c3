"""component.yaml: errors at their lines, and back to the same text."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from kfp_jupyter.components import load_component, load_component_from_file, load_component_from_url
from kfp_jupyter.components.component_yaml import read_component
from kfp_jupyter.errors import ComponentError

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
        ("inputValue", "inputValeu", 12, ["no placeholder 'inputValeu'", "inputValue"]),
        ("{inputValue: text}", "{inputUri: text}", 12, ["'inputUri'", "use inputPath"]),
        ("- {inputValue: text}", "- 3", 12, ["3 on the command line is no text", "'3'"]),
        ("- {inputValue: text}", "-", 12, ["nothing on the command line"]),
        ("outputPath: out", "outputPath: uot", 14, ["no output 'uot'", "'out'"]),
        ("cond: {isPresent: more}, ", "", 13, ["no 'cond'"]),
        ("isPresent: more", "isPresent: mroe", 13, ["no input 'mroe'"]),
        ("    image: alpine\n", "", 9, ["no image"]),
        ("  container:", "  contianer:", 8, ["'contianer'", "container"]),
        ("implementation:", "implementation_:", 7, ["'implementation_'", "implementation"]),
        ("- {name: out}", "- {nam: out}", 6, ["'nam'", "name"]),
        ("- {name: more, optional: true}", "- {name: text}", 3, ["Two inputs", "'text'"]),
        ("[sh, -c, echo]", "sh -c echo", 10, ["command is no list"]),
        ("name: Echo", "name: [", 3, ["no YAML"]),
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
    with pytest.raises(ComponentError, match="one place"):
        load_component()


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/good" else 404)
        self.end_headers()
        self.wfile.write(GOOD.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[str]:
    made = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_component_is_fetched_and_a_refusal_is_said_with_its_status(server: str) -> None:
    component = load_component_from_url(f"{server}/good")
    assert component.name == "Echo"
    assert component.reference.url == f"{server}/good"
    with pytest.raises(ComponentError, match="404 Not Found"):
        load_component_from_url(f"{server}/bad")
    with pytest.raises(ComponentError, match="can't be fetched"):
        load_component_from_url("http://127.0.0.1:1/none")
