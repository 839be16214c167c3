"""Medians of repeated measurements, and the table they are printed in."""

from __future__ import annotations

import dataclasses
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        what: What was measured.
        value: The figure, with its unit.
        goal: What it should be; empty for a peer's figure.
    """

    what: str
    value: str
    goal: str = ""


def median(measure: Callable[[], float], runs: int = 7) -> float:
    """Return the median of some runs after one that isn't counted."""
    measure()
    return statistics.median(measure() for _ in range(runs))


def wall(action: Callable[[], object]) -> float:
    """Return how long an action takes, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def cpu_seconds(command: Sequence[str]) -> float:
    """Return the CPU seconds of a command, its own and the kernel's for it."""
    before = _of_children()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return _of_children() - before


def print_table(rows: Sequence[Row]) -> None:
    """Print rows as a Markdown table."""
    print("| what | measured | goal |\n|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.value} | {row.goal} |")


def _of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
