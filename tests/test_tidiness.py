"""The suite fails when it leaves something in the working tree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WRITES = "from pathlib import Path\n\ndef test_it():\n    {}\n"


def suite(directory: Path, statement: str, *options: str, git: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a suite of one test in a repository of its own."""
    (directory / "checks").mkdir()
    (directory / "checks/test_it.py").write_text(WRITES.format(statement))
    (directory / "pytest.ini").write_text("[pytest]\ntestpaths = checks\n")
    (directory / ".gitignore").write_text(".tool/\n")
    # Without other plugins, whose imports take longer than the suite.
    alone = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment = os.environ | alone | {"GIT_CONFIG_GLOBAL": "/dev/null"}
    for name in [name for name in environment if name.startswith(("PYTEST_XDIST", "GIT_DIR", "GIT_WORK", "GIT_INDEX"))]:
        del environment[name]
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    for words in [("init", "-q"), ("add", "."), (*identity, "commit", "-qm", "it")] if git else ():
        subprocess.run(["git", *words], cwd=directory, env=environment, check=True)
    command = [sys.executable, "-m", "pytest", "-p", "tests.tidiness", *options]
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "several"])
@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("Path('new.txt').write_text('')", "new.txt"),
        ("Path('.tool').mkdir(); Path('.tool/cache').write_text('')", ".tool/"),
        ("Path('pytest.ini').write_text('')", "pytest.ini"),
        ("Path('.gitignore').unlink()", ".gitignore"),
    ],
    ids=["new", "new and ignored", "changed", "removed"],
)
def test_what_a_suite_leaves_is_named_and_fails_it(
    tmp_path: Path, statement: str, left: str, options: tuple[str, ...]
) -> None:
    done = suite(tmp_path, statement, *options)

    assert done.returncode == 1, done.stdout
    assert "1 passed" in done.stdout
    assert f"left in the working tree by the tests, or changed meanwhile: {left}" in done.stdout


@pytest.mark.parametrize("git", [True, False], ids=["with git", "without"])
def test_a_suite_that_leaves_nothing_passes(tmp_path: Path, git: bool) -> None:
    done = suite(tmp_path, "Path('a').write_text(''); Path('a').unlink()", git=git)

    assert done.returncode == 0, done.stdout


def test_a_part_of_the_suite_may_run_while_somebody_edits(tmp_path: Path) -> None:
    done = suite(tmp_path, "Path('new.txt').write_text('')", "checks/test_it.py")

    assert done.returncode == 0, done.stdout
