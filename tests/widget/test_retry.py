"""What failed is run again, and the view follows the same run."""

from __future__ import annotations

import pytest

from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, node, run_state
from tests.widget.page import Page
from tests.widget.views import ALL_GREEN, OwnThreads, end, until

FAILED = run_state("Failed", node("load", "Succeeded"), node("train", "Failed", message="no rows"))


@pytest.fixture
def failed(view: RunView, engine: MemoryEngine) -> RunView:
    """A view of a run that has failed."""
    view.submit()
    engine.log("demo-train", "first attempt\n")
    end(engine, view, FAILED)
    return view


def offers_retry(view: RunView) -> bool:
    button = Page(view).retry
    return button.is_there and not button.disabled


def test_retry_is_offered_for_a_run_that_ended_badly(failed: RunView) -> None:
    assert offers_retry(failed)


def test_retry_is_not_offered_before_a_run_nor_during_one(view: RunView, engine: MemoryEngine) -> None:
    assert not offers_retry(view)

    view.submit()
    engine.report(run_state("Running", node("load", "Running")))

    until(lambda: "1 running" in Page(view).progress)
    assert not offers_retry(view)


def test_retry_is_not_offered_for_a_run_that_succeeded(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view)
    view.retry_run()

    assert not offers_retry(view)
    assert engine.retried == []


def test_retry_brings_everything_back_to_running_under_the_same_id(failed: RunView, engine: MemoryEngine) -> None:
    run = failed.run

    Page(failed).retry.click()
    until(lambda: engine.retried)
    engine.report(run_state("Running", node("load", "Succeeded"), node("train", "Running")))

    until(lambda: "1 of 3 steps done · 1 running" in Page(failed).progress)
    assert failed.run == run
    assert Page(failed).banner == ""
    assert Page(failed).item("train").classes.split()[0] == "phase-running"
    assert "kfp-jupyter-phase-running" in Page(failed).step("train").classes
    assert 'data-phase="Running"' in Page(failed).details
    assert not Page(failed).stop.disabled
    assert not offers_retry(failed)


def test_the_log_of_the_new_attempt_takes_the_place_of_the_old(failed: RunView, engine: MemoryEngine) -> None:
    until(lambda: "first attempt" in Page(failed).log)

    failed.retry_run()
    until(lambda: engine.retried)
    engine.log("demo-train", "second attempt\n")
    engine.report(run_state("Running", node("load", "Succeeded"), node("train", "Running")))

    until(lambda: "second attempt" in Page(failed).log)
    assert "first attempt" not in Page(failed).log


def test_wait_waits_for_the_end_of_the_retried_run(failed: RunView, engine: MemoryEngine) -> None:
    failed.retry_run()
    until(lambda: engine.retried)
    engine.report(ALL_GREEN)

    state = failed.wait(30)

    assert state is not None
    assert state.phase is Phase.SUCCEEDED
    assert "3 of 3 steps done" in Page(failed).progress
    assert Page(failed).banner == ""


def test_retry_returns_at_once_and_shows_that_it_is_under_way(failed: RunView, engine: MemoryEngine) -> None:
    engine.may_retry.clear()

    failed.retry_run()
    failed.retry_run()
    failed.stop_run()

    assert Page(failed).retry.description == "Retrying…"
    assert Page(failed).retry.disabled
    assert Page(failed).stop.disabled
    assert failed.submit() is None
    engine.may_retry.set()
    until(lambda: engine.retried == ["demo"])
    assert engine.terminated == []


def test_what_the_engine_says_against_a_retry_is_said_above_the_failure(failed: RunView, engine: MemoryEngine) -> None:
    engine.refuse = EngineError("The run was deleted.", remedy="Submit it again.")

    failed.retry_run()
    failed.wait(30)

    assert "The run was deleted. Submit it again." in Page(failed).banner
    assert "<b>train</b> failed: no rows" in Page(failed).banner
    assert "Not run" in Page(failed).step("report").tooltip
    assert offers_retry(failed)


def test_a_bug_in_a_retry_is_said_too(failed: RunView, engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise KeyError("nodes")

    monkeypatch.setattr(engine, "retry", broken)

    failed.retry_run()
    failed.wait(30)

    assert "KeyError" in Page(failed).banner
    assert offers_retry(failed)


def test_no_thread_outlives_a_retried_run(own_threads: OwnThreads, failed: RunView, engine: MemoryEngine) -> None:
    failed.retry_run()
    until(lambda: engine.retried)
    end(engine, failed)

    until(lambda: not own_threads())
