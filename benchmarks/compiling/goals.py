"""The goals, and how far the figures are from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from benchmarks.compiling.contenders import HERA_SHARED, KFP1, OURS, OURS_COMPACT, Contender
from benchmarks.compiling.measuring import SHAPES, Results, StepFacts
from benchmarks.timing import Row

MIB = 2**20


@dataclasses.dataclass(frozen=True, slots=True)
class Goal:
    """One goal.

    Attributes:
        what: What was measured.
        value: The figure; None if it wasn't measured.
        bound: What it should be.
        least: Whether the bound is a lower one.
        form: Writes a figure with its unit.
    """

    what: str
    value: float | None
    bound: float
    least: bool = False
    form: str = "{:.1f}"

    @property
    def met(self) -> bool | None:
        """Whether the figure is within its bound; None if it wasn't measured."""
        if self.value is None:
            return None
        return self.value >= self.bound if self.least else self.value <= self.bound

    def row(self) -> Row:
        """Return it as a line of a table."""
        measured = "not measured" if self.value is None else self.form.format(self.value)
        verdict = {True: "", False: ", missed", None: ""}[self.met]
        return Row(self.what, measured, f"{'≥' if self.least else '≤'} {self.form.format(self.bound)}{verdict}")


def goals(results: Results) -> Iterator[Goal]:
    """Yield all goals with their figures."""
    yield Goal(f"import {OURS.module}", results.import_seconds(OURS), 0.08, form="{:.3f} s")
    for shape in SHAPES:
        yield _faster(results, KFP1, OURS, StepFacts(shape, 1_000), 100 if shape == "chain" else 50)
        yield _faster(results, HERA_SHARED, OURS, StepFacts(shape, 1_000), 5 if shape == "chain" else 4)
        yield _faster(results, HERA_SHARED, OURS_COMPACT, StepFacts(shape, 1_000), 4)
    for ours in (OURS, OURS_COMPACT):
        for shape in SHAPES:
            yield _linear(results, ours, shape)
    for ours in (OURS, OURS_COMPACT):
        for shape in SHAPES:
            figures = results.figures(ours, StepFacts(shape, 10_000))
            peak = figures.peak / MIB if figures else None
            yield Goal(f"{ours.name}: peak memory, {StepFacts(shape, 10_000)}", peak, 300, form="{:.0f} MiB")
    for shape in SHAPES:
        yield _no_larger(results, KFP1, OURS, StepFacts(shape, 1_000))
        figures = results.figures(OURS_COMPACT, StepFacts(shape, 1_000))
        written = figures.written / 1e6 if figures else None
        yield Goal(f"{OURS_COMPACT.name}: size, {StepFacts(shape, 1_000)}", written, 1.0, form="{:.2f} MB")


def _faster(results: Results, peer: Contender, ours: Contender, case: StepFacts, bound: float) -> Goal:
    theirs, own = results.figures(peer, case), results.figures(ours, case)
    value = theirs.seconds / own.seconds if theirs and own else None
    return Goal(f"{ours.name}: times as fast as {peer.name}, {case}", value, bound, least=True, form="{:.1f} ×")


def _no_larger(results: Results, peer: Contender, ours: Contender, case: StepFacts) -> Goal:
    theirs, own = results.figures(peer, case), results.figures(ours, case)
    value = own.written / theirs.written if theirs and own else None
    return Goal(f"{ours.name}: times the size of {peer.name}, {case}", value, 1.0, form="{:.2f} ×")


def _linear(results: Results, ours: Contender, shape: str) -> Goal:
    small, large = (results.figures(ours, StepFacts(shape, count)) for count in (1_000, 10_000))
    value = large.seconds / small.seconds if small and large else None
    return Goal(f"{ours.name}: 10,000 tasks in times the 1,000's time, {shape}", value, 10, form="{:.1f} ×")
