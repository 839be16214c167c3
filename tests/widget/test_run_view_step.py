"""What the view shows of the chosen step: its results, its values, its log."""

from __future__ import annotations

import json

from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, node, run_state
from tests.widget.page import Page
from tests.widget.views import end, until

METRICS = json.dumps({"metrics": [{"name": "accuracy", "numberValue": 0.9, "format": "PERCENTAGE"}]}).encode()
REPORT = json.dumps({"outputs": [{"type": "markdown", "storage": "inline", "source": "# Good"}]}).encode()


def test_results_show_without_a_click(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.artifact("demo-report", "mlpipeline-metrics", METRICS)
    engine.artifact("demo-report", "mlpipeline-ui-metadata", REPORT)
    names = ("mlpipeline-metrics", "mlpipeline-ui-metadata")
    nodes = [node("load", "Succeeded"), node("train", "Succeeded"), node("report", "Succeeded", output_artifacts=names)]
    end(engine, view, run_state("Succeeded", *nodes))

    assert "90 %" in Page(view).details
    assert "<h1>Good</h1>" in Page(view).details
    assert "90 %" in Page(view).summary
    assert "selected" in Page(view).item("report").classes


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

    assert 'data-step="load"' in Page(view).details


def test_broken_metrics_are_told_in_their_place(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.artifact("demo-report", "mlpipeline-metrics", b"accuracy: 0.9")
    end(engine, view, run_state("Succeeded", node("report", "Succeeded", output_artifacts=("mlpipeline-metrics",))))

    assert "be read: it is not JSON (line 1, column 1: expecting value)" in Page(view).details


def test_an_artifact_that_is_gone_is_told_in_its_place(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view, run_state("Succeeded", node("report", "Succeeded", output_artifacts=("mlpipeline-metrics",))))

    assert "has no artifact" in Page(view).details


def test_the_chosen_steps_log_is_live(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    engine.report(run_state("Running", node("load", "Running")))
    until(lambda: view.state is not None and view.state.nodes)
    view.select("load")

    engine.log("demo-load", "569 <rows>\n")

    until(lambda: "569 &lt;rows&gt;" in Page(view).log)


def test_a_step_that_starts_after_it_was_chosen_shows_its_log(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    view.select("load")
    engine.log("demo-load", "hello\n")

    engine.report(run_state("Running", node("load", "Running")))

    until(lambda: "hello" in Page(view).log)


def test_values_of_megabytes_are_cut(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    view.select("load")
    end(engine, view, run_state("Succeeded", node("load", "Succeeded", inputs={"big": "x" * 10_000_000})))

    assert "10,000,000 characters in all" in Page(view).details
    assert len(Page(view).details) < 2000
