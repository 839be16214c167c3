"""What the labextension's button does in a notebook with pipelines."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.cells import GREET, GREETING, LOAD, WAIT_FOR_FILE, waiting
from tests.browser.notebook_page import WAIT, OpenNotebook


def test_the_button_runs_the_pipeline_cell_first_where_it_has_not_been_run(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, "%%pipeline\ndef other():\n    greet('you')", GREETING, "1 / 0"])
    for index in (0, 1):
        notebook.run_cell(index)

    notebook.submit(until="Succeeded")

    expect(notebook.page.locator(".kfp-jupyter-title")).to_have_text("Greeting")
    expect(notebook.cell(4).locator(".jp-OutputArea-output")).to_have_count(0)
    expect(notebook.notifications).to_have_count(0)


def test_the_button_means_the_active_cell_before_the_last(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, GREETING, '%%pipeline name="Last"\ndef last():\n    greet("you")'])
    notebook.run_all()
    notebook.cell(2).locator(".jp-InputPrompt").click()

    notebook.submit_button.click()

    expect(notebook.cell(2).locator('[data-phase="Succeeded"]').first).to_be_attached(timeout=WAIT)
    expect(notebook.cell(3).locator(".kfp-jupyter-progress-line")).to_contain_text("not started")


def test_what_is_refused_is_said_in_a_notification(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook = open_notebook([LOAD, WAIT_FOR_FILE, waiting(tmp_path / "never")])
    notebook.run_all()
    notebook.submit(until="Running")

    notebook.submit_button.click()

    expect(notebook.notifications).to_contain_text("A run of Waiting is in progress in its view.")


def test_a_pipeline_cell_that_fails_says_so(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, "%%pipeline\ndef wrong():\n    nowhere()"])
    notebook.run_cell(0)

    notebook.submit_button.click()

    expect(notebook.notifications).to_contain_text("The %%pipeline cell failed", timeout=WAIT)
