"""Measure everything and print one table."""

from __future__ import annotations

from benchmarks import browser, calculation, imports
from benchmarks.timing import print_table


def main() -> None:
    """Measure and print."""
    print_table([*imports.rows(), *calculation.rows(), *browser.rows()])


main()
