"""A pipeline in groups: conditions, loops in loops, an exit handler, recursion. Argo has run these Workflows."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

PREVIEW = "from tests.widget.groups import preview\npreview().show()"
RECURSION = 'from tests.widget.groups import preview\npreview("repeated").show()'
RUNNING = 'from tests.widget.groups import argo_run, attached\nview, engine = attached("running")\nview.show()'
END = "from kfp_jupyter.runs import parse_workflow\nengine.report(parse_workflow(argo_run()))"

SLOW = "Slow\n2 of 3 done"


def draw(open_notebook: OpenNotebook, *cells: str) -> NotebookPage:
    """Open a notebook of these cells and run the first."""
    notebook = open_notebook(list(cells))
    notebook.set_size(1280, 1500)
    notebook.run_cell(0)
    notebook.graph.wait_drawn()
    return notebook


def test_before_a_run_groups_are_boxes_and_tests_stand_on_the_way_into_them(open_notebook: OpenNotebook) -> None:
    notebook = draw(open_notebook, PREVIEW)

    assert notebook.graph.labels() >= {
        "Always followed by Clean up", "On exit: Clean up",
        "flip-coin.Output == heads", "Then: heads-won", "number.Output <= threshold", "Then",
        "Loop over items.Output", "Slow\nfor each item", "Loop over 2 items (depth, rate)", "Loop over rounds",
    }  # fmt: skip
    notebook.screenshot("groups-preview-light")
    notebook.set_theme("dark")
    notebook.screenshot("groups-preview-dark")


def test_recursion_points_back(open_notebook: OpenNotebook) -> None:
    notebook = draw(open_notebook, RECURSION)

    assert {"Repeats: again", "Again: again\nper iteration"} <= notebook.graph.labels()
    notebook.screenshot("groups-recursion")


def test_a_loops_turns_are_one_step_and_what_was_skipped_says_why(open_notebook: OpenNotebook) -> None:
    notebook = draw(open_notebook, RUNNING, END)
    details = notebook.page.locator(".kfp-jupyter-details")
    notebook.graph.wait_label(SLOW)

    notebook.graph.click(SLOW)
    expect(details.locator(".kfp-jupyter-phase")).to_have_text("Running", timeout=WAIT)
    expect(details.locator(".kfp-jupyter-values code")).to_have_text("4")
    notebook.screenshot("groups-running-light")
    details.locator("select").select_option(index=0)
    expect(details.locator(".kfp-jupyter-phase")).to_have_text("Succeeded")
    expect(details.locator(".kfp-jupyter-values code").first).to_have_text("2")
    notebook.set_theme("dark")
    notebook.screenshot("groups-running-dark")

    notebook.step("Say (3)").click()
    expect(details).to_contain_text("when '10 <= 5' evaluated false")
    notebook.set_theme("light")
    notebook.run_cell(1)
    expect(notebook.run_phase("Succeeded")).to_be_visible(timeout=WAIT)
    notebook.graph.wait_label("Slow\n3 of 3 done")


def test_a_narrow_notebook_leaves_no_empty_bands_around_the_graph(open_notebook: OpenNotebook) -> None:
    notebook = draw(open_notebook, PREVIEW)
    wide = notebook.graph.width

    notebook.set_size(760, 1500)
    notebook.graph.wait_fitted(other_than=wide)

    above, below = notebook.graph.bands()
    assert 0 < above < 40
    assert 0 < below < 40
    notebook.screenshot("groups-preview-narrow")
