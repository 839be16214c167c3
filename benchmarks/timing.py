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


def user_seconds(command: Sequence[str]) -> float:
    """Return the user CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def print_table(rows: Sequence[Row]) -> None:
    """Print rows as a Markdown table."""
    print("| what | measured | goal |\n|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.value} | {row.goal} |")
