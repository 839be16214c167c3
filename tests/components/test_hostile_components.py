"""A component.yaml that is made to do harm is refused in one sentence, at once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.components import load_component_from_file, load_component_from_text
from kfp_jupyter.dsl import pipeline
from kfp_jupyter.errors import ComponentError

END = "implementation: {container: {image: alpine, command: [sh]}}\n"


def multiplied(first: str, wrapped: str, indent: str) -> str:
    """Lines of which each holds the one before ten times: the last stands for 10¹⁰ values."""
    lines = [f"{indent}a: &a {first}"]
    for before, name in zip("abcdefghi", "bcdefghij", strict=True):
        lines.append(f"{indent}{name}: &{name} {wrapped % ', '.join([f'*{before}'] * 10)}")
    return "\n".join(lines) + "\n"


def refused(text: str) -> str:
    with pytest.raises(ComponentError) as caught:
        load_component_from_text(text)
    return caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        f"name: x\ninputs:\n- name: p\n  default:\n{multiplied('[x]', '[%s]', '    ')}{END}",
        f"name: x\nmetadata:\n  annotations:\n{multiplied('{x: y}', '{<<: [%s]}', '    ')}{END}",
        f"name: x\nmetadata:\n  labels:\n{multiplied('long text', '[%s]', '    ')}{END}",
        "implementation:\n  container:\n    image: x\n    command: [sh]\n    env:\n"
        + multiplied("{concat: [x]}", "{concat: [%s]}", "      "),
    ],
    ids=["a default", "merged annotations", "labels", "concatenations"],
)
def test_aliases_that_multiply_are_refused(text: str) -> None:
    assert "it expands to more than 16 MiB" in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "implementation: {container: {image: a, command: [sh], args: [&a {concat: [x, *a]}]}}",
        f"inputs: &inputs [{{name: p, default: *inputs}}]\n{END}",
        f"metadata: &m {{annotations: {{<<: *m}}}}\n{END}",
        "&whole\nname: x\nimplementation: *whole\n",
    ],
)
def test_aliases_that_contain_themselves_are_refused(text: str) -> None:
    assert "contains itself" in refused(text)


@pytest.mark.parametrize(
    "number",
    [
        ":".join(["59"] * 200_000),
        ":".join(["59"] * 200_000) + ".5",
        "9" * 100_000,
        "0x" + "f" * 100_000,
        "0b" + "1" * 100_000,
        "1_" * 100_000 + "1",
        "1." + "0" * 100_000,
    ],
    ids=["sexagesimal", "sexagesimal with a point", "decimal", "hexadecimal", "binary", "underscores", "fraction"],
)
def test_numbers_without_end_are_refused(number: str) -> None:
    assert "a number in it is longer than 1,000 characters" in refused(
        f"inputs: [{{name: p, default: {number}}}]\n{END}"
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("!!int a", "'a' in it can't be read as int"),
        ("!!int ''", "'' in it can't be read as int"),
        ("!!float a", "'a' in it can't be read as float"),
        ("!!bool perhaps", "'perhaps' in it can't be read as bool"),
        ("2001-99-99", "'2001-99-99' in it can't be read as timestamp"),
        (":".join(["59"] * 300) + ".5", "in it can't be read as float"),
        ("!!timestamp a", "which is not supported"),
        ("!!binary a", "which is not supported"),
        ("!!set {a}", "which is not supported"),
    ],
)
def test_values_that_are_not_what_they_claim_are_refused_at_their_line(value: str, kind: str) -> None:
    with pytest.raises(ComponentError) as caught:
        load_component_from_text(f"name: x\ninputs:\n- name: p\n  default: {value}\n{END}")
    assert kind in caught.value.message
    assert caught.value.position is not None
    assert caught.value.position.line == 4


def test_a_file_larger_than_any_component_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "data.yaml"
    with path.open("wb") as file:
        file.truncate(8 << 30)

    with pytest.raises(ComponentError, match=r"data\.yaml' can't be read: it is larger than 16,777,216 bytes"):
        load_component_from_file(path)


def test_pipes_sockets_and_devices_are_no_components(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.yaml").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))

    for name, words in [
        (tmp_path / "pipe", "it is a pipe, not a regular file"),
        (tmp_path / "link.yaml", "it is a device, not a regular file"),
        (Path("/dev/null"), "it is a device, not a regular file"),
        (tmp_path / "socket", "can't be read: No such device or address"),
        (tmp_path, "can't be read: Is a directory"),
        (Path("a\0b"), "can't be read: embedded null byte"),
    ]:
        with pytest.raises(ComponentError) as caught:
            load_component_from_file(name)
        assert words in caught.value.message


LOOP = "name: {name}\nimplementation: {{graph: {{tasks: {{again: {{componentRef: {{url: '{url}'}}}}}}}}}}\n"


@pytest.mark.parametrize(
    "files", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "b"}], ids=["one", "two", "further in"]
)
def test_a_graph_that_refers_to_itself_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    for name, inner in files.items():
        (tmp_path / f"{name}.yaml").write_text(LOOP.format(name=name, url=tmp_path / f"{inner}.yaml"))

    def endless() -> None:
        load_component_from_file(tmp_path / "a.yaml")()

    with pytest.raises(ComponentError, match=r"'[ab]' contains itself: a task of it.* refers to .*yaml again"):
        Compiler().workflow(pipeline(name="endless")(endless))


def test_a_component_may_be_in_a_graph_twice(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(f"name: part\n{END}")
    inner = "name: inner\nimplementation: {graph: {tasks: {one: {componentRef: {url: '%s'}}}}}"
    (tmp_path / "inner.yaml").write_text(inner % (tmp_path / "part.yaml"))
    both = "{a: {componentRef: {url: '%s'}}, b: {componentRef: {url: '%s'}}}" % ((tmp_path / "inner.yaml",) * 2)
    graph = load_component_from_text(f"name: outer\nimplementation: {{graph: {{tasks: {both}}}}}")

    workflow = Compiler().workflow(pipeline(name="twice")(lambda: graph() and None))

    assert {"part", "part-2"} <= {template["name"] for template in workflow["spec"]["templates"]}
