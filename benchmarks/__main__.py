"""Measure everything and print tables."""

from __future__ import annotations

import argparse

from benchmarks import browser, calculation, imports
from benchmarks.compiling.comparison import compare
from benchmarks.compiling.tables import tables
from benchmarks.timing import print_table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure everything.")
    parser.add_argument("--quick", action="store_true", help="compile without 10,000 tasks and the slow peers")
    options = parser.parse_args()
    print_table([*imports.rows(), *calculation.rows(), *browser.rows()])
    comparison = compare(quick=options.quick)
    for table in tables(comparison.results, comparison.contenders):
        print(f"\n{table.markdown()}")


main()
