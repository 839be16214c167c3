"""Tests of the cluster that don't run: listed where a person runs the tests, failures where CI does."""

from __future__ import annotations

import collections
import os
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

_MARK = "not run: "

_LAST_LINE = pytest.StashKey[str]()


def not_run(why: str) -> NoReturn:
    """End a test that the cluster, or the lack of one, leaves nothing to run on.

    Args:
        why: What is missing.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(f"This test of the cluster doesn't run: {why}.", pytrace=False)
    pytest.skip(_MARK + why)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[None]:
    """List what wasn't run behind everything else."""
    missed = _taken_out(terminalreporter.stats)
    yield
    for why, files in missed.items():
        listed = ", ".join(f"{file} ({count})" for file, count in sorted(files.items()))
        terminalreporter.write_line(f"not run, as {why}: {listed}")
    if missed:
        count = sum(files.total() for files in missed.values())
        others = len(terminalreporter.stats.get("skipped", []))
        config.stash[_LAST_LINE] = _last_line(count, others)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the very last line that something wasn't run, and how it is."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and (line := config.stash.get(_LAST_LINE, "")):
        reporter.write_line(line)


def _last_line(count: int, others: int) -> str:
    tests = "1 test of the cluster" if count == 1 else f"{count} tests of the cluster"
    also = f", and {others} more that are listed above as skipped" if others else ""
    return (
        f"Not run: {tests}{also}. `make cluster` builds and starts one (root, Linux, Go; 20 minutes the first time); "
        "then `make test` runs them too."
    )


def _taken_out(stats: dict[str, list[Any]]) -> dict[str, collections.Counter[str]]:
    """Take our skips out of the others, so that they are counted by themselves; return them by reason and file."""
    skipped = stats.pop("skipped", [])
    ours = {id(report): _why(report) for report in skipped}
    for report in skipped:
        stats.setdefault("not run" if ours[id(report)] else "skipped", []).append(report)
    found: dict[str, collections.Counter[str]] = {}
    for report in filter(lambda report: ours[id(report)], skipped):
        found.setdefault(ours[id(report)], collections.Counter())[report.nodeid.partition("::")[0]] += 1
    return found


def _why(report: Any) -> str:
    reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
    return reason.partition(_MARK)[2]
