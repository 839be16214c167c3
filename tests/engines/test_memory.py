"""The engine for tests plays a run as a function says."""

from __future__ import annotations

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.components import create_component_from_func
from kfp_jupyter.engines.memory import MemoryEngine, MemoryRun
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import Phase, RunState
from tests.engines.workflows import workflow

HELLO = workflow({"name": "say", "container": {"image": "busybox"}}, word="hello")


def end(engine: MemoryEngine, **arguments: str) -> RunState:
    """Run to the end."""
    return list(engine.watch(engine.submit(HELLO, arguments=arguments), CancelToken()))[-1]


def test_a_compiled_pipeline_is_played_with_its_arguments() -> None:
    def train(epochs: int) -> float:
        return float(epochs)

    train_op = create_component_from_func(train)

    def my_pipeline(epochs: int = 3) -> None:
        train_op(epochs)

    def play(run: MemoryRun) -> None:
        run.step("train", Phase.RUNNING)
        run.log("train", f"epoch {run.arguments['epochs']}\n")
        run.step("train", Phase.SUCCEEDED, outputs={"train-Output": "0.9"})
        run.finish(Phase.SUCCEEDED)

    engine = MemoryEngine(play)
    run = engine.submit(Compiler().workflow(my_pipeline), arguments={"epochs": "1"})
    state = list(engine.watch(run, CancelToken()))[-1]
    assert (state.phase, state.by_path()["train"].outputs) == (Phase.SUCCEEDED, {"train-Output": "0.9"})
    assert [chunk.text for chunk in engine.logs(run, "train", follow=True, stop=CancelToken())] == ["epoch 1\n"]


def test_what_the_function_raises_ends_the_run() -> None:
    def play(run: MemoryRun) -> None:
        raise ValueError(run.arguments["word"])

    state = end(MemoryEngine(play), word="no")
    assert (state.phase, state.message) == (Phase.ERROR, "ValueError: no")


def test_a_run_that_was_stopped_stays_so_whatever_is_still_played() -> None:
    def play(run: MemoryRun) -> None:
        run.step("say", Phase.RUNNING)
        assert run.stop.wait(30)
        run.step("say", Phase.SUCCEEDED)
        run.finish(Phase.SUCCEEDED)

    engine = MemoryEngine(play)
    run = engine.submit(HELLO)
    next(state for state in engine.watch(run, CancelToken()) if state.nodes)
    engine.terminate(run)
    state = list(engine.watch(run, CancelToken()))[-1]
    assert (state.phase, state.stopped, state.by_path()["say"].stopped) == (Phase.FAILED, True, True)


def test_a_run_that_nobody_plays_is_reported_from_outside() -> None:
    engine = MemoryEngine()
    run = engine.submit(HELLO)
    assert engine.summary(run).phase is Phase.PENDING
    engine.run(run).finish(Phase.FAILED, "no luck")
    assert (engine.summary(run).phase, engine.run(run).state.message) == (Phase.FAILED, "no luck")


def test_watching_a_lost_run_raises_what_the_test_says() -> None:
    engine = MemoryEngine()
    run = engine.submit(HELLO)
    engine.run(run).lose(EngineError("The network is gone."))
    with pytest.raises(EngineError, match="The network is gone"):
        list(engine.watch(run, CancelToken()))
