"""A run is held up and let go on where the engine can; a stopped one has time for its exit handler."""

from __future__ import annotations

import dataclasses
import threading
from typing import ClassVar

import pytest

from kfp_jupyter.engines.base import Capability, RunRef
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import RunState
from kfp_jupyter.widget import suspend_control
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, node, run_state, workflow
from tests.widget.page import Page
from tests.widget.views import ALL_GREEN, MakeView, OwnThreads, end, until

RUNNING = run_state("Running", node("load", "Running"))
SUSPENDED = dataclasses.replace(run_state("Running", node("load", "Succeeded")), suspended=True)
WAITS = run_state("Running", node("load", "Succeeded"), node("train", "Running", type="Suspend"))
CLEANING = run_state("Running", node("load", "Failed"), node("onExit", "Running"), exiting=True)


class AbleEngine(MemoryEngine):
    """An engine that can hold runs up, and spares exit handlers; it writes down what it is asked for."""

    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.STOP, Capability.SUSPEND})

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def suspend(self, run: RunRef) -> None:
        self._note("suspend")

    def resume(self, run: RunRef) -> None:
        self._note("resume")

    def stop(self, run: RunRef) -> None:
        self._note("stop")

    def terminate(self, run: RunRef) -> None:
        self._note("terminate")

    def _note(self, what: str) -> None:
        self.asked.append(what)
        assert self.may_answer.wait(30)
        if self.refuse:
            raise self.refuse


@pytest.fixture
def engine() -> AbleEngine:
    return AbleEngine()


def offered(view: RunView) -> str:
    """What the button says; empty where it isn't there, in brackets where it can't be pressed."""
    button = Page(view).suspend
    if not button.is_there:
        return ""
    return f"({button.description})" if button.disabled else button.description


def shown(view: RunView, engine: MemoryEngine, state: RunState) -> None:
    """Report a state and wait until it is shown."""
    engine.report(state)
    until(lambda: view.state == state)


def progress(view: RunView) -> str:
    return Page(view).progress


def test_a_run_is_suspended_and_resumed_with_one_button(view: RunView, engine: AbleEngine) -> None:
    assert offered(view) == ""
    view.submit()
    shown(view, engine, RUNNING)
    until(lambda: offered(view) == "Suspend")
    Page(view).suspend.click()
    assert offered(view) == "(Suspending…)"
    shown(view, engine, SUSPENDED)
    until(lambda: offered(view) == "Resume")
    until(lambda: "Suspended" in progress(view))
    Page(view).suspend.click()
    assert offered(view) == "(Resuming…)"
    shown(view, engine, RUNNING)
    until(lambda: offered(view) == "Suspend")
    until(lambda: ">Running<" in progress(view))
    assert engine.asked == ["suspend", "resume"]
    end(engine, view)
    assert offered(view) == ""


def test_a_suspend_step_says_that_it_waits_and_for_what(make_view: MakeView, engine: AbleEngine) -> None:
    waiting = workflow({"load": [], "train": ["load"]})
    waiting["spec"]["templates"][-1] = {"name": "train", "suspend": {}}
    view = make_view(lambda: waiting)
    view.submit()
    shown(view, engine, WAITS)
    until(lambda: offered(view) == "Resume")
    until(lambda: ">Suspended<" in progress(view))
    until(lambda: "1 of 2 steps done · 1 suspended" in progress(view))
    assert "suspended; press Resume" in Page(view).step("train").tooltip
    view.select("train")
    assert "This step waits until the run is resumed: press Resume." in Page(view).details
    assert "Suspended" in repr(view)
    view.toggle_suspend()
    until(lambda: engine.asked == ["resume"])


def test_a_run_with_a_waiting_step_beside_one_at_work_is_running(view: RunView, engine: AbleEngine) -> None:
    view.submit()
    shown(view, engine, run_state("Running", node("load", "Running"), node("train", "Running", type="Suspend")))
    until(lambda: offered(view) == "Resume")
    until(lambda: ">Running<" in progress(view))
    until(lambda: "1 running · 1 suspended" in progress(view))


def test_a_refusal_is_said_and_the_button_offers_it_again(view: RunView, engine: AbleEngine) -> None:
    view.submit()
    shown(view, engine, RUNNING)
    engine.refuse = EngineError("You may not patch workflows.")
    view.toggle_suspend()
    until(lambda: "You may not patch workflows." in Page(view).banner)
    until(lambda: offered(view) == "Suspend")


def test_what_waits_again_at_once_can_be_resumed_again(
    view: RunView, engine: AbleEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspend_control, "CONFIRMATION_TIMEOUT", 0.0)
    view.submit()
    shown(view, engine, WAITS)
    view.toggle_suspend()
    shown(view, engine, dataclasses.replace(WAITS, message="in the next such step"))
    until(lambda: offered(view) == "Resume")


def test_an_engine_that_can_not_has_no_such_button(make_view: MakeView) -> None:
    plain = MemoryEngine()
    view = RunView(lambda: workflow({"load": []}), {"local": lambda: plain})
    view.submit()
    shown(view, plain, RUNNING)
    assert offered(view) == ""
    view.toggle_suspend()
    view.close()


def test_stop_spares_the_exit_handler_and_pressed_again_ends_it(view: RunView, engine: AbleEngine) -> None:
    view.submit()
    shown(view, engine, RUNNING)
    stop = Page(view).stop
    until(lambda: not stop.disabled)
    stop.click()
    until(lambda: engine.asked == ["stop"])
    assert (stop.disabled, stop.description) == (True, "Stopping…")
    shown(view, engine, CLEANING)
    until(lambda: stop.description == "Stop now")
    stop.click()
    until(lambda: engine.asked == ["stop", "terminate"])
    until(lambda: (stop.disabled, stop.description) == (True, "Stopping…"))


def test_a_run_that_is_at_its_exit_handler_anyway_is_ended(view: RunView, engine: AbleEngine) -> None:
    view.submit()
    shown(view, engine, CLEANING)
    view.stop_run()
    until(lambda: engine.asked == ["terminate"])


def test_no_thread_outlives_a_run_that_was_held(own_threads: OwnThreads, view: RunView, engine: AbleEngine) -> None:
    view.submit()
    shown(view, engine, RUNNING)
    view.toggle_suspend()
    end(engine, view, ALL_GREEN)
    until(lambda: not own_threads())
