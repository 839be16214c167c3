"""The button and the command, without the package's own magics."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.notebook_page import OpenNotebook

PIPELINE_CELL = "\n\n%%pipeline\nnothing()"


def test_a_notebook_has_the_button(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["1 + 1"])

    expect(notebook.submit_button).to_be_visible()
    expect(notebook.submit_button).to_be_enabled()
    expect(notebook.submit_button.get_by_text("Submit run")).to_be_visible()
    notebook.screenshot("labextension-button")


def test_the_palette_has_the_command(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["1 + 1"])

    notebook.command("apputils:activate-command-palette")
    notebook.page.locator(".lm-CommandPalette-input").fill("submit run")

    expect(notebook.page.locator('.lm-CommandPalette-item[data-command="kfp-jupyter:submit-run"]')).to_be_visible()


def test_a_notebook_without_a_pipeline_says_so(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["%%pipelines are not", "# %%pipeline"])

    notebook.submit_button.click()

    expect(notebook.notifications).to_contain_text("This notebook has no %%pipeline cell.")


def test_a_kernel_without_the_extension_says_what_to_run(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([PIPELINE_CELL])

    notebook.submit_button.click()

    expect(notebook.notifications).to_contain_text("Run %load_ext kfp_jupyter in this notebook first.")


def test_without_a_notebook_the_command_is_disabled(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["1 + 1"])
    enabled = "() => window.jupyterapp.commands.isEnabled('kfp-jupyter:submit-run')"

    assert notebook.page.evaluate(enabled)
    notebook.save()
    notebook.command("application:close-all")

    expect(notebook.page.locator(".jp-NotebookPanel")).to_have_count(0)
    assert not notebook.page.evaluate(enabled)
