"""What a run that is shown costs: two threads, and one more for the log on screen."""

from __future__ import annotations

import time
from pathlib import Path

from kfp_jupyter.engines.registry import get_engine
from kfp_jupyter.widget.run_view import RunView
from tests.engines.workflows import python_step, task, workflow
from tests.widget.memory_engine import MemoryEngine, node, run_state
from tests.widget.page import Page
from tests.widget.views import OwnThreads, until

WAITS = """
import pathlib, sys, time
print("it waits", flush=True)
while not pathlib.Path({ready!r}).exists():
    time.sleep(0.05)
"""


def most_threads(own_threads: OwnThreads, seconds: float = 1.5) -> list[str]:
    """The threads that there were when there were most; the clock ticks in that time."""
    end, most = time.monotonic() + seconds, list[str]()
    while time.monotonic() < end:
        most = max(most, own_threads(), key=len)
        time.sleep(0.01)
    return sorted(most)


def test_of_an_engine_in_memory(own_threads: OwnThreads, view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Running")))
    until(lambda: view.state and view.state.nodes)
    assert most_threads(own_threads) == ["kfp-jupyter-view", "kfp-jupyter-watch"]
    view.select("load")
    engine.log("demo-load", "569 rows\n")
    until(lambda: "569 rows" in Page(view).log)
    assert most_threads(own_threads) == ["kfp-jupyter-log", "kfp-jupyter-view", "kfp-jupyter-watch"]
    view.close()
    until(lambda: not own_threads())


def test_of_this_machine(own_threads: OwnThreads, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    compiled = workflow(python_step("wait", WAITS.format(ready=str(ready))), tasks=[task("wait")])
    view = RunView(lambda: compiled, {"local": lambda: get_engine("local", root=tmp_path / "runs")})
    view.submit()
    view.select("wait")
    until(lambda: "it waits" in Page(view).log)
    assert most_threads(own_threads) == ["kfp-jupyter-log", "kfp-jupyter-view", "kfp-jupyter-watch"]
    ready.touch()
    view.wait(60)
    view.close()
    until(lambda: not own_threads())
