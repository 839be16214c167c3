"""The pipeline that tests of the view show, and the words they say to an engine and a view."""

from __future__ import annotations

import time
from collections.abc import Callable

from kfp_jupyter.runs import RunState
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, node, run_state, workflow

PIPELINE = workflow(
    {"load": [], "train": ["load"], "report": ["train"]},
    name="Breast cancer",
    inputs=[{"name": "trees", "type": "Integer", "default": "100"}],
)
ALL_GREEN = run_state("Succeeded", *(node(path, "Succeeded") for path in ("load", "train", "report")))

MakeView = Callable[..., RunView]
"""The fixture ``make_view``."""

OwnThreads = Callable[[], list[str]]
"""The fixture ``own_threads``."""


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something that another thread, or a cluster, does has happened."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def end(engine: MemoryEngine, view: RunView, state: RunState = ALL_GREEN) -> None:
    """Let the run end so, and wait until all of it is shown."""
    engine.report(state)
    view.wait(30)
