"""A run's output is a widget and a picture; one of them shows at a time."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.notebook_page import NotebookPage, OpenNotebook

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


def picture(notebook: NotebookPage, svg_class: str) -> Locator:
    return notebook.page.locator(f'img[src*="{svg_class}"]')


def test_beside_the_living_widget_its_picture_is_hidden(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([VIEW])

    notebook.run_all()

    expect(notebook.page.get_by_text("alive", exact=True)).to_be_visible()
    expect(picture(notebook, "kfp-jupyter-picture")).to_be_hidden()
    expect(picture(notebook, "somebody-else")).to_be_visible()


def test_without_a_kernel_the_picture_shows_and_the_widgets_last_words_do_not(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([VIEW])
    notebook.run_all()
    notebook.save()
    notebook.shut_down_kernel()

    again = open_notebook(kernel=False)

    expect(picture(again, "kfp-jupyter-picture")).to_be_visible()
    expect(picture(again, "somebody-else")).to_be_visible()
    expect(again.page.locator(".jp-OutputArea-child").first).to_be_hidden()
    again.screenshot("without-kernel-static-picture")


def test_in_another_kernel_the_picture_shows_and_the_widgets_last_words_do_not(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([VIEW])
    notebook.run_all()
    notebook.save()
    notebook.shut_down_kernel()

    again = open_notebook()

    expect(picture(again, "kfp-jupyter-picture")).to_be_visible()
    expect(again.page.locator(".jp-OutputArea-child").first).to_have_text("Error displaying widget: model not found")
    expect(again.page.locator(".jp-OutputArea-child").first).to_be_hidden()
