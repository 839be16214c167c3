"""Runs outlive kernels: what shows where a run's kernel is gone, and how the run comes back."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.cells import GREET, GREETING, LOAD, WAIT_FOR_FILE, waiting
from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

GONE = re.compile("The kernel that drew this is gone")


def wait_for_picture(notebook: NotebookPage, phase: str) -> None:
    """Wait for the picture, which follows the widget in its own time."""
    expect(notebook.picture().locator("img")).to_have_attribute("src", re.compile(phase), timeout=WAIT)


def test_a_run_goes_on_while_the_kernel_restarts_and_can_be_attached(
    open_notebook: OpenNotebook, tmp_path: Path
) -> None:
    notebook = open_notebook([LOAD, WAIT_FOR_FILE, waiting(tmp_path / "go"), "%kfp attach waiting"])
    for index in (0, 1, 2):
        notebook.run_cell(index)
    notebook.submit(until="Running")
    wait_for_picture(notebook, "Running")

    notebook.restart_kernel()
    notebook.run_cell(0)
    notebook.run_cell(3)

    attached = notebook.cell(3).locator(".kfp-jupyter-progress-line")
    expect(attached).to_have_attribute("data-phase", "Running", timeout=WAIT)
    (tmp_path / "go").touch()
    expect(attached).to_have_attribute("data-phase", "Succeeded", timeout=WAIT)
    notebook.cell(3).locator(".kfp-jupyter-view").scroll_into_view_if_needed()
    notebook.screenshot("attached")


def test_after_a_restart_the_picture_stands_where_the_dead_view_was(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, GREETING])
    notebook.run_all()
    notebook.submit(until="Succeeded")
    wait_for_picture(notebook, "Succeeded")

    notebook.restart_kernel()

    expect(notebook.page.locator(".kfp-jupyter-view")).to_be_hidden()
    expect(notebook.picture()).to_be_visible()
    expect(notebook.picture()).to_have_css("content", GONE, pseudo="before")
    notebook.screenshot("kernel-restarted")


def test_without_a_kernel_the_last_state_is_still_to_be_seen(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, GREETING])
    notebook.run_all()
    notebook.submit(until="Succeeded")
    wait_for_picture(notebook, "Succeeded")
    expect(notebook.picture()).to_be_hidden()
    notebook.save()
    notebook.shut_down_kernel()

    again = open_notebook(kernel=False)

    expect(again.picture()).to_be_visible()
    expect(again.picture()).to_have_css("content", GONE, pseudo="before")
    expect(again.picture().locator("img")).to_have_attribute("src", re.compile("Succeeded"))
    expect(again.page.locator(".kfp-jupyter-view")).to_have_count(0)
    again.screenshot("without-kernel")
