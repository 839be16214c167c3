"""A full disk is told in words, and nothing hangs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.errors import EngineError
from tests.engines.conftest import Runs, phase
from tests.engines.workflows import python_step, task, workflow

FILL = """
import os
file = os.open('filler', os.O_CREAT | os.O_WRONLY)
try:
    while True:
        os.write(file, bytes(4096))
except OSError:
    pass
"""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        reason = f"a small file system can't be mounted: {mounted.stderr.strip()}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_step_that_fills_the_disk_ends_the_run_with_the_reason(small: Path) -> None:
    runs = Runs(LocalEngine(small / "runs"))
    # What the first step's end sets free may be enough for the runner, but not for the next step.
    steps = [python_step("step", FILL), python_step("next", "open('data', 'wb').write(bytes(300_000))")]
    state = runs.run(workflow(*steps, tasks=[task("step"), task("next", "step")]))
    assert state.phase.bad
    assert "no space left" in state.message
    assert str(small) in state.message


def test_a_failing_step_on_a_full_disk_is_shown_beside_the_reason(small: Path) -> None:
    runs = Runs(LocalEngine(small / "runs"))
    state = runs.run(workflow(python_step("step", FILL + "raise SystemExit(1)")))
    assert "no space left" in state.message
    # Error, where the runner itself met the full disk before the step had ended.
    assert phase(state, "step") in ("Failed", "Error")


def test_submitting_on_a_full_disk_says_so_and_leaves_nothing(small: Path) -> None:
    engine = LocalEngine(small / "runs")
    (small / "filler").write_bytes(bytes(900 * 1024))
    with pytest.raises(EngineError, match=rf"There is no space left in {small}/runs.*KFP_JUPYTER_RUNS"):
        engine.submit(workflow(python_step("step", "x = 1\n" * 20000)))
    assert not engine.runs()
    assert list((small / "runs").iterdir()) == []


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="file/runs"):
        LocalEngine(tmp_path / "file" / "runs").submit(workflow(python_step("step", "")))
