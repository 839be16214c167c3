"""Declaration paths and commands: pure functions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.engines.local.command import Command, parse_command
from kfp_jupyter.engines.local.path_map import PathMap
from tests.engines.workflows import LAUNCHER, pip_prefix

ROOT, WORK = Path("/runs/r/fs"), Path("/runs/r/work")
SEGMENTS = st.from_regex(r"[a-z0-9_]{1,5}", fullmatch=True)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))


@given(st.text(), PATHS)
def test_text_without_the_path_stays(text: str, path: str) -> None:
    if path not in text:
        assert PathMap([path], ROOT, WORK).translate(text) == text


@given(st.lists(PATHS, min_size=1, max_size=4), st.sampled_from(["{}", "'{}'", "--x={}", "open({})", "{} ", "{}."]))
def test_every_declared_path_is_found_where_it_is_located(paths: list[str], form: str) -> None:
    mapping = PathMap(paths, ROOT, WORK)
    for path in paths:
        assert mapping.translate(form.format(path)) == form.format(mapping.locate(path))


@given(PATHS, SEGMENTS)
def test_a_path_inside_a_declared_one_goes_with_it(path: str, segment: str) -> None:
    mapping = PathMap([path], ROOT, WORK)
    assert mapping.translate(f"{path}/{segment}") == f"{mapping.locate(path)}/{segment}"


@given(PATHS, st.sampled_from(["1", "_x", "-x", ".csv", "~", "%s", "{i}"]))
def test_a_longer_name_is_another_path(path: str, more: str) -> None:
    assert PathMap([path], ROOT, WORK).translate(path + more) == path + more


@pytest.mark.parametrize("before", ["s3:/", "/data", "$HOME", "${HOME}", ".", "..", "~", "$(pwd)", "x"])
def test_the_end_of_a_longer_path_is_another_path(before: str) -> None:
    assert PathMap(["/tmp/a"], ROOT, WORK).translate(f"{before}/tmp/a") == f"{before}/tmp/a"


def test_a_file_url_is_a_path() -> None:
    assert PathMap(["/tmp/a"], ROOT, WORK).translate("file:///tmp/a") == f"file://{ROOT}/tmp/a"


def test_a_relative_path_starts_in_the_steps_own_directory() -> None:
    assert PathMap(["out.txt"], ROOT, WORK).locate("out.txt") == WORK / "out.txt"


def test_kfps_launcher_is_recognised() -> None:
    assert parse_command(["sh", "-ec", LAUNCHER, "print(1)", "--a", "b"]) == Command(("--a", "b"), (), "print(1)")


def test_kfps_pip_prefix_is_recognised() -> None:
    prefix = pip_prefix("numpy>=1.0", "a'b", "x[y]; python_version < '4'")
    command = parse_command([*prefix, "sh", "-ec", LAUNCHER, "print(1)"])
    assert command == Command((), ("numpy>=1.0", "a'b", "x[y]; python_version < '4'"), "print(1)")


def test_a_program_protected_from_tags_gets_its_braces_back() -> None:
    launcher = LAUNCHER.replace(' > "', " | sed 's/{MARK_7/{/g' > \"")
    command = parse_command(["sh", "-ec", launcher, "print('{MARK_7{x}}')"])
    assert command.program is not None
    assert command.plain_program(command.program) == "print('{{x}}')"


@pytest.mark.parametrize(
    "argv",
    [
        ["sh", "-c", LAUNCHER, "print(1)"],
        ["sh", "-ec", LAUNCHER + "\n", "print(1)"],
        ["sh", "-ec", LAUNCHER],
        ["python3", "-c", "print(1)"],
        ["sh", "-c", pip_prefix("x")[2].replace("--quiet", "--verbose"), "python3"],
        ["sh", "-c", pip_prefix("x")[2].replace("'x'", "$(evil)"), "python3"],
        ["sh", "-c", pip_prefix("x")[2].replace("'x'", "--index-url 'u'"), "python3"],
        [],
    ],
)
def test_anything_else_runs_as_written(argv: list[str]) -> None:
    assert parse_command(argv) == Command(tuple(argv))
