"""The whole suite leaves nothing in the working tree but the caches of the tools that run it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

CACHES = re.compile(r"(^|/)(__pycache__|\.(hypothesis|mypy|pytest|ruff)(_cache)?|tests/browser/screenshots)/")
"""What may be there afterwards: caches, and pictures for people to look at."""

LINE = "left in the working tree by the tests, or changed meanwhile: "

BEFORE = pytest.StashKey[frozenset[str]]()
LEFT = pytest.StashKey[list[str]]()


def state_of(directory: Path) -> set[str] | None:
    """Return what is changed, new or ignored in a working tree, a line each; None where git knows none.

    Args:
        directory: A directory of it.
    """
    asked = ["git", "status", "--porcelain", "--ignored", "--untracked-files=normal"]
    try:
        answer = subprocess.run(
            asked,
            cwd=directory,
            env=os.environ | {"GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return {line for line in answer.stdout.splitlines() if not CACHES.search(line[3:])}


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Note how the working tree is before the whole suite; parts of it are run while somebody edits."""
    config = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.getoption("--regenerate", False)
    if whole and not hasattr(config, "workerinput") and (before := state_of(config.rootpath)) is not None:
        config.stash[BEFORE] = frozenset(before)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the session that has left something."""
    config = session.config
    before = config.stash.get(BEFORE, None)
    if before is None:
        return
    left = sorted((state_of(config.rootpath) or set()).difference(before))
    if left:
        config.stash[LEFT] = left
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what was left."""
    for line in config.stash.get(LEFT, []):
        terminalreporter.write_line(f"{LINE}{line[3:]}", red=True)
