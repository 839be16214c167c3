"""The log on screen: it shows its end, and lets people who have scrolled up read on."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.cells import LOAD
from tests.browser.notebook_page import WAIT, OpenNotebook

TALK = """%%component
import os
import time


def talk(file: str):
    for number in range(120):
        print(f"line {number} of the beginning", flush=True)
    while not os.path.exists(file):
        time.sleep(0.05)
    for number in range(60):
        print(f"line {number} of the rest", flush=True)
        time.sleep(0.05)"""


def top_of(element: Locator) -> float:
    """Where it begins on the page."""
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def bottom_of(element: Locator) -> float:
    """Where it ends on the page."""
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_a_log_shows_its_end_and_stays_where_people_have_scrolled(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    pipeline = f'%%pipeline name="Talking"\ndef talking(file: str = "{go_on}"):\n    talk(file)'
    notebook = open_notebook([LOAD, TALK, pipeline])
    notebook.run_all()
    notebook.submit(until="Running")
    notebook.step("Talk").click()
    box = notebook.page.locator(".kfp-jupyter-log-box")
    expect(box).to_contain_text("line 119 of the beginning", timeout=WAIT)
    assert bottom_of(box) - 30 < bottom_of(box.locator("pre").last) <= bottom_of(box)
    box.evaluate("box => box.scrollBy(0, -800)")
    read = box.locator("pre", has_text="line 70 of the beginning")
    assert top_of(read) < bottom_of(box)
    before = top_of(read)

    go_on.touch()
    expect(box).to_contain_text("line 59 of the rest", timeout=WAIT)

    assert abs(top_of(read) - before) < 3
    notebook.screenshot("log-scrolled-up")
