"""From the click on Submit run to what a person sees, in a real JupyterLab."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.timing import Row
from tests.browser.conftest import CHROMIUM_OPTIONS
from tests.browser.lab_server import LabServer
from tests.browser.notebook_page import NotebookPage

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "02-classic-tutorial.ipynb"
CLICKS = 7

# The page's own clock, from the click's event to the first picture that shows a state.
_CLICK = """async () => {
    const view = document.querySelector('.kfp-jupyter-view');
    const seen = (selector) => new Promise(done => {
        const look = () => document.querySelector(selector) ? done(performance.now()) : requestAnimationFrame(look);
        look();
    });
    const start = performance.now();
    view.querySelector('.kfp-jupyter-submit').click();
    await seen('.kfp-jupyter-progress-line[data-phase="Running"]');
    const step = '.kfp-jupyter-step.kfp-jupyter-phase-';
    const running = await seen(`${step}running, ${step}succeeded`);
    const green = await seen('.kfp-jupyter-progress-line[data-phase="Succeeded"]');
    return [running - start, green - start];
}"""


def rows() -> list[Row]:
    """Measure; return the rows."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LabServer(Path(folder) / "lab")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
        try:
            server.start()
            notebook = _open(server, browser.new_page())
            times = [notebook.page.evaluate(_CLICK) for _ in range(CLICKS)]
        finally:
            browser.close()
            server.stop()
    running, green = (statistics.median(column) / 1000 for column in zip(*times[1:], strict=True))
    return [
        Row("click to the first running step on screen", f"{running:.2f} s", "≤ 0.5 s"),
        Row("three-step calculation, click to all green on screen", f"{green:.2f} s", "≤ 1 s"),
    ]


def _open(server: LabServer, page: object) -> NotebookPage:
    shutil.copy(NOTEBOOK, server.notebooks)
    notebook = NotebookPage(page, server.url, NOTEBOOK.name)  # type: ignore[arg-type]
    notebook.open()
    notebook.run_cell(1)
    # An unchanged step would come from the cache, and that isn't what is measured.
    notebook.page.evaluate(
        """async () => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            await kernel.requestExecute({code: '%kfp engine local cache=false'}).done;
        }"""
    )
    notebook.run_all()
    return notebook
