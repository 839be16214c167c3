"""The style sheet of the graph on screen, in cytoscape's words."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.widget.layout import Sizes
from kfp_jupyter.widget.style import (
    APPEARANCES,
    DIM,
    DIMMED,
    EDGE_COLOUR,
    GHOST_COLOUR,
    GHOST_TEST_COLOUR,
    GHOST_TEST_INK,
    GROUP_COLOUR,
    NOT_STARTED,
    SELECTED_COLOUR,
    TEST_BORDER,
    TEST_COLOUR,
    TEST_INK,
    TITLE_COLOUR,
    Appearance,
    icon_uri,
)

FONT = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
LETTER = 7.2
"""Width of a letter on a step's box."""

Rule = dict[str, Any]


def cytoscape_style(sizes: Sizes) -> list[Rule]:
    """Return the graph's style sheet. Phases come as classes alone, so a change of phase is a change of class."""
    tall = {"height": sizes.tall_height, "text-wrap": "wrap", "text-max-width": "999px"}
    selected = {"border-width": 3, "border-style": "solid", "border-color": SELECTED_COLOUR}
    return [
        {"selector": "node", "style": _step(sizes.step_width, sizes.step_height)},
        {"selector": "node.tall", "style": tall},
        {"selector": "node.resource", "style": {"shape": "cut-rectangle", "width": sizes.resource_width}},
        *(_ghost(appearance) if appearance in DIMMED else _step_phase(appearance) for appearance in APPEARANCES),
        {"selector": "node.group", "style": _group()},
        *(_group_phase(appearance) for appearance in APPEARANCES if appearance is not NOT_STARTED),
        {"selector": "node.test", "style": _test()},
        {"selector": "node.corner", "style": {"width": 1, "height": 1, "opacity": 0, "events": "no", "label": ""}},
        {"selector": "edge", "style": _edge()},
        {"selector": "edge.bent", "style": _bent()},
        {"selector": "edge.exit", "style": {"line-style": "dashed", "line-dash-pattern": [7, 4]}},
        {"selector": "edge.again", "style": {**_again(), **_bent()}},
        {"selector": "node.ghost", "style": _ghost_test()},
        {"selector": "edge.dim", "style": {"opacity": DIM}},
        {"selector": "node.selected", "style": selected},
    ]


def _step(width: float, height: float) -> Rule:
    return {
        "shape": "round-rectangle",
        "width": width,
        "height": height,
        "label": "data(label)",
        "color": "#ffffff",
        "font-size": 13,
        "font-family": FONT,
        "line-height": 1.25,
        "text-valign": "center",
        "text-halign": "center",
        "text-margin-x": 11,
        "text-wrap": "ellipsis",
        "text-max-width": f"{width - 46}px",
        "background-image-containment": "over",
        "background-width": "16px",
        "background-height": "16px",
        "background-position-x": "13px",
        "background-position-y": "50%",
        "border-width": 0,
        "overlay-opacity": 0,
        "z-index-compare": "manual",
        "z-index": 30,
    }


def _step_phase(appearance: Appearance) -> Rule:
    return {
        "selector": f"node.phase-{appearance.key}",
        "style": {"background-color": appearance.colour, "background-image": icon_uri(appearance, "#ffffff")},
    }


def _ghost(appearance: Appearance) -> Rule:
    """Return how a step that is passed over looks: its outline and its name."""
    return {
        "selector": f"node.phase-{appearance.key}",
        "style": {
            "background-color": GROUP_COLOUR,
            "background-opacity": 0.1,
            "background-image": icon_uri(appearance, GHOST_COLOUR),
            "border-width": 1.2,
            "border-style": "dashed",
            "border-color": GROUP_COLOUR,
            "color": GHOST_COLOUR,
        },
    }


def _group() -> Rule:
    return {
        "width": "data(width)",
        "height": "data(height)",
        "background-color": GROUP_COLOUR,
        "background-opacity": 0.09,
        "border-width": 1.2,
        "border-color": GROUP_COLOUR,
        "font-size": 12,
        "text-wrap": "none",
        "text-valign": "top",
        "text-halign": "right",
        "text-margin-x": "data(inset)",
        "text-margin-y": 23,
        "text-background-color": TITLE_COLOUR,
        "text-background-opacity": 1,
        "text-background-padding": "4px",
        "text-background-shape": "round-rectangle",
        "z-index": 0,
    }


def _group_phase(appearance: Appearance) -> Rule:
    ghost = {"border-style": "dashed", "text-background-opacity": 0, "color": GHOST_COLOUR}
    strong = appearance.key in ("running", "failed", "error")
    seen = {
        "border-color": appearance.colour,
        "border-width": 2 if strong else 1.4,
        "text-background-color": appearance.colour,
    }
    return {"selector": f"node.group-{appearance.key}", "style": ghost if appearance in DIMMED else seen}


def _test() -> Rule:
    return {
        "width": "data(width)",
        "height": "data(height)",
        "background-color": TEST_COLOUR,
        "border-width": 1,
        "border-color": TEST_BORDER,
        "color": TEST_INK,
        "font-size": 12,
        "text-margin-x": 0,
        "text-wrap": "none",
        "z-index": 20,
    }


def _ghost_test() -> Rule:
    return {"background-color": GHOST_TEST_COLOUR, "border-color": GHOST_TEST_INK, "color": GHOST_TEST_INK}


def _edge() -> Rule:
    return {
        "width": 1.6,
        "line-color": EDGE_COLOUR,
        "curve-style": "straight",
        "source-endpoint": "0% 50%",
        "target-endpoint": "0% -50%",
        "target-arrow-shape": "triangle",
        "target-arrow-color": EDGE_COLOUR,
        "arrow-scale": 0.9,
        "overlay-opacity": 0,
        "z-index-compare": "manual",
        "z-index": 10,
    }


def _bent() -> Rule:
    return {
        "curve-style": "segments",
        "edge-distances": "node-position",
        "segment-weights": "data(weights)",
        "segment-distances": "data(distances)",
    }


def _again() -> Rule:
    return {
        "line-style": "dashed",
        "line-dash-pattern": [4, 3],
        "source-endpoint": "inside-to-node",
        "target-endpoint": "inside-to-node",
    }
