"""Who takes part."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import peers


@dataclasses.dataclass(frozen=True, slots=True)
class Contender:
    """One column of the table.

    Attributes:
        name: Its heading.
        program: Its module in `benchmarks.compiling.programs`.
        form: What the module is told to make.
        module: What a pipeline's author imports.
        python: Gives the Python that has it, made at first use.
        most: The largest number of tasks it is asked for.
        slow: Whether a quick run does without it.
    """

    name: str
    program: str
    form: str
    module: str
    python: Callable[[], Path]
    most: int = 10_000
    slow: bool = False


def _our_python() -> Path:
    return Path(sys.executable)


OURS = Contender("kfp_jupyter", "v1", "normal", "kfp_jupyter", _our_python)
OURS_COMPACT = Contender("kfp_jupyter, compact", "v1", "compact", "kfp_jupyter", _our_python)
# Their time grows with the square of the tasks: 10,000 would take many minutes.
KFP1 = Contender(f"kfp {peers.KFP1}", "v1", "kfp", "kfp", peers.kfp1, most=1_000, slow=True)
KFP2 = Contender(f"kfp {peers.KFP2}", "kfp2", "", "kfp", peers.kfp2, most=1_000, slow=True)
HERA = Contender(f"Hera {peers.HERA}, a template a task", "hera", "own", "hera.workflows", peers.hera)
HERA_SHARED = Contender(f"Hera {peers.HERA}, one template", "hera", "shared", "hera.workflows", peers.hera)
ALL = (OURS, OURS_COMPACT, KFP1, KFP2, HERA, HERA_SHARED)
