"""The static picture of a run: what a notebook shows without a kernel, in any renderer.

An opaque light card in plain SVG: text escaped, no script, no style sheet, nothing loaded from elsewhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone

from kfp_jupyter.printable import count, one_line
from kfp_jupyter.runs import Metric, RunState
from kfp_jupyter.widget.labels import group_title, iterations_text, status_appearance, step_note
from kfp_jupyter.widget.layout import Layout, Sizes, layout
from kfp_jupyter.widget.picture_shapes import (
    BOX_HEIGHT,
    FAINT,
    FONT,
    INK,
    MAX_LABEL,
    TALL_HEIGHT,
    box_svg,
    condition_svg,
    frame_svg,
    line_svg,
)
from kfp_jupyter.widget.progress import progress_of, progress_text
from kfp_jupyter.widget.step_status import Statuses, StepStatus, compute_statuses, step_statuses
from kfp_jupyter.widget.style import DIMMED, Appearance, box_width, elapsed, run_appearance
from kfp_jupyter.widget.text import duration, escape, letters
from kfp_jupyter.workflow.step_graph import ON_EXIT, StepGraph, StepNode, first_steps

PADDING = 20
HEADER = 62
MIN_WIDTH = 480
LETTER = 7.5
"""Pixels of a letter of middling width in the line below the title."""
MAX_STEPS = 150
MAX_METRICS = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a picture shows.

    Attributes:
        title: The pipeline's name.
        graph: Its steps.
        state: The run, or None before there is one.
        metrics: Display name of a step → its metrics.
        now: The moment shown.
    """

    title: str
    graph: StepGraph
    state: RunState | None
    now: datetime
    metrics: Mapping[str, Sequence[Metric]] = dataclasses.field(default_factory=dict)


def picture_text(shot: Snapshot) -> str:
    """Return the snapshot as a small table of plain text, the content of groups indented below them."""
    shown, more = _shown(shot)
    statuses = compute_statuses(shown, shot.state)
    rows = [_row(shot, shown, path, statuses) for path in _outline(shown, _layout(shown).order)]
    width = max((len(name) for name, told in rows if told), default=0)
    lines = [_headline(shot), *(f"  {name:<{width if told else 0}}  {told}".rstrip() for name, told in rows)]
    lines += [f"  {text}" for text in [*more, *_metric_lines(shot)]]
    return "\n".join(lines)


def picture_svg(shot: Snapshot) -> str:
    """Return the snapshot as an SVG document."""
    shown, more = _shown(shot)
    statuses = compute_statuses(shown, shot.state)
    notes = {node.path: step_note(shown, node, statuses[node.path]) for node in shown.nodes}
    placed = _layout(shown)
    lines = [*more, *_metric_lines(shot)]
    width = max(MIN_WIDTH, round(max(placed.width, letters(_status(shot)) * LETTER)) + 2 * PADDING)
    bottom = HEADER + round(placed.height) + PADDING
    height = bottom + (len(lines) * 20 + 14 if lines else 0)
    # The class tells the view's style sheet which picture to hide while the view itself is there.
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kfp-jupyter-picture" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}" role="img" aria-label="{escape(_headline(shot))}">'
    )
    parts = [
        head,
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="#ffffff" stroke="#d5dae1"/>',
        *_header(shot, width),
        f'<g transform="translate({(width - placed.width) / 2:g} {HEADER})">',
        *_drawing(shot, shown, placed, statuses, notes),
        "</g>",
        *(
            f'<text x="{PADDING}" y="{bottom + 12 + 20 * i}" font-size="12.5" fill="{INK}">{escape(line)}</text>'
            for i, line in enumerate(lines)
        ),
        "</svg>",
    ]
    return "\n".join(parts)


def _shown(shot: Snapshot) -> tuple[StepGraph, list[str]]:
    """Return the steps that fit, and a line about the rest."""
    more = len(shot.graph.nodes) - MAX_STEPS
    return first_steps(shot.graph, MAX_STEPS), [f"and {count(more, 'more step')}"] if more > 0 else []


def _layout(graph: StepGraph) -> Layout:
    width = box_width(one_line(node.label, MAX_LABEL) for node in graph.nodes)
    wide = max(width, box_width(node.resource for node in graph.nodes))
    return layout(graph, Sizes(width, wide, BOX_HEIGHT, TALL_HEIGHT, gap_x=22, gap_y=34))


