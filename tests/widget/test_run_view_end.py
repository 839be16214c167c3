"""What the view says of a run that has ended, well, badly, or because people stopped it."""

from __future__ import annotations

from kfp_jupyter.errors import EngineError
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, node, run_state
from tests.widget.page import Page
from tests.widget.views import end, until

STOPPED = run_state(
    "Failed",
    node("load", "Succeeded"),
    node("train", "Failed", stopped=True, exit_code=143),
    stopped=True,
)


def test_a_failure_names_the_step_its_reason_and_its_last_lines(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.log("demo-train", "epoch 1\nValueError: no <data>\n")
    failed = node("train", "Failed", message="Error (exit code 1)", exit_code=1)
    end(engine, view, run_state("Failed", node("load", "Succeeded"), failed, message="child failed"))

    assert "<b>train</b> failed: Error (exit code 1)" in Page(view).banner
    assert "ValueError: no &lt;data&gt;" in Page(view).banner
    assert 'data-step="train"' in Page(view).details
    assert "1 failed" in Page(view).progress


def test_a_step_that_people_stopped_is_not_called_a_failure(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, STOPPED)

    assert "The run was stopped; <b>train</b> was running." in Page(view).banner
    assert "kfp-jupyter-banner-calm" in Page(view).banner
    assert "failed" not in Page(view).banner


def test_a_step_that_waited_when_the_run_was_stopped_was_not_at_work(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Running"), node("train", "Pending")))
    until(lambda: "1 running" in Page(view).progress)
    stopped = [node(path, "Failed", stopped=True) for path in ("load", "train")]
    end(engine, view, run_state("Failed", *stopped, stopped=True))

    assert "The run was stopped; <b>load</b> was running." in Page(view).banner
    view.select("train")
    assert "The run was stopped before this step started." in Page(view).details


def test_a_run_that_people_stopped_reads_stopped_and_keeps_argos_phase(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, STOPPED)

    assert 'data-phase="Failed"><span class="kfp-jupyter-phase kfp-jupyter-phase-stopped">Stopped</span>' in (
        Page(view).progress
    )
    assert "1 of 3 steps done · 1 stopped" in Page(view).progress
    assert "kfp-jupyter-phase-stopped" in Page(view).step("train").classes
    assert 'data-step="train" data-phase="Failed">train: Stopped' in Page(view).step_list
    assert "phase-stopped" in Page(view).item("train").classes
    assert "The run was stopped while this step was running." in Page(view).details
    assert "143" not in Page(view).details
    assert repr(view) == "RunView(Breast cancer, run demo: Stopped)"


def test_a_run_that_ends_badly_without_a_step_shows_its_message(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, run_state("Error", message="The runner was killed (signal 9)."))

    assert "The runner was killed (signal 9)." in Page(view).banner


def test_an_engine_that_breaks_off_is_said_and_submit_is_offered(view: RunView, engine: MemoryEngine) -> None:
    run = view.submit()
    assert run is not None
    engine.lose(run.id, EngineError("The server can't be reached."))

    view.wait(30)

    assert "The server can&#x27;t be reached." in Page(view).banner
    assert not Page(view).submit.disabled
    assert Page(view).stop.disabled


def test_a_bug_while_following_is_said_too(view: RunView, engine: MemoryEngine) -> None:
    run = view.submit()
    assert run is not None
    engine.lose(run.id, ZeroDivisionError("division by zero"))

    view.wait(30)

    assert "ZeroDivisionError: division by zero" in Page(view).banner
