"""A press of Submit run ends in words, also where the kernel is busy, ends, or says nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.cells import GREET, GREETING, LOAD
from tests.browser.notebook_page import WAIT, NotebookPage, OpenNotebook

SLEEP = "import time\ntime.sleep(600)"
PROCESS = "import os, pathlib\npathlib.Path({file!r}).write_text(str(os.getpid()))"


@pytest.fixture
def stalling(open_notebook: OpenNotebook, tmp_path: Path) -> NotebookPage:
    """A notebook whose pipeline takes for ever to compile as soon as there is a file ``stall``."""
    stall = tmp_path / "stall"
    stalls = (
        f'while os.path.exists("{stall}"):\n        open("{tmp_path}/stalled", "w").close()\n        time.sleep(0.1)'
    )
    pipeline = f'%%pipeline name="Stalling"\ndef stalling():\n    import os, time\n    greet("you")\n    {stalls}'
    notebook = open_notebook([LOAD, GREET, pipeline, PROCESS.format(file=str(tmp_path / "pid"))])
    notebook.run_all()
    stall.touch()
    return notebook


def notification(notebook: NotebookPage, words: str) -> Locator:
    return notebook.notifications.filter(has_text=words)


def wait_for(notebook: NotebookPage, file: Path) -> None:
    while not file.exists():
        notebook.page.wait_for_timeout(50)


def test_a_kernel_that_ends_while_it_submits_leaves_no_doubt_untold(stalling: NotebookPage, tmp_path: Path) -> None:
    stalling.submit_button.click()
    wait_for(stalling, tmp_path / "stalled")
    expect(stalling.submit_button).to_have_attribute("aria-disabled", "true")

    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)

    words = "The kernel ended before it answered; a run of Stalling may have been started."
    expect(notification(stalling, words)).to_be_visible(timeout=WAIT)
    expect(stalling.submit_button).to_have_attribute("aria-disabled", "false")
    expect(stalling.notifications).to_have_count(1)


def test_a_kernel_that_is_restarted_before_it_could_submit_starts_nothing(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([LOAD, GREET, GREETING, SLEEP])
    for index in (0, 1, 2):
        notebook.run_cell(index)
    notebook.start_cell(3)
    notebook.submit_button.click()
    expect(notification(notebook, "Waiting for the kernel")).to_be_visible(timeout=WAIT)

    notebook.restart_kernel()

    expect(notification(notebook, "none was started")).to_be_visible(timeout=WAIT)
    expect(notebook.notifications).to_have_count(1)


def test_while_a_busy_kernel_is_waited_for_the_submission_can_be_called_off(
    open_notebook: OpenNotebook, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    busy = f"import os, time\nwhile not os.path.exists({str(go)!r}):\n    time.sleep(0.05)"
    notebook = open_notebook([LOAD, GREET, GREETING, busy])
    for index in (0, 1, 2):
        notebook.run_cell(index)
    notebook.start_cell(3)
    notebook.submit_button.click()

    notebook.notifications.get_by_role("button", name="Cancel").click(timeout=WAIT)

    expect(notebook.submit_button).to_have_attribute("aria-disabled", "false")
    expect(notebook.notifications).to_have_count(0)
    go.touch()
    notebook.wait_idle()
    expect(notebook.page.locator(".kfp-jupyter-progress-line")).to_contain_text("not started")


@pytest.fixture
def frozen(open_notebook: OpenNotebook, tmp_path: Path) -> Iterator[NotebookPage]:
    """A notebook whose kernel is there, isn't busy, and does nothing."""
    notebook = open_notebook([LOAD, GREET, GREETING, PROCESS.format(file=str(tmp_path / "pid"))])
    notebook.run_all()
    process = int((tmp_path / "pid").read_text())
    os.kill(process, signal.SIGSTOP)
    yield notebook
    os.kill(process, signal.SIGCONT)


def test_a_kernel_that_says_nothing_is_given_up(frozen: NotebookPage) -> None:
    frozen.submit_button.click()

    words = "The kernel doesn't answer; no run of Greeting was started"
    expect(notification(frozen, words)).to_be_visible(timeout=WAIT)
    expect(frozen.submit_button).to_have_attribute("aria-disabled", "false")
