"""The product's main job, as a person does it: cells, a click on Submit run, a graph that turns green."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
QUICKSTART_STEPS = 5
TUTORIAL_STEPS = 3


@pytest.fixture
def quickstart(open_notebook: OpenNotebook, desk: Desk) -> NotebookPage:
    """The quickstart with all its cells run."""
    notebook = open_notebook(name=desk.copy(NOTEBOOKS / "01-quickstart.ipynb"))
    notebook.run_all()
    return notebook


def test_submit_run_turns_every_step_of_the_quickstart_green(quickstart: NotebookPage) -> None:
    expect(quickstart.steps()).to_have_count(QUICKSTART_STEPS)
    quickstart.screenshot("quickstart-preview")

    quickstart.submit_button.click()
    expect(quickstart.steps("running").first).to_be_visible(timeout=WAIT)
    quickstart.screenshot("quickstart-running")

    expect(quickstart.run_phase("Succeeded")).to_be_visible(timeout=WAIT)
    expect(quickstart.steps("succeeded")).to_have_count(QUICKSTART_STEPS)
    expect(quickstart.page.locator(".kfp-jupyter-toolbar")).to_be_in_viewport(ratio=1)
    quickstart.screenshot("quickstart-succeeded")


def test_a_chosen_step_shows_its_log_its_metrics_and_its_confusion_matrix(quickstart: NotebookPage) -> None:
    page = quickstart.page
    quickstart.submit(until="Succeeded")

    quickstart.step("random forest").click()

    expect(page.locator(".kfp-jupyter-details .kfp-jupyter-name")).to_have_text("random forest")
    expect(page.locator(".kfp-jupyter-log")).to_contain_text("training a random forest on 426 records")
    expect(page.locator(".kfp-jupyter-metrics")).to_contain_text("accuracy-score")
    expect(page.locator(".kfp-jupyter-results")).to_contain_text("malignant")
    for name, width in (("narrow", 760), ("wide", 1600)):
        before = quickstart.graph.width
        quickstart.set_size(width, 1100)
        quickstart.graph.wait_fitted(other_than=before)
        for theme in ("light", "dark"):
            quickstart.set_theme(theme)
            page.locator(".kfp-jupyter-view").scroll_into_view_if_needed()
            quickstart.screenshot(f"quickstart-step-{theme}-{name}")


def test_the_views_own_button_turns_every_step_of_the_tutorial_green(open_notebook: OpenNotebook, desk: Desk) -> None:
    notebook = open_notebook(name=desk.copy(NOTEBOOKS / "02-classic-tutorial.ipynb"))
    notebook.run_all()

    notebook.page.locator(".kfp-jupyter-submit").click()

    expect(notebook.run_phase("Succeeded")).to_be_visible(timeout=WAIT)
    expect(notebook.steps("succeeded")).to_have_count(TUTORIAL_STEPS)
    notebook.screenshot("tutorial-succeeded")


def test_a_click_on_a_step_in_the_graph_opens_it(open_notebook: OpenNotebook, desk: Desk) -> None:
    notebook = open_notebook(name=desk.copy(NOTEBOOKS / "02-classic-tutorial.ipynb"))
    notebook.run_all()
    notebook.graph.wait_drawn()

    notebook.graph.click("My divmod")

    expect(notebook.page.locator(".kfp-jupyter-details .kfp-jupyter-name")).to_have_text("My divmod")
    expect(notebook.step("My divmod")).to_contain_class("kfp-jupyter-selected")
