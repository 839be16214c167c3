"""What failed, by name, behind everything else: where only the end of the output is kept, it says the most."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

_LONGEST = 200
"""Letters of a message; it may be a comparison of megabytes."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """List the tests that failed."""
    yield
    for word in ("failed", "error"):
        for report in terminalreporter.stats.get(word, []):
            crash = getattr(report.longrepr, "reprcrash", None)
            message = str(crash.message if crash else report.longrepr).partition("\n")[0]
            terminalreporter.write_line(f"{word}: {report.nodeid}: {message[:_LONGEST]}")
