"""Submit: when a run is started, and what is said where none is."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, PipelineError
from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine, workflow
from tests.widget.page import Page, label_of
from tests.widget.views import PIPELINE, MakeView, end


def test_submit_starts_a_run_with_the_forms_arguments(make_view: MakeView, engine: MemoryEngine) -> None:
    told: list[RunRef] = []
    view = make_view(on_submit=told.append)

    run = view.submit()

    assert engine.submitted == [{"trees": "100"}]
    assert told == [run]
    assert view.run == run


def test_a_wrong_parameter_keeps_the_run_from_starting(view: RunView, engine: MemoryEngine) -> None:
    Page(view).field("trees").type("many")

    assert view.submit() is None
    assert engine.submitted == []


def test_while_a_run_is_under_way_no_second_one_starts(view: RunView, engine: MemoryEngine) -> None:
    view.submit()

    assert view.submit() is None
    assert "in progress" in Page(view).banner
    assert len(engine.submitted) == 1


def test_after_its_end_a_second_run_can_be_started(view: RunView, engine: MemoryEngine) -> None:
    view.submit()
    end(engine, view)

    assert view.submit() == RunRef("local", "demo-2")


def test_what_an_engine_refuses_is_said(view: RunView, engine: MemoryEngine) -> None:
    engine.refuse = EngineError("The disk of the run directory is full.", remedy="Make room.")

    assert view.submit() is None
    assert "The disk of the run directory is full. Make room." in Page(view).banner


def test_what_the_compiler_says_at_submit_is_said(make_view: MakeView) -> None:
    answers: list[Any] = [PIPELINE, PipelineError("train has no output 'x'."), KeyError("model")]

    def compile_pipeline() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    view = make_view(compile_pipeline)

    assert view.submit() is None
    assert "train has no output &#x27;x&#x27;." in Page(view).banner
    assert view.submit() is None
    assert "The pipeline can&#x27;t be compiled: KeyError" in Page(view).banner


def test_submit_draws_the_pipeline_as_it_is_now(make_view: MakeView) -> None:
    versions = [PIPELINE, workflow({"load": [], "plot": ["load"]})]
    view = make_view(lambda: versions.pop(0))

    view.submit()

    assert [label_of(item) for item in Page(view).items] == ["load", "plot"]


def test_a_submit_that_fails_does_not_leave_the_state_of_the_run_before_as_its_own(
    view: RunView, engine: MemoryEngine
) -> None:
    view.submit()
    end(engine, view)
    assert ">Succeeded<" in Page(view).progress

    engine.refuse = EngineError("The cluster doesn't answer.")
    assert view.submit() is None

    assert ">Succeeded<" not in Page(view).progress
    assert ">Not started<" in Page(view).progress
    assert "Previous run, shown below:" in Page(view).progress
    assert "<code>demo</code>" in Page(view).progress

    engine.refuse = None
    view.submit()
    assert "Not started" not in Page(view).progress


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

    assert ">Succeeded<" not in Page(view).progress
    assert ">Not started<" in Page(view).progress


def test_a_run_is_given_its_name_and_experiment_where_they_are_wanted(view: RunView, engine: MemoryEngine) -> None:
    page = Page(view)
    assert not page.shows_names
    page.name_run.value = True
    assert page.shows_names
    page.run_name.value, page.experiment.value = " First try ", "Trees"
    view.submit()
    assert engine.named == [("First try", "Trees")]


def test_the_next_run_has_the_experiment_of_the_last_one_and_no_name(view: RunView, engine: MemoryEngine) -> None:
    view.name_run("First try", "Trees")
    assert Page(view).shows_names
    view.submit()
    end(engine, view)
    view.submit()
    assert engine.named == [("First try", "Trees"), (None, "Trees")]


def test_a_name_is_kept_where_no_run_was_started(view: RunView, engine: MemoryEngine) -> None:
    engine.refuse = EngineError("no room")
    view.name_run("First try", "")
    view.submit()
    assert Page(view).run_name.value == "First try"
