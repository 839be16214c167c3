"""A run that doesn't just succeed, as the view shows it; and a cell that is wrong."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.cells import LOAD, WAIT_FOR_FILE, waiting
from tests.browser.notebook_page import WAIT, OpenNotebook

DIVIDE = """%%component
def divide(a: float, b: float) -> float:
    print("dividing")
    return a / b"""
DIVISIONS = '%%pipeline name="Divisions"\ndef divisions():\n    first = divide(1.0, 0.0)\n    divide(first.output, 2.0)'
STUMBLE = """%%component
import os


def stumble(file: str) -> str:
    if not os.path.exists(file):
        open(file, "w").close()
        raise RuntimeError("the first time always fails")
    return "up again\""""
UNDEFINED_NAME = "%%component\ndef total(price: float) -> float:\n    return price * (1 + vat)"


def test_stop_ends_a_long_run(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook = open_notebook([LOAD, WAIT_FOR_FILE, waiting(tmp_path / "never")])
    notebook.run_all()
    notebook.submit(until="Running")
    expect(notebook.steps("running")).to_be_visible(timeout=WAIT)

    notebook.page.locator(".kfp-jupyter-stop").click()

    expect(notebook.run_phase("Failed")).to_be_visible(timeout=WAIT)
    notebook.screenshot("stopped")


def test_a_failure_shows_the_step_and_its_last_words_without_a_click(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, DIVIDE, DIVISIONS])
    notebook.run_all()

    notebook.submit(until="Failed")

    headline = notebook.page.locator(".kfp-jupyter-banner p").first
    expect(headline).to_contain_text("Divide failed: ZeroDivisionError: float division by zero", timeout=WAIT)
    expect(notebook.page.locator(".kfp-jupyter-banner-log")).to_contain_text("dividing")
    notebook.screenshot("failed-light")
    notebook.set_theme("dark")
    notebook.screenshot("failed-dark")


def test_a_click_finds_a_step_in_the_graph_that_the_banner_has_moved(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, DIVIDE, DIVISIONS])
    notebook.set_size(1280, 1400)  # nothing scrolls
    notebook.run_all()
    notebook.graph.wait_drawn()
    notebook.graph.click("Divide")
    notebook.page.locator(".kfp-jupyter-submit").click()
    expect(notebook.page.locator(".kfp-jupyter-banner p").first).to_be_visible(timeout=WAIT)

    notebook.graph.click("Divide (2)")

    expect(notebook.page.locator(".kfp-jupyter-details .kfp-jupyter-name")).to_have_text("Divide (2)")


def test_retry_turns_a_step_green_that_failed_once(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    pipeline = f'%%pipeline name="Second try"\ndef second_try(file: str = "{tmp_path / "tried"}"):\n    stumble(file)'
    notebook = open_notebook([LOAD, STUMBLE, pipeline])
    notebook.run_all()
    notebook.submit(until="Failed")
    expect(notebook.steps("failed")).to_have_count(1)

    notebook.page.locator(".kfp-jupyter-retry").click()

    expect(notebook.run_phase("Succeeded")).to_be_visible(timeout=WAIT)
    expect(notebook.steps("succeeded")).to_have_count(1)
    expect(notebook.page.locator(".kfp-jupyter-banner-box")).to_have_count(0)
    expect(notebook.page.locator(".kfp-jupyter-retry")).to_be_hidden()


def test_an_undefined_name_is_one_sentence_at_the_cell(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, UNDEFINED_NAME])

    notebook.run_all()

    outputs = notebook.cell(1).locator(".jp-OutputArea-output")
    expect(outputs).to_have_count(1)
    expect(outputs).to_contain_text("line 3: The name 'vat' isn't defined in this cell")
    expect(outputs).not_to_contain_text("Traceback")
    notebook.screenshot("cell-error")
