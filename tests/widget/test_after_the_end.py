"""What other people do to a run that a view shows: they delete it, and they retry it when it has ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import ClassVar

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from kfp_jupyter.engines.base import Capability, RunRef, RunSummary
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget import ended_run_watcher
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, node, run_state
from tests.widget.page import Page
from tests.widget.views import ALL_GREEN, PIPELINE, OwnThreads, end, until

FAILED = run_state("Failed", node("load", "Succeeded"), node("train", "Failed", message="no rows"))
RUNNING = run_state("Running", node("load", "Succeeded"), node("train", "Running"))
GONE = RunNotFoundError("The run 'demo' was deleted from the namespace 'team' before it ended.")


class Telling(MemoryEngine):
    """An engine that tells in a few words how a run stands."""

    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SUMMARY})

    def __init__(self) -> None:
        super().__init__()
        self.trouble: EngineError | None = None

    def summary(self, run: RunRef) -> RunSummary:
        """What a list tells of a run."""
        if self.trouble:
            raise self.trouble
        state = self._runs[run.id].state
        return RunSummary(run, "Demo", state.phase, state.started_at, state.finished_at)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Telling:
    monkeypatch.setattr(ended_run_watcher, "FIRST_LOOK_AT_ENDED_RUN_SECONDS", 0.02)
    monkeypatch.setattr(ended_run_watcher, "LONGEST_LOOK_AT_ENDED_RUN_SECONDS", 0.05)
    return Telling()


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A shell, without which nothing is displayed."""
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def offers_retry(view: RunView) -> bool:
    return Page(view).retry.is_there


def test_of_a_run_that_is_deleted_while_it_is_watched_nothing_is_at_work_any_more(
    view: RunView, engine: Telling, shell: InteractiveShell
) -> None:
    with capture_output() as shown:
        view.show()
        view.submit()
        engine.report(RUNNING)
        until(lambda: "1 running" in Page(view).progress)
        engine.lose("demo", GONE)
        until(lambda: "Deleted" in Page(view).progress)
        view.wait(30)
    assert "running" not in Page(view).progress.lower()
    assert "Deleted" in Page(view).step("train").tooltip
    assert "Not run" in Page(view).step("report").tooltip
    assert "phase-deleted" in Page(view).item("train").classes
    assert "before it ended" in Page(view).banner
    assert not offers_retry(view)
    assert not Page(view).submit.disabled
    picture = shown.outputs[-1].data
    assert "Deleted · 1 of 3 steps done" in picture["text/plain"]
    assert "Running" not in picture["text/plain"] + picture["image/svg+xml"]
    assert repr(view).endswith("run demo: Deleted)")


def test_a_view_that_has_ended_goes_on_when_somebody_else_retries_its_run(view: RunView, engine: Telling) -> None:
    view.submit()
    end(engine, view, FAILED)
    assert "<b>train</b> failed" in Page(view).banner
    engine.report(RUNNING)
    until(lambda: "1 running" in Page(view).progress)
    assert Page(view).banner == ""
    assert not Page(view).stop.disabled
    end(engine, view)
    until(lambda: "3 of 3 steps done" in Page(view).progress)
    assert engine.retried == []


def test_a_retry_that_has_ended_before_anybody_looked_is_shown_too(view: RunView, engine: Telling) -> None:
    view.submit()
    end(engine, view, FAILED)
    later = FAILED.finished_at.replace(hour=9) if FAILED.finished_at else None
    engine.report(dataclasses.replace(ALL_GREEN, finished_at=later))
    until(lambda: "3 of 3 steps done" in Page(view).progress)


def test_a_view_that_is_closed_looks_no_more(own_threads: OwnThreads, view: RunView, engine: Telling) -> None:
    view.submit()
    end(engine, view, FAILED)
    view.close()
    engine.report(RUNNING)
    until(lambda: not own_threads())
    assert view.state is not None
    assert view.state.phase is Phase.FAILED


def test_a_run_that_is_deleted_after_its_end_keeps_what_is_known_and_offers_no_retry(
    view: RunView, engine: Telling
) -> None:
    view.submit()
    end(engine, view, FAILED)
    assert offers_retry(view)
    engine.trouble = RunNotFoundError("The run 'demo' was deleted from the namespace 'team'.")
    until(lambda: not offers_retry(view))
    assert "was deleted from the namespace" in Page(view).banner
    assert "<b>train</b> failed: no rows" in Page(view).banner
    assert "Failed" in Page(view).progress
    assert not Page(view).submit.disabled


def test_a_cluster_that_does_not_answer_afterwards_is_nobodys_business(view: RunView, engine: Telling) -> None:
    view.submit()
    end(engine, view, FAILED)
    shown = Page(view).banner
    engine.trouble = EngineError("The cluster doesn't answer.")
    engine.report(RUNNING)
    engine.trouble = None
    until(lambda: "1 running" in Page(view).progress)
    assert "<b>train</b> failed" in shown


def test_a_new_run_takes_the_place_of_one_that_was_deleted(view: RunView, engine: Telling) -> None:
    view.submit()
    end(engine, view, FAILED)
    view.run_deleted("The run demo was deleted.")
    assert "The run demo was deleted." in Page(view).banner
    assert not offers_retry(view)
    assert view.submit() == RunRef("local", "demo-2")
    assert "was deleted" not in Page(view).banner


def test_a_retry_of_a_run_that_was_deleted_meanwhile_is_not_offered_again(view: RunView, engine: Telling) -> None:
    engine.trouble = EngineError("The cluster doesn't answer.")
    view.submit()
    end(engine, view, FAILED)
    engine.refuse = RunNotFoundError("There is no run 'demo'.")
    view.retry_run()
    until(lambda: "There is no run" in Page(view).banner)
    until(lambda: not offers_retry(view))


def test_templates_that_become_known_while_a_run_goes_on_are_drawn(engine: Telling, make_view: object) -> None:
    assert callable(make_view)
    bare = {"metadata": {"name": "demo"}, "spec": {"workflowTemplateRef": {"name": "lib"}}}
    run = engine.add(bare, run_state("Pending"))
    view: RunView = make_view(run=run)
    assert Page(view).items == []
    known = bare | {"status": {"storedWorkflowTemplateSpec": PIPELINE["spec"]}}
    engine.describe("demo", known)
    engine.report(run_state("Running", node("load", "Running")))
    until(lambda: [chip.description[:4] for chip in Page(view).steps] == ["load", "trai", "repo"])
    until(lambda: "0 of 3 steps done · 1 running" in Page(view).progress)
    end(engine, view, FAILED)
    assert "<b>train</b> failed" in Page(view).banner
