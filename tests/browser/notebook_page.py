"""A notebook open in JupyterLab, as the person in front of it uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.graph_canvas import GraphCanvas

SCREENSHOTS = Path(__file__).parent / "screenshots"
WAIT = 60_000
"""Milliseconds after which a test gives up; far above what anything takes."""

_IDLE = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    return panel?.context?.isReady && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
_RUN = """([command, index]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    if (index !== null) {
        notebook.activeCellIndex = index;
        notebook.deselectAll();
    }
    window.testRan = false;
    window.jupyterapp.commands.execute(command).then(() => { window.testRan = true; });
}"""


_SCROLL_BARS = """() => {
    const views = [...document.querySelectorAll('.kfp-jupyter-view')];
    const around = views.map(view => view.closest('.jp-OutputArea-output'));
    const inside = views.flatMap(view => [view, ...view.querySelectorAll('*')]);
    return [...around, ...inside].filter(e => e instanceof HTMLElement && e.checkVisibility()).flatMap(element => {
        const style = getComputedStyle(element);
        const bars = [
            ['down', style.overflowY, element.offsetWidth - element.clientWidth
                - parseFloat(style.borderLeftWidth) - parseFloat(style.borderRightWidth),
                element.scrollHeight - element.clientHeight],
            ['sideways', style.overflowX, element.offsetHeight - element.clientHeight
                - parseFloat(style.borderTopWidth) - parseFloat(style.borderBottomWidth),
                element.scrollWidth - element.clientWidth]
        ];
        return bars.filter(([, overflow, width]) => ['auto', 'scroll'].includes(overflow) && width > 1)
            .map(([way, , , hidden]) => `${element.className || element.tagName} ${way} ${hidden}`);
    });
}"""

_BROKEN_WORDS = """() => {
    const cells = document.querySelectorAll('.kfp-jupyter-view :is(td, th, .kfp-jupyter-step)');
    const broken = [];
    for (const cell of cells) {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            const whole = cell.matches('th, .kfp-jupyter-whole') ? /\\S+/g : /[^\\s-]+/g;
            for (const word of text.data.matchAll(whole)) {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top)));
                if (lines.size > 1) {
                    broken.push(word[0]);
                }
            }
        }
    }
    return broken;
}"""


class NotebookPage:
    """One notebook in one browser window.

    Args:
        page: A blank page.
        url: The server's address.
        path: The notebook, relative to the server's root.
    """

    def __init__(self, page: Page, url: str, path: str) -> None:
        self.page = page
        self.url = url
        self.path = path
        self.graph = GraphCanvas(page, WAIT)

    @property
    def toolbar(self) -> Locator:
        """The notebook's toolbar."""
        return self.page.locator(".jp-NotebookPanel-toolbar")

    @property
    def submit_button(self) -> Locator:
        """The labextension's button."""
        return self.toolbar.locator('[data-command="kfp-jupyter:submit-run"]')

    @property
    def notifications(self) -> Locator:
        """What JupyterLab's notifications say."""
        return self.page.locator(".Toastify__toast")

    def step(self, label: str) -> Locator:
        """Return the chip of a step."""
        return self.page.locator(".kfp-jupyter-step", has_text=label)

    def steps(self, phase: str = "") -> Locator:
        """Return the chips of all steps, or of those in a phase."""
        return self.page.locator(f".kfp-jupyter-step{f'.kfp-jupyter-phase-{phase}' if phase else ''}")

    def run_phase(self, phase: str) -> Locator:
        """Return the line that says that the run is in this phase."""
        return self.page.locator(f'.kfp-jupyter-progress-line[data-phase="{phase}"]')

    def submit(self, *, until: str) -> None:
        """Press the labextension's button and wait until the run is in this phase."""
        self.submit_button.click()
        expect(self.run_phase(until)).to_be_visible(timeout=WAIT)

    def picture(self, svg_class: str = "kfp-jupyter-picture") -> Locator:
        """Return the output that holds a picture."""
        return self.page.locator(f'.jp-OutputArea-output:has(> img[src*="{svg_class}"])')

    def cell(self, index: int) -> Locator:
        """Return a cell, counted from 0."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def open(self, *, kernel: bool = True) -> None:
        """Open the notebook in a fresh workspace; without a kernel, only what is saved in it can show."""
        if kernel:
            self.load()
            self.wait_idle()
            return
        self.page.goto(f"{self.url}/lab?reset", timeout=WAIT)
        self.page.wait_for_function("() => window.jupyterapp?.started", timeout=WAIT)
        self.page.evaluate(
            """async path => {
                const app = window.jupyterapp;
                await app.restored;
                await app.commands.execute('docmanager:open', {
                    path, factory: 'Notebook', kernelPreference: {shouldStart: false, canStart: true}
                });
            }""",
            self.path,
        )
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=WAIT)

    def load(self) -> None:
        """Load JupyterLab with the notebook, whatever its kernel is at."""
        self.page.goto(f"{self.url}/lab/tree/{self.path}?reset", timeout=WAIT)

    def wait_idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext", timeout=WAIT)
        self.page.wait_for_function(_IDLE, timeout=WAIT)

    def choose_cell(self, index: int) -> None:
        """Make a cell the active one."""
        self.page.evaluate("index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index)

    def write_cell(self, index: int, source: str) -> None:
        """Put another text into a cell, without running it."""
        self.page.evaluate(
            """([index, source]) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.widgets[index].model.sharedModel.setSource(source);
            }""",
            [index, source],
        )

    def make_markdown(self, index: int) -> None:
        """Make a cell one of text, and render it."""
        self.choose_cell(index)
        self._run("notebook:change-cell-to-markdown")
        self._run("notebook:run-cell", index)

    def clear_outputs(self) -> None:
        """Clear the outputs of all cells."""
        self._run("notebook:clear-all-cell-outputs")

    def run_all(self) -> None:
        """Run all cells and wait for the last."""
        self._run("notebook:run-all-cells")

    def run_cell(self, index: int) -> None:
        """Run one cell and wait for it."""
        self._run("notebook:run-cell", index)

    def start_cell(self, index: int) -> None:
        """Run one cell without waiting for it."""
        self.page.evaluate(_RUN, ["notebook:run-cell", index])

    def _run(self, command: str, index: int | None = None) -> None:
        self.page.evaluate(_RUN, [command, index])
        self.page.wait_for_function("() => window.testRan", timeout=WAIT)
        self.wait_idle()

    def command(self, name: str, **arguments: str) -> None:
        """Start a command of JupyterLab; it may be waiting for a dialog when this returns."""
        self.page.evaluate(
            "([name, args]) => { window.jupyterapp.commands.execute(name, args); }", [name, dict(arguments)]
        )

    def restart_kernel(self) -> None:
        """Restart the kernel and confirm it."""
        self.command("kernelmenu:restart")
        self.page.locator(".jp-Dialog .jp-mod-accept").click(timeout=WAIT)
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)
        self.wait_idle()

    def save(self) -> None:
        """Save the notebook, outputs and all."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def shut_down_kernel(self) -> None:
        """End the kernel for good."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    def set_theme(self, theme: Literal["light", "dark"]) -> None:
        """Change JupyterLab's theme."""
        self.command("apputils:change-theme", theme=f"JupyterLab {theme.title()}")
        is_light = str(theme == "light").lower()
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light, timeout=WAIT)
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=WAIT)

    def set_size(self, width: int, height: int) -> None:
        """Change the window's size."""
        self.page.set_viewport_size({"width": width, "height": height})

    def scroll_bars(self) -> list[str]:
        """Return what in the view, or around it in its output, has a scroll bar: class, direction, pixels it hides."""
        return [str(found) for found in self.page.evaluate(_SCROLL_BARS)]

    def broken_words(self) -> list[str]:
        """Return the words of tables and chips that stand in more than one line."""
        return [str(found) for found in self.page.evaluate(_BROKEN_WORDS)]

    def screenshot(self, name: str) -> Path:
        """Save what the window shows as ``screenshots/NAME.png``."""
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


OpenNotebook = Callable[..., NotebookPage]
"""The fixture ``open_notebook``."""
