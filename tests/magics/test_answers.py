"""What a cell says of a run, and what it answers when people have done something to one: real local runs."""

from __future__ import annotations

from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.run_view import RunView
from tests.magics.conftest import Notebook
from tests.magics.test_kfp import submitted
from tests.widget.page import Page
from tests.widget.views import until

SLEEP = "%%component\ndef sleep():\n    import time\n    time.sleep(600)"
LONG = "%%pipeline\ndef long():\n    sleep()"
FAIL = "%%component\ndef fail():\n    raise ValueError('no')"
BAD = "%%pipeline\ndef bad():\n    fail()"


def started(notebook: Notebook) -> tuple[str, RunView]:
    """Start a run that sleeps; return its id and its view when the step is at work."""
    for cell in (SLEEP, LONG):
        assert notebook.run(cell).error is None
    run = notebook.run("%kfp submit long").text.split()[-1]
    view = Session.of(notebook.shell).pipelines["long"].view
    until(lambda: "1 running" in Page(view).progress)
    return run, view


def line_of(text: str, run: str) -> str:
    return next(line for line in text.splitlines() if run in line)


def test_a_run_that_people_stopped_is_called_so_in_lists_as_in_its_view(notebook: Notebook) -> None:
    run, view = started(notebook)
    assert notebook.run(f"%kfp stop {run}").printed == f"The run {run} was stopped.\n"
    view.wait(30)
    assert "Stopped" in Page(view).progress
    for words in ("%kfp", "%kfp runs", "%kfp runs all=true"):
        line = line_of(notebook.run(words).text, run)
        assert "Stopped" in line
        assert "Failed" not in line


def test_a_step_that_had_not_begun_was_not_at_work_when_the_run_was_stopped(notebook: Notebook) -> None:
    notebook.run("%kfp engine local parallelism=1")
    for cell in (SLEEP, "%%pipeline\ndef two():\n    sleep()\n    sleep()"):
        assert notebook.run(cell).error is None
    run = notebook.run("%kfp submit two").text.split()[-1]
    view = Session.of(notebook.shell).pipelines["two"].view
    until(lambda: "1 running" in Page(view).progress)
    assert notebook.run(f"%kfp stop {run}").error is None
    view.wait(30)
    assert notebook.run(f"%kfp attach {run}").error is None
    attached = next(iter(Session.of(notebook.shell)._views.values()))
    attached.wait(30)
    for shown in (view, attached):
        assert Page(shown).banner.count("<b>") == 1
        assert "</b> was running." in Page(shown).banner


def test_stopping_a_run_that_has_ended_says_how_it_ended(notebook: Notebook) -> None:
    run = submitted(notebook)
    notebook.run(f"%kfp logs {run} add-2 follow=true")
    Session.of(notebook.shell).pipelines["calc"].view.wait(30)
    assert notebook.run(f"%kfp stop {run}").printed == f"The run {run} has already ended: Succeeded.\n"


def test_deleting_a_run_is_answered_and_its_views_say_so_and_offer_no_retry(notebook: Notebook) -> None:
    for cell in (FAIL, BAD):
        assert notebook.run(cell).error is None
    run = notebook.run("%kfp submit bad").text.split()[-1]
    assert notebook.run(f"%kfp attach {run}").error is None
    session = Session.of(notebook.shell)
    views = [session.pipelines["bad"].view, *session._views.values()]
    for view in views:
        view.wait(60)
        assert Page(view).retry.is_there
    assert notebook.run(f"%kfp delete {run}").printed == f"The run {run} was deleted.\n"
    for view in views:
        assert f"The run {run} was deleted." in Page(view).banner
        assert not Page(view).retry.is_there
        assert not Page(view).submit.disabled
    assert run not in notebook.run("%kfp").text
    assert notebook.run("%kfp submit bad").error is None


def test_deleting_a_run_at_work_says_what_to_do_first(notebook: Notebook) -> None:
    run, _ = started(notebook)
    assert "is running. Stop it first." in notebook.fails(f"%kfp delete {run}")
    assert notebook.run(f"%kfp stop {run}").error is None


def test_a_view_of_an_ended_run_goes_on_when_another_kernel_retries_it(notebook: Notebook) -> None:
    for cell in (FAIL, BAD):
        assert notebook.run(cell).error is None
    run = notebook.run("%kfp submit bad").text.split()[-1]
    view = Session.of(notebook.shell).pipelines["bad"].view
    view.wait(60)
    first = view.state.finished_at if view.state else None
    other = (
        "from kfp_jupyter.engines.local.engine import LocalEngine as L; L().retry(L().get(__import__('sys').argv[1]))"
    )
    assert notebook.run(f'!{{__import__("sys").executable}} -c "{other}" {run}').error is None
    until(lambda: view.state is not None and view.state.finished_at not in (None, first))


def test_runs_takes_all_and_nothing_else(notebook: Notebook) -> None:
    run = submitted(notebook)
    assert line_of(notebook.run("%kfp runs all=true").text, run).endswith("kfp_jupyter")
    assert "all='some' is neither true nor false" in notebook.fails("%kfp runs all=some")
    assert "takes no arguments" in notebook.fails("%kfp runs mine")
