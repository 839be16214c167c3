"""A run's output is a widget and a picture; one of them shows at a time. A stand-in for the view, in any kernel."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

VIEW = """
import ipywidgets
from IPython.display import display

def show(svg_class):
    rect = '<rect width="90" height="30"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" class="{svg_class}" width="90" height="30">{rect}</svg>'
    display({"image/svg+xml": svg, "text/plain": "a picture"}, raw=True)

display(ipywidgets.VBox([ipywidgets.Label("alive")]).add_class("kfp-jupyter-view"))
show("kfp-jupyter-picture")
show("somebody-else")
"""
KILL = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
SLEEP = "import time\ntime.sleep(600)"

GONE = re.compile("The kernel that drew this is gone.*%kfp attach RUN")


def restart(notebook: NotebookPage) -> None:
    notebook.restart_kernel()


def kill(notebook: NotebookPage) -> None:
    notebook.start_cell(1)


def shut_down(notebook: NotebookPage) -> None:
    notebook.shut_down_kernel()


def draw_and_save(open_notebook: OpenNotebook) -> NotebookPage:
    notebook = open_notebook([VIEW, SLEEP])
    notebook.run_cell(0)
    notebook.save()
    return notebook


def test_beside_the_living_widget_its_picture_is_hidden(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([VIEW])

    notebook.run_all()

    expect(notebook.page.get_by_text("alive", exact=True)).to_be_visible()
    expect(notebook.picture()).to_be_hidden()
    expect(notebook.picture("somebody-else")).to_be_visible()


@pytest.mark.parametrize("end", [restart, kill, shut_down])
def test_the_picture_takes_the_place_of_a_widget_whose_kernel_has_ended(
    end: Callable[[NotebookPage], None], open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook([VIEW, KILL])
    notebook.run_cell(0)

    end(notebook)

    expect(notebook.picture()).to_be_visible(timeout=WAIT)
    expect(notebook.picture()).to_have_css("content", GONE, pseudo="before")
    expect(notebook.page.locator(".kfp-jupyter-view")).to_be_hidden()
    expect(notebook.picture("somebody-else")).to_have_css("content", "none", pseudo="before")


def test_without_a_kernel_the_picture_shows_and_the_widgets_last_words_do_not(open_notebook: OpenNotebook) -> None:
    draw_and_save(open_notebook).shut_down_kernel()

    again = open_notebook(kernel=False)

    expect(again.picture()).to_be_visible()
    expect(again.picture()).to_have_css("content", GONE, pseudo="before")
    expect(again.picture("somebody-else")).to_be_visible()
    expect(again.page.locator(".jp-OutputArea-child").first).to_be_hidden()
    again.screenshot("without-kernel-static-picture")


def test_in_another_kernel_the_picture_shows_and_the_widgets_last_words_do_not(open_notebook: OpenNotebook) -> None:
    draw_and_save(open_notebook).shut_down_kernel()

    again = open_notebook()

    expect(again.picture()).to_be_visible()
    expect(again.picture()).to_have_css("content", GONE, pseudo="before")
    expect(again.page.locator(".jp-OutputArea-child").first).to_have_text("Error displaying widget: model not found")
    expect(again.page.locator(".jp-OutputArea-child").first).to_be_hidden()


def test_while_a_busy_kernel_keeps_the_widget_waiting_nobody_says_it_is_gone(open_notebook: OpenNotebook) -> None:
    notebook = draw_and_save(open_notebook)
    notebook.start_cell(1)
    expect(notebook.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")

    notebook.load()

    expect(notebook.page.locator(".jp-OutputArea-child").first).to_have_text("Loading widget...", timeout=WAIT)
    expect(notebook.picture()).to_be_visible()
    expect(notebook.picture()).to_have_css("content", "none", pseudo="before")
