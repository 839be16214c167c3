"""A view makes do with the room it has: no scroll bar that hides nothing, no number or word broken in two."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.cells import GREET, LOAD
from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

WIDTHS = (600, 900, 1280, 1920)

SCROLLERS = (
    "kfp-jupyter-steps",
    "kfp-jupyter-scroll",
    "kfp-jupyter-log-box",
    "kfp-jupyter-banner-log",
    "kfp-jupyter-markdown",
    "PRE",
)
"""What may have a scroll bar where it holds more than there is room for."""

LEAST = 5
"""Pixels that are worth a scroll bar."""

EVALUATE = """%%component
import json
import random


def evaluate(model: str, long: str = "a_name_without_any_spaces_" * 8) -> NamedTuple(
    "Reports", [("mlpipeline_ui_metadata", "UI_metadata"), ("mlpipeline_metrics", "Metrics")]
):
    labels = [f"class number {n}" for n in range(12)]
    matrix = "\\n".join(f"{a},{b},{5000 if a == b else 17}" for a in labels for b in labels)
    schema = [{"name": n, "type": t} for n, t in (("target", "CATEGORY"), ("predicted", "CATEGORY"), ("n", "NUMBER"))]
    header = ["alcohol", "malic_acid", "alcalinity_of_ash", "proline", "nonflavanoid_phenols", "colour"]
    rows = "\\n".join(f"13.{n}52,1.7{n}34,15.6,2026-01-02,1e-05,a word or two on wine {n}" for n in range(30))
    for n in range(60):
        print(f"epoch {n} of 60: a line that is long enough to be wider than many a notebook's log is", flush=True)
    outputs = [
        {"type": "confusion_matrix", "storage": "inline", "format": "csv", "schema": schema, "source": matrix,
         "labels": labels},
        {"type": "table", "storage": "inline", "format": "csv", "header": header, "source": rows},
        {"type": "markdown", "storage": "inline", "source": f"|{'|'.join(header)}|\\n{'|-' * 6}|\\n|1|2|3|4|5|6|"},
    ]
    metrics = [{"name": f"a-metric-with-a-name-{n}", "numberValue": 1234567.89 / n} for n in range(1, 8)]
    return json.dumps({"outputs": outputs}), json.dumps({"metrics": metrics})""".replace(
    "import json\n", "import json\nfrom typing import NamedTuple\n", 1
)
REPORTING = '%%pipeline name="Reporting"\ndef report_errors():\n    evaluate("a model")'
FEW = '%%pipeline name="Few"\ndef few(name: str = "world"):\n    greet(name)\n    greet("you")'
MANY = (
    '%%pipeline name="Many"\ndef many():\n    for n in range(26):\n'
    '        greet(f"number {n}").set_display_name(f"greeting of guest number {n} of twenty-six")'
)
FAIL = """%%component
def fail(text: str):
    for n in range(40):
        print(f"line {n} before the end")
    raise RuntimeError(text)"""
FAILING = '%%pipeline name="Failing"\ndef failing():\n    fail("no " * 60)'


def preview(open_notebook: OpenNotebook) -> NotebookPage:
    notebook = open_notebook([LOAD, GREET, FEW])
    notebook.run_all()
    return notebook


def with_reports(open_notebook: OpenNotebook) -> NotebookPage:
    notebook = open_notebook([LOAD, EVALUATE, REPORTING])
    notebook.run_all()
    notebook.submit(until="Succeeded")
    expect(notebook.page.locator(".kfp-jupyter-visualisation")).to_have_count(3, timeout=WAIT)
    expect(notebook.page.locator(".kfp-jupyter-log")).to_contain_text("epoch 59")
    return notebook


def with_many_steps(open_notebook: OpenNotebook) -> NotebookPage:
    notebook = open_notebook([LOAD, GREET, MANY])
    notebook.run_all()
    notebook.submit(until="Succeeded")
    return notebook


def failed(open_notebook: OpenNotebook) -> NotebookPage:
    notebook = open_notebook([LOAD, FAIL, FAILING])
    notebook.run_all()
    notebook.submit(until="Failed")
    expect(notebook.page.locator(".kfp-jupyter-banner-log")).to_contain_text("line 39", timeout=WAIT)
    return notebook


@pytest.mark.parametrize("show", [preview, with_reports, with_many_steps, failed])
def test_nothing_scrolls_that_need_not_and_no_word_is_broken(
    show: Callable[[OpenNotebook], NotebookPage], open_notebook: OpenNotebook
) -> None:
    notebook = show(open_notebook)
    expect(notebook.page.locator(".kfp-jupyter-view")).to_be_visible()

    for width in WIDTHS:
        notebook.set_size(width, 1000)
        notebook.page.wait_for_timeout(300)  # while things find their places there may be bars for a moment
        notebook.page.locator(".kfp-jupyter-view").scroll_into_view_if_needed()
        stray = [bar for bar in notebook.scroll_bars() if not _is_needed(bar)]
        notebook.screenshot(f"room-{show.__name__}-{width}")
        assert stray == [], f"at {width} pixels"
        assert notebook.broken_words() == [], f"at {width} pixels"


def _is_needed(bar: str) -> bool:
    name, _, hidden = bar.rsplit(" ", 2)
    return int(hidden) >= LEAST and any(re.search(rf"(^|\s){scroller}(\s|$)", name) for scroller in SCROLLERS)
