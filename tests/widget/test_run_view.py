"""The view from the first look to the end of a run, against an engine that does what the test says."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, PipelineError, RunNotFoundError
from kfp_jupyter.runs import Phase, Trouble
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import START, MemoryEngine, node, run_state, workflow
from tests.widget.views import ALL_GREEN, PIPELINE, MakeView, OwnThreads, end, until

METRICS = json.dumps({"metrics": [{"name": "accuracy", "numberValue": 0.9, "format": "PERCENTAGE"}]}).encode()
REPORT = json.dumps({"outputs": [{"type": "markdown", "storage": "inline", "source": "# Good"}]}).encode()
STOPPED = run_state(
    "Failed",
    node("load", "Succeeded"),
    node("train", "Failed", message="workflow shutdown with strategy:  Terminate", exit_code=143),
    message="Stopped with strategy 'Terminate'",
)


def test_before_a_run_the_steps_are_drawn(view: RunView) -> None:
    assert "3 steps · not started" in view._toolbar.progress.value
    assert [chip.description for chip in view._chips._chips.values()] == ["load", "train", "report"]
    assert {element.classes for element in view._canvas._elements.items.values()} == {"phase-waiting"}
    assert view.run is None
    assert view.state is None


def test_submit_starts_a_run_with_the_forms_arguments(make_view: MakeView, engine: MemoryEngine) -> None:
    told: list[RunRef] = []
    view = make_view(on_submit=told.append)

    run = view.submit()

    assert engine.submitted == [{"trees": "100"}]
    assert told == [run]
    assert view.run == run


def test_a_wrong_parameter_keeps_the_run_from_starting(view: RunView, engine: MemoryEngine) -> None:
    view._form._fields["trees"]._input.value = "many"

    assert view.submit() is None
    assert engine.submitted == []


def test_while_a_run_cant_be_followed_the_view_says_so_and_stops_by_itself(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    state = run_state("Running", node("load", "Running"))

    engine.report(dataclasses.replace(state, trouble=Trouble(START, "The cluster doesn't answer.")))
    until(lambda: "The cluster doesn&#x27;t answer." in view._trouble.value)
    engine.report(state)

    until(lambda: view._trouble.value == "")


def test_each_state_is_drawn(view: RunView, engine: MemoryEngine) -> None:
    view.submit()

    engine.report(run_state("Running", node("load", "Succeeded"), node("train", "Running")))

    until(lambda: "1 of 3 steps done · 1 running" in view._toolbar.progress.value)
    assert [e.classes for e in view._canvas._elements.items.values()] == [
        "phase-succeeded",
        "phase-running",
        "phase-waiting",
    ]
    assert 'data-step="train" data-phase="Running"' in view._chips._list.value
    assert "kfp-jupyter-phase-running" in view._chips._chips["train"]._dom_classes


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


def test_results_show_without_a_click(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.artifact("demo-report", "mlpipeline-metrics", METRICS)
    engine.artifact("demo-report", "mlpipeline-ui-metadata", REPORT)
    names = ("mlpipeline-metrics", "mlpipeline-ui-metadata")
    nodes = [node("load", "Succeeded"), node("train", "Succeeded"), node("report", "Succeeded", output_artifacts=names)]
    end(engine, view, run_state("Succeeded", *nodes))

    assert "90 %" in view._details._results.value
    assert "<h1>Good</h1>" in view._details._results.value
    assert "90 %" in view._summary.value
    assert "selected" in view._canvas._elements.items["report"].classes


def test_a_choice_is_kept_when_the_run_ends(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    view.select("load")
    engine.artifact("demo-report", "mlpipeline-metrics", METRICS)
    end(
        engine,
        view,
        run_state(
            "Succeeded",
            node("load", "Succeeded"),
            node("report", "Succeeded", output_artifacts=("mlpipeline-metrics",)),
        ),
    )

    assert 'data-step="load"' in view._details._head.value


def test_broken_metrics_are_told_in_their_place(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.artifact("demo-report", "mlpipeline-metrics", b"accuracy: 0.9")
    end(engine, view, run_state("Succeeded", node("report", "Succeeded", output_artifacts=("mlpipeline-metrics",))))

    assert "be read: it is not JSON (line 1, column 1: expecting value)" in view._details._results.value


def test_an_artifact_that_is_gone_is_told_in_its_place(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, run_state("Succeeded", node("report", "Succeeded", output_artifacts=("mlpipeline-metrics",))))

    assert "has no artifact" in view._details._results.value


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


def test_the_chosen_steps_log_is_live(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Running")))
    until(lambda: view.state is not None and view.state.nodes)
    view.select("load")

    engine.log("demo-load", "569 <rows>\n")

    until(lambda: "569 &lt;rows&gt;" in view._log._text.value)


def test_a_step_that_starts_after_it_was_chosen_shows_its_log(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    view.select("load")
    engine.log("demo-load", "hello\n")

    engine.report(run_state("Running", node("load", "Running")))

    until(lambda: "hello" in view._log._text.value)


def test_values_of_megabytes_are_cut(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    view.select("load")
    end(engine, view, run_state("Succeeded", node("load", "Succeeded", inputs={"big": "x" * 10_000_000})))

    assert "10,000,000 characters in all" in view._details._values.value
    assert len(view._details._values.value) < 2000


def test_stop_asks_the_engine_once(view: RunView, engine: MemoryEngine) -> None:
    run = view.submit()
    assert run is not None

    view.stop_run()

    until(lambda: engine.terminated == [run.id])
    assert view._toolbar._stop.disabled


def test_while_a_run_is_under_way_no_second_one_starts(view: RunView, engine: MemoryEngine) -> None:
    view.submit()

    assert view.submit() is None
    assert "under way" in view._banner.value
    assert len(engine.submitted) == 1


def test_after_its_end_a_second_run_can_be_started(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view)

    assert view.submit() == RunRef("local", "demo-2")


def test_what_an_engine_refuses_is_said(view: RunView, engine: MemoryEngine) -> None:
    engine.refuse = EngineError("The disk of the run directory is full.", remedy="Make room.")

    assert view.submit() is None
    assert "The disk of the run directory is full. Make room." in view._banner.value


def test_what_the_compiler_says_at_submit_is_said(make_view: MakeView) -> None:
    answers: list[Any] = [PIPELINE, PipelineError("train has no output 'x'."), KeyError("model")]

    def compile_pipeline() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    view = make_view(compile_pipeline)

    assert view.submit() is None
    assert "train has no output &#x27;x&#x27;." in view._banner.value
    assert view.submit() is None
    assert "The pipeline can&#x27;t be compiled: KeyError" in view._banner.value


def test_submit_draws_the_pipeline_as_it_is_now(make_view: MakeView) -> None:
    versions = [PIPELINE, workflow({"load": [], "plot": ["load"]})]
    view = make_view(lambda: versions.pop(0))

    view.submit()

    assert list(view._canvas._elements.items) == ["load", "plot"]


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


def test_a_run_is_drawn_again_from_what_the_engine_has(make_view: MakeView, engine: MemoryEngine) -> None:
    run = engine.add(PIPELINE, ALL_GREEN)

    def compile_pipeline() -> Any:
        raise AssertionError("an attached run needs no pipeline")

    view = make_view(compile_pipeline, run=run)
    view.wait(30)

    assert "3 of 3 steps done" in view._toolbar.progress.value
    assert repr(view) == "RunView(Breast cancer, run demo: Succeeded)"


def test_a_run_that_is_gone_is_an_error(make_view: MakeView) -> None:
    with pytest.raises(RunNotFoundError, match="no run 'gone'"):
        make_view(run=RunRef("local", "gone"))


def test_an_unknown_engine_is_an_error(make_view: MakeView) -> None:
    with pytest.raises(EngineError, match=r"There is no engine 'moon' here\. Choose one of local\."):
        make_view(engine="moon")


def test_a_hundred_steps_have_a_hundred_chips_and_a_thousand_are_cut(make_view: MakeView) -> None:
    view = make_view(lambda: workflow({f"s{i}": [] for i in range(130)}))

    assert len(view._chips._chips) == 120
    assert view._chips._row.children[-1].value == "and 10 more steps in the graph"


def test_only_what_changed_is_sent(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Succeeded"), node("train", "Running")))
    until(lambda: "1 running" in view._toolbar.progress.value)
    changed: list[str] = []
    for path, element in view._canvas._elements.items.items():
        element.observe(lambda _, path=path: changed.append(path), names="classes")

    end(
        engine,
        view,
        run_state("Succeeded", node("load", "Succeeded"), node("train", "Succeeded"), node("report", "Skipped")),
    )

    assert "load" not in changed
    assert "train" in changed


def test_a_run_is_shown_with_its_id_and_when_it_started(view: RunView, engine: MemoryEngine) -> None:
    assert "<code>" not in view._toolbar.progress.value
    view.submit()
    assert "run <code>demo</code>" in view._toolbar.progress.value
    end(engine, view)

    started = START.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert f">{started}</time>" in view._toolbar.progress.value


def test_a_submit_that_fails_does_not_leave_the_state_of_the_run_before_as_its_own(
    view: RunView, engine: MemoryEngine
) -> None:
    view.submit()
    end(engine, view)
    assert ">Succeeded<" in view._toolbar.progress.value

    engine.refuse = EngineError("The cluster doesn't answer.")
    assert view.submit() is None

    assert ">Succeeded<" not in view._toolbar.progress.value
    assert ">Not started<" in view._toolbar.progress.value
    assert "Below is the run before:" in view._toolbar.progress.value
    assert "<code>demo</code>" in view._toolbar.progress.value

    engine.refuse = None
    view.submit()
    assert "Not started" not in view._toolbar.progress.value


@pytest.mark.parametrize("error", [PipelineError("No such output."), ValueError("the author's own")])
def test_a_pipeline_that_cannot_be_compiled_any_more_is_not_started(
    error: Exception, make_view: MakeView, engine: MemoryEngine
) -> None:
    errors: list[Exception] = []

    def compile_pipeline() -> object:
        if errors:
            raise errors[0]
        return PIPELINE

    view = make_view(compile_pipeline)
    view.submit()
    end(engine, view)
    errors.append(error)

    assert view.submit() is None

    assert ">Succeeded<" not in view._toolbar.progress.value
    assert ">Not started<" in view._toolbar.progress.value
