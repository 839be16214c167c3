"""The graph in a notebook whose width changes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.cells import GREET, LOAD
from tests.browser.notebook_page import NotebookPage, OpenNotebook

THREE = "%%pipeline\ndef three():\n    for name in 'abc':\n        greet(name)"
FORTY = "%%pipeline\ndef forty():\n    for number in range(40):\n        greet(str(number))"


def draw(open_notebook: OpenNotebook, pipeline: str) -> NotebookPage:
    notebook = open_notebook([LOAD, GREET, pipeline])
    notebook.set_size(1280, 1400)  # nothing scrolls: while a page does, cytoscape ignores the wheel
    notebook.run_all()
    notebook.graph.wait_drawn()
    return notebook


def test_all_of_the_graph_shows_in_a_narrower_notebook_and_in_a_wider_one(open_notebook: OpenNotebook) -> None:
    notebook = draw(open_notebook, THREE)
    wide, zoom = notebook.graph.width, notebook.graph.zoom

    notebook.set_size(700, 900)
    notebook.graph.wait_fitted(other_than=wide)
    narrow = notebook.graph.width
    assert narrow < wide

    notebook.set_size(1280, 900)
    notebook.graph.wait_fitted(other_than=narrow)
    notebook.graph.wait_zoom(zoom)


def test_a_graph_that_was_out_of_sight_meanwhile_is_fitted_too(open_notebook: OpenNotebook) -> None:
    notebook = draw(open_notebook, THREE)
    wide = notebook.graph.width
    notebook.command("launcher:create")
    expect(notebook.page.locator(".jp-Launcher")).to_be_visible()

    notebook.set_size(700, 900)
    notebook.page.locator(".lm-TabBar-tab", has_text="notebook.ipynb").click()

    notebook.graph.wait_fitted(other_than=wide)


def test_a_readers_own_zoom_stays(open_notebook: OpenNotebook) -> None:
    notebook = draw(open_notebook, FORTY)
    wide = notebook.graph.width
    notebook.graph.zoom_in()
    zoomed = notebook.graph.zoom

    notebook.set_size(900, 900)
    notebook.graph.wait_width(other_than=wide)

    assert notebook.graph.zoom == zoomed
