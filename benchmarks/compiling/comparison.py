"""The whole comparison, or the part of it that takes half a minute."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
from collections.abc import Sequence

from benchmarks.compiling.contenders import ALL, Contender
from benchmarks.compiling.goals import goals
from benchmarks.compiling.measuring import RUNS, Results, measure


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured, and around it.

    Attributes:
        contenders: Who took part.
        results: Their figures.
        loads: The machine's load average over a minute, before and after.
    """

    contenders: Sequence[Contender]
    results: Results
    loads: tuple[float, float]

    def record(self) -> str:
        """Return all figures as JSON."""
        compilations = [
            {"contender": name, "shape": case.shape, "count": case.count, "runs": list(map(dataclasses.asdict, runs))}
            for (name, case), runs in self.results.compilations.items()
        ]
        failures = [
            {"contender": name, "shape": case.shape, "count": case.count, "error": error}
            for (name, case), error in self.results.failures.items()
        ]
        record = {
            "python": platform.python_version(),
            "machine": platform.platform(),
            "processors": os.cpu_count(),
            "loads": self.loads,
            "imports": self.results.imports,
            "compilations": compilations,
            "failures": failures,
            "goals": [dataclasses.asdict(goal) | {"met": goal.met} for goal in goals(self.results)],
        }
        return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def compare(*, quick: bool) -> Comparison:
    """Measure all contenders.

    Args:
        quick: Leave out 10,000 tasks and the slow contenders.
    """
    contenders = [contender for contender in ALL if not (quick and contender.slow)]
    counts = [count for count in RUNS if not (quick and count == max(RUNS))]
    before, *_ = os.getloadavg()
    results = measure(contenders, counts)
    after, *_ = os.getloadavg()
    return Comparison(contenders, results, (before, after))
