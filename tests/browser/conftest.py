"""JupyterLab and Chromium for the tests of this folder; every test has a server and windows of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

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
KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


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
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[LabServer]:
    """A running JupyterLab server."""
    server = LabServer(tmp_path / "lab")
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def open_notebook(chromium: Browser, lab: LabServer) -> Iterator[OpenNotebook]:
    """A function that opens a notebook in a window of its own.

    ``open_notebook(cells)`` writes a notebook of these code cells first; ``open_notebook(path=PATH)`` opens one
    that is there; with ``kernel=False`` no kernel is started.
    """
    contexts = []

    def open_one(cells: list[str] | None = None, *, path: str = "notebook.ipynb", kernel: bool = True) -> NotebookPage:
        if cells is not None:
            write_notebook(lab.notebooks / path, cells)
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        notebook = NotebookPage(context.new_page(), lab.url, path)
        notebook.open(kernel=kernel)
        return notebook

    yield open_one
    for context in contexts:
        context.close()


def write_notebook(path: Path, cells: list[str]) -> None:
    """Write a notebook of code cells; with a kernelspec, or JupyterLab would ask for a kernel first."""
    document = {
        "metadata": {"kernelspec": KERNELSPEC},
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{index}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for index, source in enumerate(cells)
        ],
    }
    path.write_text(json.dumps(document))
