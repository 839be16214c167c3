"""The graph of a run view: pixels to people, so what is where is asked of cytoscape itself."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

WHEEL = 300

# Where cytoscape keeps its instance.
_CY = "document.querySelector('.kfp-jupyter-graph .custom-widget')?._cyreg?.cy"
_HAS_OTHER_WIDTH = f"""width => {{
    const cy = {_CY};
    return cy && cy.container().clientWidth === cy.width() && cy.width() !== width;
}}"""
_FITS = f"""() => {{
    const cy = {_CY};
    const box = cy.elements().renderedBoundingBox();
    return cy.elements().nonempty() && box.x1 >= 0 && box.y1 >= 0 && box.x2 <= cy.width() && box.y2 <= cy.height();
}}"""

_LABELS = f"{_CY}.nodes().map(node => node.data('label'))"
_BANDS = f"""() => {{
    const cy = {_CY};
    const canvas = cy.container().getBoundingClientRect();
    const frame = cy.container().closest('.kfp-jupyter-graph').getBoundingClientRect();
    const graph = cy.elements().renderedBoundingBox();
    return [canvas.top + graph.y1 - frame.top, frame.bottom - canvas.top - graph.y2];
}}"""


class GraphCanvas:
    """The only graph of a page.

    Args:
        page: The page.
        timeout: Milliseconds after which a test gives up.
    """

    def __init__(self, page: Page, timeout: float) -> None:
        self._page = page
        self._timeout = timeout

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return int(self._page.evaluate(f"{_CY}.container().clientWidth"))

    def labels(self) -> set[str]:
        """Return what stands on steps, groups and tests."""
        return set(self._page.evaluate(_LABELS))

    def wait_label(self, label: str) -> None:
        """Wait until this stands on a step, group or test."""
        self._page.wait_for_function(f"label => {_LABELS}.includes(label)", arg=label, timeout=self._timeout)

    def bands(self) -> tuple[float, float]:
        """Return how many pixels of the frame are empty above the graph and below it."""
        above, below = self._page.evaluate(_BANDS)
        return above, below

    @property
    def zoom(self) -> float:
        """How large it is drawn; 1 is the size it was made for."""
        return float(self._page.evaluate(f"{_CY}.zoom()"))

    def wait_drawn(self) -> None:
        """Wait until all of the graph shows."""
        self.wait_fitted(other_than=0)

    def wait_fitted(self, *, other_than: int) -> None:
        """Wait until the graph has another width than this, and all of it shows."""
        self.wait_width(other_than=other_than)
        self._page.wait_for_function(_FITS, timeout=self._timeout)

    def wait_width(self, *, other_than: int) -> None:
        """Wait until cytoscape draws in another width than this."""
        self._page.wait_for_function(_HAS_OTHER_WIDTH, arg=other_than, timeout=self._timeout)

    def wait_zoom(self, zoom: float) -> None:
        """Wait until it is drawn this large."""
        near = f"zoom => Math.abs({_CY}.zoom() - zoom) < 0.01"
        self._page.wait_for_function(near, arg=zoom, timeout=self._timeout)

    def zoom_in(self) -> None:
        """Turn the wheel over its middle and wait until it is drawn larger."""
        before = self.zoom
        self._canvas.hover(timeout=self._timeout)
        self._page.mouse.wheel(0, -WHEEL)
        self._page.wait_for_function(f"zoom => {_CY}.zoom() > zoom", arg=before, timeout=self._timeout)

    def click(self, label: str) -> None:
        """Click the step of this label."""
        position = self._page.evaluate(
            f"label => {_CY}.nodes().filter(node => node.data('label') === label).renderedPosition()", label
        )
        self._canvas.click(position={"x": position["x"], "y": position["y"]}, timeout=self._timeout)

    @property
    def _canvas(self) -> Locator:
        return self._page.locator(".kfp-jupyter-graph .custom-widget")
