"""JupyterLab and Chromium for the tests of this folder; every test has kernels, runs and windows of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.desk import Desk
from tests.browser.lab_server import LabServer
from tests.browser.notebook_page import NotebookPage, OpenNotebook

CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Not for the session: while Playwright runs, its event loop is in the way of tests that start one.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("The browser tests need Chromium: make test installs it, or says how.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=CHROMIUM_OPTIONS,
            ignore_default_args=["--hide-scrollbars"],  # on Linux and Windows people see them
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A running JupyterLab server, used by one test at a time."""
    server = LabServer(tmp_path_factory.mktemp("lab"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def desk(lab: LabServer, tmp_path: Path) -> Iterator[Desk]:
    """The test's own place on the server."""
    desk = Desk(lab, tmp_path)
    desk.open()
    yield desk
    desk.close()


@pytest.fixture
def open_notebook(chromium: Browser, desk: Desk) -> Iterator[OpenNotebook]:
    """A function that opens a notebook in a window of its own.

    ``open_notebook(cells)`` writes a notebook of these code cells first; ``open_notebook(name=NAME)`` opens one
    that is there; with ``kernel=False`` no kernel is started.
    """
    contexts = []

    def open_one(cells: list[str] | None = None, *, name: str = "notebook.ipynb", kernel: bool = True) -> NotebookPage:
        if cells is not None:
            desk.write(name, cells)
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        notebook = NotebookPage(context.new_page(), desk.url, desk.path(name))
        notebook.open(kernel=kernel)
        return notebook

    yield open_one
    for context in contexts:
        context.close()
