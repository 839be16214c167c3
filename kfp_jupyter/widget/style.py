"""Appearance of phases: word, colour and icon, for the graph, the HTML around it and the static picture."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files

from kfp_jupyter.engines.base import RunSummary
from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.widget.text import duration

MIN_WIDTH, MAX_WIDTH = 150, 270
EDGE_COLOUR = "#8c96a5"
SELECTED_COLOUR = "#f5a623"
TITLE_COLOUR = "#4a576b"
GROUP_COLOUR = "#7f8ea3"
TEST_COLOUR, TEST_BORDER, TEST_INK = "#fdf1cf", "#d8b866", "#4d3a08"
GHOST_TEST_COLOUR, GHOST_TEST_INK = "#d9d5ca", "#625d50"
GHOST_COLOUR = "#7a8595"
"""Lines and text of skipped items: without a background, so legible on white and on near-black."""
DIM = 0.45
"""Opacity of edges to skipped items."""
FROM_CACHE = "from the cache"


@dataclasses.dataclass(frozen=True, slots=True)
class Appearance:
    """How a step in some state is shown.

    Attributes:
        key: Ends the CSS class ``phase-…``.
        word: The state as a word.
        colour: Legible below white text, and on white and on near-black ground.
        icon: SVG shapes in a 24 by 24 box, drawn with the stroke of the enclosing element.
    """

    key: str
    word: str
    colour: str
    icon: str


_CIRCLE = '<circle cx="12" cy="12" r="8"/>'
NOT_STARTED = Appearance("waiting", "Not started", "#6b7686", _CIRCLE)
CACHED = Appearance("cached", "Cached", "#0f7b83", '<path d="M13.5 3.5 6 13.5h5l-.8 7L18 10.5h-5.2z"/>')
STOPPED = Appearance("stopped", "Stopped", "#8a6116", '<rect x="5.5" y="5.5" width="13" height="13" rx="1.5"/>')
PARTLY_RUN = Appearance("partly", "Partly run", "#596579", f'{_CIRCLE}<path d="M8.5 12h7"/>')
SUSPENDED = Appearance("suspended", "Suspended", "#7047b5", '<path d="M8.5 5v14M15.5 5v14"/>')
PHASES = {
    Phase.PENDING: Appearance("pending", "Pending", "#596579", f'{_CIRCLE}<path d="M12 7.5V12l3 2"/>'),
    Phase.RUNNING: Appearance(
        "running", "Running", "#1f6feb", '<path d="M20 12a8 8 0 1 1-5-7.4M15 1.5l.3 3.3-3.2.7"/>'
    ),
    Phase.SUCCEEDED: Appearance("succeeded", "Succeeded", "#1a7f42", '<path d="m4.5 12.5 5 5 10-11"/>'),
    Phase.SKIPPED: Appearance("skipped", "Skipped", "#6b7480", '<path d="m5 6 6 6-6 6M13 6l6 6-6 6"/>'),
    Phase.FAILED: Appearance("failed", "Failed", "#c9302c", '<path d="m6 6 12 12M18 6 6 18"/>'),
    Phase.ERROR: Appearance("error", "Error", "#a8326e", '<path d="M12 4v10M12 18.5v.5"/>'),
    Phase.OMITTED: Appearance("omitted", "Not run", "#6b7480", '<path d="M5 12h14"/>'),
    Phase.DELETED: Appearance(
        "deleted", "Deleted", "#6b7480", '<path d="M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7"/>'
    ),
}
DIMMED = (PHASES[Phase.SKIPPED], PHASES[Phase.OMITTED])
"""Appearance of skipped steps: pale, so that the path that was taken stands out."""
APPEARANCES = (NOT_STARTED, CACHED, STOPPED, PARTLY_RUN, SUSPENDED, *PHASES.values())


def node_appearance(node: NodeState | None, *, ended: bool = False) -> Appearance:
    """Return how a step is shown.

    Args:
        node: Its node in the run; None where the run has none yet.
        ended: Whether the run has ended, so that a step without a node won't run any more.
    """
    if node is None:
        return PHASES[Phase.OMITTED] if ended else NOT_STARTED
    if node.cached and node.phase is Phase.SUCCEEDED:
        return CACHED
    if node.suspended:
        return SUSPENDED
    return STOPPED if node.stopped else PHASES[node.phase]


def run_appearance(state: RunState | RunSummary) -> Appearance:
    """Return how a run as a whole is shown, in its view and in lists."""
    if state.held:
        return SUSPENDED
    return STOPPED if state.stopped else PHASES[state.phase]


def elapsed(node: NodeState | None, now: datetime) -> str:
    """Return a step's elapsed time as text; empty if it hasn't run.

    Args:
        node: Node of the step; None before there is one.
        now: The current time.
    """
    if node is None or node.phase in (Phase.PENDING, Phase.SKIPPED, Phase.OMITTED):
        return ""
    return duration(node.seconds(now))


def icon_svg(appearance: Appearance, colour: str) -> str:
    """Return an appearance's icon as an SVG document.

    Args:
        appearance: How it is shown.
        colour: Colour of its lines.
    """
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" '
        f'stroke="{colour}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">{appearance.icon}</svg>'
    )


def icon_uri(appearance: Appearance, colour: str) -> str:
    """Return an appearance's icon as a data URI.

    Args:
        appearance: How it is shown.
        colour: Colour of its lines.
    """
    return "data:image/svg+xml;base64," + base64.b64encode(icon_svg(appearance, colour).encode()).decode()


def box_width(labels: Iterable[str]) -> int:
    """Return the width, in pixels, of boxes that hold the longest of these labels beside an icon."""
    longest = max(map(len, labels), default=0)
    return min(MAX_WIDTH, max(MIN_WIDTH, round(7.4 * longest) + 54))


def css() -> str:
    """Return the style sheet of the view: the file `view.css` and a rule for each phase."""
    rules = [
        f".kfp-jupyter-phase-{appearance.key}{{--kfp-jupyter-phase:{appearance.colour};"
        f'--kfp-jupyter-icon:url("{icon_uri(appearance, "#ffffff")}")}}'
        for appearance in APPEARANCES
    ]
    return files(__package__).joinpath("view.css").read_text() + "\n".join(rules)
