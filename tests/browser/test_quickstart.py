"""The product's main job, as a person does it: cells, a click on Submit run, a graph that turns green."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab_server import LabServer
from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "01-quickstart.ipynb"
QUICKSTART_STEPS = 5

LOAD = "%load_ext kfp_jupyter"
GREET = '%%component\ndef greet(name: str) -> str:\n    print(f"hello {name}")\n    return f"hello {name}"'
GREETING = '%%pipeline name="Greeting"\ndef greeting(name: str = "world"):\n    greet(name)'
WAITING = """%%component
import time


def wait(seconds: int):
    print("waiting", flush=True)
    time.sleep(seconds)
    print("waited", flush=True)"""
LONG = '%%pipeline name="Long"\ndef long(seconds: int = 600):\n    wait(seconds)'
FAILING = """%%component
def divide(a: float, b: float) -> float:
    print("dividing")
    return a / b"""
FAILURE = '%%pipeline name="Failure"\ndef failure():\n    first = divide(1.0, 0.0)\n    divide(first.output, 2.0)'


def run_phase(notebook: NotebookPage, phase: str) -> Locator:
    return notebook.page.locator(f'.kfp-jupyter-progress-line[data-phase="{phase}"]')


def submit_and_wait(notebook: NotebookPage, phase: str) -> None:
    notebook.submit_button.click()
    expect(run_phase(notebook, phase)).to_be_visible(timeout=WAIT)


@pytest.fixture
def quickstart(open_notebook: OpenNotebook, lab: LabServer) -> NotebookPage:
    """The quickstart with all its cells run."""
    shutil.copy(QUICKSTART, lab.notebooks)
    notebook = open_notebook(path=QUICKSTART.name)
    notebook.run_all()
    return notebook


def test_submit_run_turns_every_step_of_the_quickstart_green(quickstart: NotebookPage) -> None:
    steps = quickstart.page.locator(".kfp-jupyter-step")
    expect(steps).to_have_count(QUICKSTART_STEPS)
    quickstart.screenshot("quickstart-preview")

    quickstart.submit_button.click()
    expect(quickstart.page.locator(".kfp-jupyter-step.kfp-jupyter-phase-running").first).to_be_visible(timeout=WAIT)
    quickstart.screenshot("quickstart-running")

    expect(run_phase(quickstart, "Succeeded")).to_be_visible(timeout=WAIT)
    expect(quickstart.page.locator(".kfp-jupyter-step.kfp-jupyter-phase-succeeded")).to_have_count(QUICKSTART_STEPS)
    expect(quickstart.page.locator(".kfp-jupyter-toolbar")).to_be_in_viewport(ratio=1)
    quickstart.screenshot("quickstart-succeeded")


def test_a_chosen_step_shows_its_log_its_metrics_and_its_confusion_matrix(quickstart: NotebookPage) -> None:
    page = quickstart.page
    submit_and_wait(quickstart, "Succeeded")

    page.locator(".kfp-jupyter-step", has_text="random forest").click()

    expect(page.locator(".kfp-jupyter-details .kfp-jupyter-name")).to_have_text("random forest")
    expect(page.locator(".kfp-jupyter-log")).to_contain_text("training a random forest on 426 records")
    expect(page.locator(".kfp-jupyter-metrics")).to_contain_text("accuracy-score")
    expect(page.locator(".kfp-jupyter-results")).to_contain_text("malignant")
    for theme in ("light", "dark"):
        quickstart.set_theme(theme)
        for name, width in (("wide", 1600), ("narrow", 760)):
            quickstart.set_size(width, 1100)
            page.locator(".kfp-jupyter-view").scroll_into_view_if_needed()
            page.wait_for_timeout(500)  # the graph is drawn anew by timers of its own
            quickstart.screenshot(f"quickstart-step-{theme}-{name}")


def test_the_button_runs_the_pipeline_cell_first_where_it_has_not_been_run(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, "%%pipeline\ndef other():\n    greet('you')", GREETING, "1 / 0"])
    for index in (0, 1):
        notebook.run_cell(index)

    submit_and_wait(notebook, "Succeeded")

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


def test_what_the_view_refuses_is_said_in_a_notification(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, WAITING, LONG])
    notebook.run_all()
    submit_and_wait(notebook, "Running")

    notebook.submit_button.click()

    expect(notebook.notifications).to_contain_text("was not started")


def test_a_pipeline_cell_that_fails_says_so(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, "%%pipeline\ndef wrong():\n    nowhere()"])
    notebook.run_cell(0)

    notebook.submit_button.click()

    expect(notebook.notifications).to_contain_text("The %%pipeline cell failed", timeout=WAIT)


def test_stop_ends_a_long_run(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, WAITING, LONG])
    notebook.run_all()
    submit_and_wait(notebook, "Running")
    expect(notebook.page.locator(".kfp-jupyter-step.kfp-jupyter-phase-running")).to_be_visible(timeout=WAIT)

    notebook.page.locator(".kfp-jupyter-stop").click()

    expect(run_phase(notebook, "Failed")).to_be_visible(timeout=WAIT)
    notebook.screenshot("stopped")


def test_a_failure_shows_the_step_and_its_last_words_without_a_click(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, FAILING, FAILURE])
    notebook.run_all()

    submit_and_wait(notebook, "Failed")

    expect(notebook.page.locator(".kfp-jupyter-banner")).to_contain_text("ZeroDivisionError")
    notebook.screenshot("failed-light")
    notebook.set_theme("dark")
    notebook.screenshot("failed-dark")


def test_a_run_goes_on_while_the_kernel_restarts_and_can_be_attached(
    open_notebook: OpenNotebook, lab: LabServer
) -> None:
    notebook = open_notebook([LOAD, WAITING, LONG.replace("600", "15"), "%kfp attach long"])
    for index in (0, 1, 2):
        notebook.run_cell(index)
    submit_and_wait(notebook, "Running")

    notebook.restart_kernel()
    notebook.run_cell(0)
    notebook.run_cell(3)

    attached = notebook.cell(3).locator(".kfp-jupyter-progress-line")
    expect(attached).to_have_attribute("data-phase", "Running", timeout=WAIT)
    expect(attached).to_have_attribute("data-phase", "Succeeded", timeout=WAIT)
    notebook.screenshot("attached")


def test_without_a_kernel_the_last_state_is_still_to_be_seen(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, GREETING])
    notebook.run_all()
    submit_and_wait(notebook, "Succeeded")
    picture = 'img[src*="kfp-jupyter-picture"]'
    # The picture follows the widget in its own time.
    expect(notebook.page.locator(picture)).to_have_attribute("src", re.compile("Succeeded"), timeout=WAIT)
    expect(notebook.page.locator(picture)).to_be_hidden()
    notebook.save()
    notebook.shut_down_kernel()

    again = open_notebook(kernel=False)

    expect(again.page.locator(picture)).to_be_visible()
    expect(again.page.locator(picture)).to_have_attribute("src", re.compile("Succeeded"))
    expect(again.page.locator(".kfp-jupyter-view")).to_have_count(0)
    again.screenshot("without-kernel")
