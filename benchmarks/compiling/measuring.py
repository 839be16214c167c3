"""Measurements, each in a new process; contenders take turns, so that what else the machine does falls on all."""

from __future__ import annotations

import dataclasses
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.compiling.contenders import Contender
from benchmarks.timing import cpu_seconds

REPOSITORY = Path(__file__).parents[2]
SHAPES = ("chain", "fan")
RUNS = {10: 9, 100: 7, 1_000: 5, 10_000: 3}
IMPORTS = 9
# Hangs only: the slowest takes half a minute.
TIMEOUT = 1_800


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class StepFacts:
    """What is compiled: `shape` is chain or fan, `count` the number of tasks."""

    shape: str
    count: int

    def __str__(self) -> str:
        return f"{self.shape} of {self.count:,}"


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """What a compilation costs: CPU seconds without imports, the process's peak of memory, the file; in bytes."""

    seconds: float
    peak: float
    written: float


class ContenderFailedError(Exception):
    """A contender couldn't compile a case; the text is what it wrote to standard error."""


@dataclasses.dataclass(frozen=True, slots=True)
class Results:
    """All that was measured, by the contender's name.

    Attributes:
        imports: CPU seconds of importing it, each run's.
        compilations: What each run of each case gave.
        failures: What a contender said that couldn't compile a case.
    """

    imports: dict[str, list[float]] = dataclasses.field(default_factory=dict)
    compilations: dict[tuple[str, StepFacts], list[Figures]] = dataclasses.field(default_factory=dict)
    failures: dict[tuple[str, StepFacts], str] = dataclasses.field(default_factory=dict)

    def import_seconds(self, contender: Contender) -> float:
        """Return the median."""
        return statistics.median(self.imports[contender.name])

    def figures(self, contender: Contender, case: StepFacts) -> Figures | None:
        """Return the medians of a case, if it was measured."""
        runs = self.compilations.get((contender.name, case))
        if not runs:
            return None
        columns = zip(*map(dataclasses.astuple, runs), strict=True)
        return Figures(*map(statistics.median, columns))


def measure(contenders: Sequence[Contender], counts: Iterable[int]) -> Results:
    """Measure contenders on chains and fans of some sizes; progress is told on standard error."""
    pythons = {contender.name: _python(contender) for contender in contenders}
    results = Results()
    _measure_imports(contenders, pythons, results)
    for case in (StepFacts(shape, count) for shape in SHAPES for count in counts):
        able = [contender for contender in contenders if case.count <= contender.most]
        for run in range(RUNS[case.count]):
            _tell(f"{case}, run {run + 1} of {RUNS[case.count]}")
            for contender in able:
                _add_run(results, pythons[contender.name], contender, case)
    return results


def _add_run(results: Results, python: Path, contender: Contender, case: StepFacts) -> None:
    place = contender.name, case
    if place in results.failures:
        return
    try:
        results.compilations.setdefault(place, []).append(compile_once(python, contender, case))
    except ContenderFailedError as error:
        results.failures[place] = str(error)
        _tell(f"{contender.name} failed on a {case}:\n{error}")


def compile_once(python: Path, contender: Contender, case: StepFacts) -> Figures:
    """Return what one compilation costs in a process of its own.

    Raises:
        ContenderFailedError: It didn't compile.
    """
    program = f"benchmarks.compiling.programs.{contender.program}"
    with tempfile.TemporaryDirectory() as folder:
        words = [case.shape, str(case.count), contender.form, str(Path(folder) / "pipeline.yaml")]
        done = subprocess.run(
            [python, "-m", program, *words],
            check=False,
            capture_output=True,
            cwd=REPOSITORY,
            text=True,
            timeout=TIMEOUT,
        )
    if done.returncode:
        raise ContenderFailedError(done.stderr)
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


def _measure_imports(contenders: Sequence[Contender], pythons: dict[str, Path], results: Results) -> None:
    modules = {(pythons[contender.name], contender.module) for contender in contenders}
    seconds: dict[tuple[Path, str], list[float]] = {place: [] for place in sorted(modules)}
    # The first writes what Python keeps of compiled modules.
    for run in range(IMPORTS + 1):
        _tell(f"imports, run {run} of {IMPORTS}")
        for (python, module), values in seconds.items():
            bare = cpu_seconds([str(python), "-c", "pass"])
            values.append(cpu_seconds([str(python), "-c", f"import {module}"]) - bare)
    for contender in contenders:
        results.imports[contender.name] = seconds[pythons[contender.name], contender.module][1:]


def _python(contender: Contender) -> Path:
    _tell(f"the environment of {contender.name}")
    return contender.python()


def _tell(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)
