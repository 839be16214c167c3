"""What the doctor says of this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kfp_jupyter.engines.capabilities import Severity
from kfp_jupyter.engines.local import doctor
from kfp_jupyter.engines.local.engine import LocalEngine


def test_of_a_machine_like_this_nothing_is_bad(engine: LocalEngine) -> None:
    found = {f.subject: f for f in engine.examine()}
    assert list(found) == ["Python", "runs", "package cache", "packages", "processors"]
    assert found["Python"].text.endswith(f"({sys.executable})")
    assert Severity.ERROR not in {f.severity for f in found.values()}


def test_looking_at_a_directory_makes_none(tmp_path: Path) -> None:
    list(LocalEngine(tmp_path / "not" / "there").examine())
    assert not (tmp_path / "not").exists()


def test_a_place_where_runs_cannot_be_written_is_bad(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    (found,) = [f for f in LocalEngine(file / "runs").examine() if f.subject == "runs"]
    assert found.severity is Severity.ERROR
    assert "KFP_JUPYTER_RUNS" in found.remedy


def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LITTLE", 2**62)
    (found,) = [f for f in LocalEngine(tmp_path).examine() if f.subject == "runs"]
    assert (found.severity, "GiB free" in found.text) == (Severity.WARNING, True)


def test_a_python_that_cannot_be_started_ends_it(tmp_path: Path) -> None:
    (found,) = LocalEngine(tmp_path, python=str(tmp_path / "nopython")).examine()
    assert (found.subject, found.severity) == ("Python", Severity.ERROR)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("[1]", "it is not a Python interpreter"),
        ("[" * 3000, "it is nested deeper than 200 levels"),
        ("hello", "it is not JSON"),
    ],
)
def test_a_program_that_is_no_python_is_named(tmp_path: Path, said: str, words: str) -> None:
    program = tmp_path / "nopython"
    program.write_text(f"#!/bin/sh\necho '{said}'\n")
    program.chmod(0o755)
    (found,) = LocalEngine(tmp_path, python=str(program)).examine()
    assert f"The Python '{program}' can't be used for steps: {words}" in str(found)
