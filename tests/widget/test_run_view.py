"""The view from the first look to the end of a run, against an engine that does what the test says."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.runs import Phase, Trouble
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import START, MemoryEngine, node, run_state, workflow
from tests.widget.page import Page, label_of
from tests.widget.views import ALL_GREEN, PIPELINE, MakeView, OwnThreads, end, until


def test_before_a_run_the_steps_are_drawn(view: RunView) -> None:
    assert "3 steps · not started" in Page(view).progress
    assert [chip.description for chip in Page(view).steps] == ["load", "train", "report"]
    assert {element.classes for element in Page(view).items} == {"phase-waiting"}
    assert view.run is None
    assert view.state is None


def test_while_a_run_cant_be_followed_the_view_says_so_and_stops_by_itself(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    state = run_state("Running", node("load", "Running"))

    engine.report(dataclasses.replace(state, trouble=Trouble(START, "The cluster doesn't answer.")))
    until(lambda: "The cluster doesn&#x27;t answer." in Page(view).trouble)
    engine.report(state)

    until(lambda: Page(view).trouble == "")


def test_each_state_is_drawn(view: RunView, engine: MemoryEngine) -> None:
    view.submit()

    engine.report(run_state("Running", node("load", "Succeeded"), node("train", "Running")))

    until(lambda: "1 of 3 steps done · 1 running" in Page(view).progress)
    assert [e.classes for e in Page(view).items] == [
        "phase-succeeded",
        "phase-running",
        "phase-waiting",
    ]
    assert 'data-step="train" data-phase="Running"' in Page(view).step_list
    assert "kfp-jupyter-phase-running" in Page(view).step("train").classes


def test_wait_returns_the_last_state(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(ALL_GREEN)

    state = view.wait(30)

    assert state is not None
    assert state.phase is Phase.SUCCEEDED


def test_no_thread_outlives_the_run(own_threads: OwnThreads, view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view)

    until(lambda: not own_threads())


def test_close_ends_the_threads_of_a_run_that_goes_on(
    own_threads: OwnThreads, view: RunView, engine: MemoryEngine
) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Running")))
    view.select("load")

    view.close()

    until(lambda: not own_threads())
    assert engine.terminated == []


def test_stop_asks_the_engine_once(view: RunView, engine: MemoryEngine) -> None:
    run = view.submit()
    assert run is not None

    view.stop_run()

    until(lambda: engine.terminated == [run.id])
    assert Page(view).stop.disabled


def test_a_run_is_drawn_again_from_what_the_engine_has(make_view: MakeView, engine: MemoryEngine) -> None:
    run = engine.add(PIPELINE, ALL_GREEN)

    def compile_pipeline() -> Any:
        raise AssertionError("an attached run needs no pipeline")

    view = make_view(compile_pipeline, run=run)
    view.wait(30)

    assert "3 of 3 steps done" in Page(view).progress
    assert repr(view) == "RunView(Breast cancer, run demo: Succeeded)"


def test_a_run_that_is_gone_is_an_error(make_view: MakeView) -> None:
    with pytest.raises(RunNotFoundError, match="no run 'gone'"):
        make_view(run=RunRef("local", "gone"))


def test_an_unknown_engine_is_an_error(make_view: MakeView) -> None:
    with pytest.raises(EngineError, match=r"There is no engine 'moon' here\. Choose one of local\."):
        make_view(engine="moon")


def test_a_hundred_steps_have_a_hundred_chips_and_a_thousand_are_cut(make_view: MakeView) -> None:
    view = make_view(lambda: workflow({f"s{i}": [] for i in range(130)}))

    assert len(Page(view).steps) == 120
    assert Page(view).behind_steps == "and 10 more steps in the graph"


def test_only_what_changed_is_sent(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Succeeded"), node("train", "Running")))
    until(lambda: "1 running" in Page(view).progress)
    changed: list[str] = []
    for item in Page(view).items:
        item.observe(lambda change: changed.append(label_of(change["owner"])), names="classes")

    end(
        engine,
        view,
        run_state("Succeeded", node("load", "Succeeded"), node("train", "Succeeded"), node("report", "Skipped")),
    )

    assert "load" not in changed
    assert "train" in changed


def test_a_run_is_shown_with_its_id_and_when_it_started(view: RunView, engine: MemoryEngine) -> None:
    assert "<code>" not in Page(view).progress
    view.submit()
    assert "run <code>demo</code>" in Page(view).progress
    end(engine, view)

    started = START.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert f">{started}</time>" in Page(view).progress
