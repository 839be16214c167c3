"""Measure everything and print tables."""

from __future__ import annotations

import argparse

from benchmarks import argo_parsing, browser, calculation, imports
from benchmarks.compiling.comparison import compare
from benchmarks.compiling.tables import tables
from benchmarks.timing import Row, print_table
from benchmarks.watching import first_state, log_bytes, many_runs, soak
from tests.cluster import lifecycle


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure everything.")
    parser.add_argument("--quick", action="store_true", help="compile without 10,000 tasks and the slow peers")
    options = parser.parse_args()
    print_table(
        [*imports.rows(), *calculation.rows(), *argo_parsing.rows(), *browser.rows(), *log_bytes.rows(), *_watching()]
    )
    comparison = compare(quick=options.quick)
    for table in tables(comparison.results, comparison.contenders):
        print(f"\n{table.markdown()}")


def _watching() -> list[Row]:
    cluster = lifecycle.find()
    if cluster is None:
        return [Row("watching runs on a cluster", "not measured: make cluster starts one")]
    return [*first_state.rows(cluster), *many_runs.rows(cluster), *soak.rows(cluster)]


main()
