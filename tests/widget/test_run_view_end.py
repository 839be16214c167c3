"""What the view says of a run that has ended, well, badly, or because people stopped it."""

from __future__ import annotations

from kfp_jupyter.errors import EngineError
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, node, run_state
from tests.widget.views import end, until

STOPPED = run_state(
    "Failed",
    node("load", "Succeeded"),
    node("train", "Failed", message="workflow shutdown with strategy:  Terminate", exit_code=143),
    message="Stopped with strategy 'Terminate'",
)


def test_a_failure_names_the_step_its_reason_and_its_last_lines(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.log("demo-train", "epoch 1\nValueError: no <data>\n")
    failed = node("train", "Failed", message="Error (exit code 1)", exit_code=1)
    end(engine, view, run_state("Failed", node("load", "Succeeded"), failed, message="child failed"))

    assert "<b>train</b> failed: Error (exit code 1)" in view._banner.value
    assert "ValueError: no &lt;data&gt;" in view._banner.value
    assert 'data-step="train"' in view._details._head.value
    assert "1 failed" in view._toolbar.progress.value


def test_a_step_that_people_stopped_is_not_called_a_failure(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, STOPPED)

    assert "The run was stopped; <b>train</b> was at work." in view._banner.value
    assert "kfp-jupyter-banner-calm" in view._banner.value
    assert "failed" not in view._banner.value


def test_a_step_that_waited_when_the_run_was_stopped_was_not_at_work(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Running"), node("train", "Pending")))
    until(lambda: "1 running" in view._toolbar.progress.value)
    told = "workflow shutdown with strategy:  Terminate"
    stopped = [node(path, "Failed", message=told) for path in ("load", "train")]
    end(engine, view, run_state("Failed", *stopped, message="Stopped with strategy 'Terminate'"))

    assert "The run was stopped; <b>load</b> was at work." in view._banner.value
    view.select("train")
    assert "The run was stopped before this step began." in view._details._head.value


def test_a_run_that_people_stopped_reads_stopped_and_keeps_argos_phase(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, STOPPED)

    assert 'data-phase="Failed"><span class="kfp-jupyter-phase kfp-jupyter-phase-stopped">Stopped</span>' in (
        view._toolbar.progress.value
    )
    assert "1 of 3 steps done · 1 stopped" in view._toolbar.progress.value
    assert "kfp-jupyter-phase-stopped" in view._chips._chips["train"]._dom_classes
    assert 'data-step="train" data-phase="Failed">train: Stopped' in view._chips._list.value
    assert "phase-stopped" in view._canvas._elements.items["train"].classes
    assert "The run was stopped while this step was at work." in view._details._head.value
    assert "143" not in view._details._head.value
    assert repr(view) == "RunView(Breast cancer, run demo: Stopped)"


def test_a_run_that_ends_badly_without_a_step_shows_its_message(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, run_state("Error", message="The runner was killed (signal 9)."))

    assert "The runner was killed (signal 9)." in view._banner.value


def test_an_engine_that_breaks_off_is_said_and_submit_is_offered(view: RunView, engine: MemoryEngine) -> None:
    run = view.submit()
    assert run is not None
    engine.lose(run.id, EngineError("The server can't be reached."))

    view.wait(30)

    assert "The server can&#x27;t be reached." in view._banner.value
    assert not view._toolbar._submit.disabled
    assert view._toolbar._stop.disabled


def test_a_bug_while_following_is_said_too(view: RunView, engine: MemoryEngine) -> None:
    run = view.submit()
    assert run is not None
    engine.lose(run.id, ZeroDivisionError("division by zero"))

    view.wait(30)

    assert "ZeroDivisionError: division by zero" in view._banner.value