def _drawing(
    shot: Snapshot, graph: StepGraph, placed: Layout, statuses: Statuses, notes: Mapping[str, str]
) -> list[str]:
    appearances = {path: _appearance(shot, own) for path, own in statuses.items()}
    dim = {path for path, appearance in appearances.items() if appearance in DIMMED}
    frames = [
        frame_svg(placed.boxes[group.path], group_title(graph, group, statuses[group.path]), appearances[group.path])
        for group in graph.groups
    ]
    lines = [
        line_svg(way, dashed=edge[1] == ON_EXIT, dim=not dim.isdisjoint(edge)) for edge, way in placed.routes.items()
    ]
    back = [line_svg(way, dashed=True, dim=path in dim, square=True) for path, way in placed.loops.items()]
    tests = [
        condition_svg(placed.tests[item.path], item.test, dim=item.path in dim)
        for item in graph.items
        if item.path in placed.tests
    ]
    boxes = [
        box_svg(
            placed.boxes[node.path], node, appearances[node.path], (_told(shot, statuses[node.path]), notes[node.path])
        )
        for node in graph.nodes
    ]
    return [*frames, *lines, *back, *tests, *boxes]


def _outline(graph: StepGraph, order: Iterable[str]) -> list[str]:
    """Return steps in their order and each group before the first step in it."""
    seen: dict[str, None] = {}
    for path in order:
        for group in reversed(graph.groups_around(path)):
            seen[group.path] = None
        seen[path] = None
    return list(seen)


def _row(shot: Snapshot, graph: StepGraph, path: str, statuses: Statuses) -> tuple[str, str]:
    """Return a line's name and the text beside it; a group is its title alone."""
    item, indent = graph.item(path), "  " * len(graph.groups_around(path))
    if not isinstance(item, StepNode):
        return f"{indent}{one_line(item.label if item else '', 80)}", ""
    own = statuses[path]
    told = f"{_appearance(shot, own).word:<11}  {iterations_text(own) or _took(shot, own)}"
    return f"{indent}{one_line(item.label, 40)}", told


def _appearance(shot: Snapshot, status: StepStatus) -> Appearance:
    return status_appearance(status, ended=shot.state is not None and shot.state.phase.finished)


def _told(shot: Snapshot, status: StepStatus) -> str:
    seconds = "" if status.repeated else _took(shot, status)
    return " · ".join(filter(None, [_appearance(shot, status).word, seconds]))


def _took(shot: Snapshot, status: StepStatus) -> str:
    """Return how long a step has worked; empty while it runs: the picture is static."""
    node = status.node
    return elapsed(node, shot.now) if node is not None and node.phase.finished else ""


def _status(shot: Snapshot) -> str:
    if shot.state is None:
        return f"{count(len(shot.graph.nodes), 'step')} · not started"
    steps = step_statuses(shot.graph, compute_statuses(shot.graph, shot.state))
    seconds = duration(shot.state.seconds(shot.now))
    if not shot.state.phase.finished:
        seconds = f"{seconds} so far, as of {shot.now.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
    return f"{run_appearance(shot.state).word} · {progress_text(progress_of(steps))} · {seconds}"


def _headline(shot: Snapshot) -> str:
    run = f" · run {one_line(shot.state.id, 80)}" if shot.state else ""
    return f"{one_line(shot.title, 80)}{run} · {_status(shot)}"


def _header(shot: Snapshot, width: float) -> list[str]:
    run_id = one_line(shot.state.id, 80) if shot.state else ""
    colour = run_appearance(shot.state).colour if shot.state else FAINT
    title = escape(one_line(shot.title, max(20, int(width / 9) - len(run_id))))
    run = f'<tspan font-size="11.5" font-weight="400" fill="{FAINT}" dx="10">{escape(run_id)}</tspan>' if run_id else ""
    name = f'<text x="{PADDING}" y="27" font-size="15" font-weight="600" fill="{INK}">{title}{run}</text>'
    status = f'<text x="{PADDING}" y="46" font-size="12.5" fill="{colour}">{escape(_status(shot))}</text>'
    return [name, status]


def _metric_lines(shot: Snapshot) -> list[str]:
    lines = [
        f"{one_line(label, 40)}: {one_line(metric.name, 60)} = {metric.format_value()}"
        for label, metrics in shot.metrics.items()
        for metric in metrics
    ]
    more = len(lines) - MAX_METRICS
    return [*lines[:MAX_METRICS], *([f"and {count(more, 'more metric')}"] if more > 0 else [])]
