"""An engine of its own for every test, with all its runs ended afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import NodeState, RunState

NEVER = CancelToken()


class Runs:
    """An engine and the words tests say to it."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine

    def start(self, workflow: Mapping[str, Any], **arguments: str) -> RunRef:
        """Submit."""
        return self.engine.submit(workflow, arguments=arguments)

    def finish(self, run: RunRef) -> RunState:
        """Wait for the end of a run."""
        return list(self.engine.watch(run, NEVER))[-1]

    def run(self, workflow: Mapping[str, Any], **arguments: str) -> RunState:
        """Submit and wait for the end."""
        return self.finish(self.start(workflow, **arguments))

    def end(self, run: RunRef) -> RunState:
        """Wait for the end of a run and of its runner, which tidies up behind the last state."""
        state = self.finish(run)
        assert gone(int((self.directory(run) / "runner.pid").read_text()))
        return state

    def until(self, run: RunRef, condition: Callable[[RunState], bool]) -> RunState:
        """Wait until a run is in some state; a run that ends without is a failure."""
        for state in self.engine.watch(run, NEVER):
            if condition(state):
                return state
        raise AssertionError(f"the run ended before: {state}")

    def running(self, run: RunRef, path: str = "step") -> NodeState:
        """Wait until a step runs."""
        return self.until(run, lambda state: phase(state, path) == "Running").by_path()[path]

    def log(self, run: RunRef | RunState, path: str = "step") -> str:
        """The text of a step's log."""
        ref = RunRef("local", run.id)
        nodes = list(self.engine.watch(ref, NEVER))[-1].by_path()
        chunks = self.engine.logs(ref, nodes[path].id, follow=False, stop=NEVER)
        return "".join(chunk.text for chunk in chunks)

    def directory(self, run: RunRef | RunState) -> Path:
        """The directory of a run."""
        return self.engine.root / run.id


def phase(state: RunState, path: str) -> str:
    """The phase of a step; empty before it is there."""
    node = state.by_path().get(path)
    return node.phase.value if node else ""


def gone(pid: int) -> bool:
    """Whether a process has ended, or does within a moment; one that nobody has waited for counts."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[LocalEngine]:
    """A local engine with a folder of its own."""
    made = LocalEngine(tmp_path / "runs")
    yield made
    for summary in made.runs():
        if not summary.phase.finished:
            made.terminate(summary.ref)


@pytest.fixture
def runs(engine: LocalEngine) -> Runs:
    """The engine, with what tests do with it."""
    return Runs(engine)
