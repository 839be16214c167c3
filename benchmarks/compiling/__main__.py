"""Measure compilation and print tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.compiling.comparison import compare
from benchmarks.compiling.tables import tables


def main() -> None:
    """Measure and print, as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compiling", description="What compiling costs.")
    parser.add_argument("--quick", action="store_true", help="leave out 10,000 tasks and the slow peers")
    parser.add_argument("--markdown", action="store_true", help="print tables for a README")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all figures in a file")
    options = parser.parse_args()
    comparison = compare(quick=options.quick)
    if options.json:
        options.json.write_text(comparison.record(), encoding="utf-8")
    for table in tables(comparison.results, comparison.contenders):
        print(table.markdown() if options.markdown else table.plain(), end="\n\n")


main()
