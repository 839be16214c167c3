"""What is removed is removed whole, however deep it is, and nothing that is mounted in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kfp_jupyter.engines.local.removal import remove, remove_run
from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs
from tests.engines.workflows import command_step, workflow

NESTED = "import os; [(os.mkdir({name!r}), os.chdir({name!r})) for _ in range({depth})]; open('f', 'w').close()"


@pytest.mark.parametrize(("name", "depth"), [("d", 1500), ("d" * 200, 60), ("d", 3000)])
def test_a_run_is_deleted_however_deep_a_step_has_nested_its_directories(runs: Runs, name: str, depth: int) -> None:
    run = runs.start(workflow(command_step("step", "python3", "-c", NESTED.format(name=name, depth=depth))))
    assert runs.end(run).by_path()["step"].phase is Phase.SUCCEEDED
    runs.engine.delete(run)
    assert list(runs.engine.root.glob("*/nodes")) == []
    assert list(runs.engine.root.glob(".deleted-*")) == []


def test_a_link_in_a_deep_directory_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis").write_text("thesis")
    (tmp_path / "run").mkdir()
    links = f"; os.symlink({str(tmp_path / 'precious')!r}, 'link'); os.link({str(tmp_path / 'precious/thesis')!r}, 'g')"
    subprocess.run(
        [sys.executable, "-c", NESTED.format(name="d", depth=1200) + links], cwd=tmp_path / "run", check=True
    )
    remove(tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]
    assert (tmp_path / "precious" / "thesis").read_text() == "thesis"


MOUNT = """
mount --make-rprivate / && mount --bind "$1/precious" "$1/run/nodes/a b" && shift && exec "$@"
"""


def may_mount() -> bool:
    """Whether a file system can be mounted here, in a namespace of its own."""
    try:
        return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not may_mount(), reason="nothing can be mounted here")
@pytest.mark.parametrize("function", [remove.__name__, remove_run.__name__])
def test_what_is_mounted_in_a_run_is_not_removed_with_it(tmp_path: Path, function: str) -> None:
    for folder in ("precious", "run/nodes/a b", "run/nodes/other"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "precious" / "thesis").write_text("thesis")
    (tmp_path / "run" / "nodes" / "other" / "result").write_text("result")
    program = f"""
import sys
from pathlib import Path
from kfp_jupyter.engines.local.removal import {function}
try:
    {function}(Path(sys.argv[1]))
except OSError as error:
    print(error.strerror)
"""
    said = subprocess.run(
        ["unshare", "-m", "sh", "-c", MOUNT, "sh", tmp_path, sys.executable, "-c", program, tmp_path / "run"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said == f"a file system is mounted at {tmp_path}/run/nodes/a b; unmount it first\n"
    assert (tmp_path / "precious" / "thesis").read_text() == "thesis"
    assert (tmp_path / "run" / "nodes" / "other" / "result").read_text() == "result"
