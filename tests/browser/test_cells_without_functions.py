"""Cells without functions in a real JupyterLab: a script, a shell script, and statements as a pipeline."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.notebook_page import WAIT, OpenNotebook

SCRIPT = """%%component name="Measure" inputs="rate: float = 0.1" outputs="score: float"
# The cell is the step: inputs are its variables, outputs are read from them.
score = 1 - rate"""
SHELL = """%%component name="Publish" lang=sh inputs="score: float"
echo "publishing a model with score $score" """
PIPELINE = """%%pipeline name="Until it is good" params="goal: float = 0.8, rates: list = [0.1, 0.3], tag = 'x'"
first = measure(0.15)
with dsl.Condition(first.output >= goal and first.output < 1):
    publish(first.output)
with dsl.ParallelFor(rates) as rate:
    publish(measure(rate).output)"""


def test_statements_are_drawn_noted_and_shown(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["%load_ext kfp_jupyter", SCRIPT, SHELL, PIPELINE, "%kfp show until_it_is_good"])
    notebook.set_size(1280, 1700)
    for cell in range(5):
        notebook.run_cell(cell)
    notebook.graph.wait_drawn()

    assert {
        "measure.score >= goal and measure.score < 1",
        "Measure",
        "Publish",
        "Loop over rates",
    } <= notebook.graph.labels()
    expect(notebook.page.get_by_text("Nothing in the pipeline uses its parameter 'tag'.").first).to_be_visible(
        timeout=WAIT
    )
    shown = notebook.page.locator(".jp-OutputArea", has_text="kind: Workflow").last
    expect(shown.locator("details").first).to_be_visible(timeout=WAIT)
    notebook.screenshot("statements")
