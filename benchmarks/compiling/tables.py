"""Results as tables, for a terminal or a README."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from benchmarks.compiling.contenders import OURS, Contender
from benchmarks.compiling.goals import MIB, goals
from benchmarks.compiling.measuring import Figures, Results


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A title, column headings, and lines of cells."""

    title: str
    headings: Sequence[str]
    lines: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return it as Markdown."""
        rule = ["---", *["---:"] * (len(self.headings) - 1)]
        lines = ("| " + " | ".join(cells) + " |" for cells in (self.headings, rule, *self.lines))
        return "\n".join((f"**{self.title}**\n", *lines))

    def plain(self) -> str:
        """Return it in columns."""
        every = (self.headings, *self.lines)
        widths = [max(map(len, column)) for column in zip(*every, strict=True)]
        lines = ("  ".join(_aligned(cells, widths)).rstrip() for cells in every)
        return "\n".join((self.title, *lines))


def tables(results: Results, contenders: Sequence[Contender]) -> list[Table]:
    """Return time, memory, size and goals."""
    imports = ["import alone", *(f"{results.import_seconds(contender):.3f}" for contender in contenders)]
    headings = ["", *(contender.name for contender in contenders)]
    seconds = [imports, *_lines(results, contenders, _seconds)]
    memory = list(_lines(results, contenders, lambda figures, _: f"{figures.peak / MIB:.0f}"))
    sizes = list(_lines(results, contenders, lambda figures, _: f"{figures.written / 1e6:.2f}"))
    rows = (goal.row() for goal in goals(results))
    return [
        Table(f"Compile, CPU seconds (in brackets: times {OURS.name}'s)", headings, seconds),
        Table("Peak memory of the process, MiB", headings, memory),
        Table("Written, MB", headings, sizes),
        Table("Goals", ["", "measured", "goal"], [(row.what, row.value, row.goal) for row in rows]),
    ]


def _lines(
    results: Results, contenders: Sequence[Contender], cell: Callable[[Figures, Figures | None], str]
) -> Iterator[list[str]]:
    """Yield a line a case.

    Args:
        results: What was measured.
        contenders: The columns.
        cell: Writes figures, given ours of the same case too, if there are.
    """
    for case in dict.fromkeys(case for _, case in results.compilations):
        ours = results.figures(OURS, case)
        cells = []
        for contender in contenders:
            figures = results.figures(contender, case)
            absent = "failed" if (contender.name, case) in results.failures else "–"
            cells.append(cell(figures, ours) if figures else absent)
        yield [str(case), *cells]


def _seconds(figures: Figures, ours: Figures | None) -> str:
    if ours is None or figures == ours:
        return f"{figures.seconds:.3f}"
    ratio = figures.seconds / ours.seconds
    return f"{figures.seconds:.3f} ({ratio:.{0 if ratio >= 10 else 1}f}×)"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        yield cell.rjust(width) if number else cell.ljust(width)
