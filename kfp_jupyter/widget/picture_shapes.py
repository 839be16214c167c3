"""The shapes of the static picture: pieces of SVG, all text escaped."""

from __future__ import annotations

from collections.abc import Sequence

from kfp_jupyter.printable import one_line
from kfp_jupyter.widget.layout import Box, Point, truncate_title
from kfp_jupyter.widget.style import (
    DIM,
    DIMMED,
    EDGE_COLOUR,
    GHOST_COLOUR,
    GHOST_TEST_COLOUR,
    GHOST_TEST_INK,
    GROUP_COLOUR,
    NOT_STARTED,
    TEST_BORDER,
    TEST_COLOUR,
    TEST_INK,
    TITLE_COLOUR,
    Appearance,
)
from kfp_jupyter.widget.text import escape, letters
from kfp_jupyter.workflow.step_graph import StepNode

BOX_HEIGHT, TALL_HEIGHT = 44, 60
MAX_LABEL = 26
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
INK, FAINT = "#1f2937", "#5b6573"
_CUT = 8
_LETTER, _SMALL_LETTER = 6.9, 5.8


def box_svg(box: Box, step: StepNode, appearance: Appearance, told: Sequence[str]) -> str:
    """Return a step's box: its name, and lines below it.

    Args:
        box: Its rectangle.
        step: The step.
        appearance: How it is shown.
        told: Lines below the name.
    """
    x, y, ink = box.x, box.y, GHOST_COLOUR if appearance in DIMMED else "#ffffff"
    lines = [line for line in told if line]
    texts = "".join(
        f'<text x="{x + 40:g}" y="{y + 34 + 15 * index:g}" font-size="11" fill="{ink}">'
        f"{escape(one_line(line, int((box.width - 46) / _SMALL_LETTER)))}</text>"
        for index, line in enumerate(lines)
    )
    return (
        f"{_outline(box, _ground(appearance), cut=bool(step.resource))}"
        f'<g transform="translate({x + 12:g} {y + box.height / 2 - 9:g}) scale(.75)" fill="none" stroke="{ink}" '
        f'stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">{appearance.icon}</g>'
        f'<text x="{x + 40:g}" y="{y + 19:g}" font-size="12.5" font-weight="600" fill="{ink}">'
        f"{escape(one_line(step.label, MAX_LABEL))}</text>{texts}"
    )


def frame_svg(box: Box, title: str, appearance: Appearance) -> str:
    """Return a group's frame with its title.

    Args:
        box: Its rectangle.
        title: Title of the group.
        appearance: How it is shown.
    """
    dim = appearance in DIMMED
    border = GROUP_COLOUR if appearance is NOT_STARTED or dim else appearance.colour
    width = letters(title) * _LETTER + 14
    label = (
        f'<rect x="{box.x + 8:g}" y="{box.y + 7:g}" width="{width:g}" height="20" rx="4" '
        f'fill="{TITLE_COLOUR if appearance is NOT_STARTED else appearance.colour}"/>'
    )
    dashes = ' stroke-dasharray="5 3"' if dim else ""
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="8" '
        f'fill="{GROUP_COLOUR}" fill-opacity=".09" stroke="{border}" stroke-width="1.3"{dashes}/>'
        f"{'' if dim else label}"
        f'<text x="{box.x + 8 + width / 2:g}" y="{box.y + 21:g}" font-size="11.5" text-anchor="middle" '
        f'fill="{GHOST_COLOUR if dim else "#ffffff"}">{escape(title)}</text>'
    )


def condition_svg(box: Box, test: str, *, dim: bool) -> str:
    """Return the condition on the edge into a step or group.

    Args:
        box: Its rectangle.
        test: The condition.
        dim: Whether it is drawn pale, as what was skipped.
    """
    x, y = box.centre
    ground, border, ink = (
        (GHOST_TEST_COLOUR, GHOST_TEST_INK, GHOST_TEST_INK) if dim else (TEST_COLOUR, TEST_BORDER, TEST_INK)
    )
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{box.height / 2:g}" '
        f'fill="{ground}" stroke="{border}"/>'
        f'<text x="{x:g}" y="{y + 4:g}" font-size="11.5" text-anchor="middle" fill="{ink}">'
        f"{escape(truncate_title(test))}</text>"
    )


def line_svg(way: Sequence[Point], *, dashed: bool = False, dim: bool = False, square: bool = False) -> str:
    """Return a line with an arrow at its end; between layers it swings unless it is `square`.

    Args:
        way: Corners of the line.
        dashed: Whether it is dashed.
        dim: Whether it is drawn pale, as what was skipped.
        square: Whether its corners are square.
    """
    (x1, y1), *rest = way
    path = f"M{x1:g} {y1:g}"
    for x2, y2 in rest:
        middle = (y1 + y2) / 2
        path += f"L{x2:g} {y2:g}" if square or x1 == x2 else f"C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}"
        x1, y1 = x2, y2
    dashes = ' stroke-dasharray="6 4"' if dashed else ""
    iteration = f' transform="rotate(90 {x1:g} {y1:g})"' if square else ""
    arrow = f"M{x1 - 4:g} {y1 - 7:g}L{x1 + 4:g} {y1 - 7:g}L{x1:g} {y1:g}z"
    lines = (
        f'<path d="{path}" fill="none" stroke="{EDGE_COLOUR}" stroke-width="1.5"{dashes}/>'
        f'<path d="{arrow}" fill="{EDGE_COLOUR}"{iteration}/>'
    )
    return f'<g opacity="{DIM}">{lines}</g>' if dim else lines


def _ground(appearance: Appearance) -> str:
    """Return the fill of a step's box: its colour, or little more than the outline if it was skipped."""
    if appearance not in DIMMED:
        return f'fill="{appearance.colour}"'
    return f'fill="{GROUP_COLOUR}" fill-opacity=".1" stroke="{GROUP_COLOUR}" stroke-dasharray="5 3"'


def _outline(box: Box, ground: str, *, cut: bool) -> str:
    if not cut:
        return f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="7" {ground}/>'
    inner = box.width - 2 * _CUT
    side = box.height - 2 * _CUT
    return (
        f'<path d="M{box.x + _CUT:g} {box.y:g}h{inner:g}l{_CUT} {_CUT}v{side:g}l-{_CUT} {_CUT}h-{inner:g}'
        f'l-{_CUT} -{_CUT}v-{side:g}z" {ground}/>'
    )
