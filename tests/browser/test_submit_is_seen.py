"""The button says which pipeline it means, and starts no run whose view nobody sees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.cells import GREET, GREETING, LOAD, WAIT_FOR_FILE, waiting
from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

LAST = '%%pipeline name="Last of all"\ndef last():\n    greet("you")'


def view(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".kfp-jupyter-view")


def test_the_button_names_the_pipeline_of_the_active_cell_or_else_the_last(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, "%%pipeline\ndef greet_twice():\n    greet('a')\n    greet('b')", LAST])

    notebook.choose_cell(0)
    expect(notebook.submit_button).to_have_text("Submit run: Last of all")
    expect(notebook.submit_button).to_have_attribute("title", re.compile("the last %%pipeline cell"))
    notebook.choose_cell(2)
    expect(notebook.submit_button).to_have_text("Submit run: Greet twice")
    expect(notebook.submit_button).to_have_attribute("title", re.compile("the active cell"))
    notebook.write_cell(2, GREETING.replace("Greeting", "A name that is much too long for a button"))
    expect(notebook.submit_button).to_have_text("Submit run: A name that is much too lon…")
    expect(notebook.submit_button).to_have_attribute("title", re.compile("A name that is much too long for a button"))
    notebook.write_cell(2, "1 + 1")
    expect(notebook.submit_button).to_have_text("Submit run: Last of all")


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("%%pipeline name='Single quotes' as=its\ndef its():\n    greet('a')", "Single quotes"),
        ('%%pipeline\n@dsl.pipeline(name="Decorated", description="x")\ndef made():\n    greet("a")', "Decorated"),
        ("%%pipeline\n@dsl.pipeline('By place')\ndef made():\n    greet('a')", "By place"),
        ("%%pipeline\ngreet('a')", "a cell not run yet"),
        ('%%pipeline name="{title}"\ndef made():\n    greet("a")', "a cell not run yet"),
    ],
)
def test_a_name_is_read_where_the_magic_reads_it(cell: str, name: str, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([cell])

    expect(notebook.submit_button).to_have_text(f"Submit run: {name}")


def test_where_outputs_were_cleared_the_view_is_opened_again(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook = open_notebook([LOAD, WAIT_FOR_FILE, waiting(tmp_path / "go")])
    notebook.run_all()

    notebook.clear_outputs()
    expect(view(notebook)).to_have_count(0)
    notebook.submit(until="Running")
    expect(view(notebook)).to_be_in_viewport()

    notebook.clear_outputs()
    expect(view(notebook)).to_have_count(0)
    notebook.submit_button.click()
    expect(notebook.notifications).to_contain_text("A run of Waiting is in progress in its view.", timeout=WAIT)
    expect(notebook.run_phase("Running")).to_be_visible()
    (tmp_path / "go").touch()
    expect(notebook.run_phase("Succeeded")).to_be_visible(timeout=WAIT)
    expect(notebook.picture()).to_have_count(1)


def test_after_the_page_was_reloaded_without_saved_outputs_the_view_is_opened_again(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([LOAD, GREET, GREETING])
    notebook.run_all()

    notebook.load()
    notebook.wait_idle()
    expect(view(notebook)).to_have_count(0)
    notebook.submit(until="Succeeded")

    expect(view(notebook)).to_be_in_viewport()


@pytest.mark.parametrize("command", ["notebook:hide-cell-outputs", "notebook:toggle-heading-collapse"])
def test_a_view_in_a_collapsed_output_or_section_is_unfolded(command: str, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, "# A section", GREETING])
    notebook.make_markdown(2)
    for index in (0, 1, 3):
        notebook.run_cell(index)
    notebook.choose_cell(3 if "outputs" in command else 2)
    notebook.command(command)
    expect(view(notebook)).to_be_hidden()

    notebook.submit(until="Succeeded")

    expect(view(notebook)).to_be_in_viewport()


def test_an_edited_pipeline_cell_is_run_before_its_pipeline_is_submitted(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, GREETING])
    notebook.run_all()

    notebook.write_cell(2, GREETING.replace("Greeting", "Another greeting"))
    notebook.submit(until="Succeeded")

    expect(notebook.page.locator(".kfp-jupyter-title")).to_have_text("Another greeting")
