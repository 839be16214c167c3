"""The static picture of a run: what a notebook shows without a kernel, in any renderer.

An opaque light card in plain SVG: text escaped, no script, no style sheet, nothing loaded from elsewhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from kfp_jupyter.runs import Metric, NodeState, RunState
from kfp_jupyter.widget.elements import StepGraph, StepNode, step_states
from kfp_jupyter.widget.layout import layers
from kfp_jupyter.widget.progress import progress_of, progress_text
from kfp_jupyter.widget.style import EDGE_COLOUR, Look, box_width, look_of, run_look, took
from kfp_jupyter.widget.text import count, duration, escape, one_line

BOX_HEIGHT = 44
GAP_X, GAP_Y = 22, 34
PADDING = 20
HEADER = 62
MAX_STEPS = 150
MAX_METRICS = 12
MAX_LABEL = 26
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
INK, FAINT = "#1f2937", "#5b6573"


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a picture shows.

    Attributes:
        title: The pipeline's name.
        graph: Its steps.
        state: The run, or None before there is one.
        metrics: What people call a step → what it reported.
        now: The moment shown.
    """

    title: str
    graph: StepGraph
    state: RunState | None
    now: datetime
    metrics: Mapping[str, Sequence[Metric]] = dataclasses.field(default_factory=dict)


def picture_text(shot: Snapshot) -> str:
    """Return the snapshot as a small table of plain text."""
    lines = [_headline(shot)]
    steps = step_states(shot.graph, shot.state)
    shown = shot.graph.nodes[:MAX_STEPS]
    width = max((len(one_line(node.label, 40)) for node in shown), default=0)
    for node in shown:
        state = steps[node.path]
        seconds = took(state, shot.now)
        row = f"  {one_line(node.label, 40):<{width}}  {_look(shot, state).word:<11}  {seconds}"
        lines.append(row.rstrip())
    if len(shot.graph.nodes) > MAX_STEPS:
        lines.append(f"  and {count(len(shot.graph.nodes) - MAX_STEPS, 'more step')}")
    lines += [f"  {text}" for text in _metric_lines(shot)]
    return "\n".join(lines)


def picture_svg(shot: Snapshot) -> str:
    """Return the snapshot as an SVG document."""
    paths = {node.path for node in shot.graph.nodes[:MAX_STEPS]}
    shown = StepGraph(shot.graph.nodes[:MAX_STEPS], tuple(e for e in shot.graph.edges if paths.issuperset(e)))
    frame = _frame(shown)
    notes = _metric_lines(shot)
    if len(shot.graph.nodes) > MAX_STEPS:
        notes.insert(0, f"and {count(len(shot.graph.nodes) - MAX_STEPS, 'more step')}")
    width, height = frame.width, frame.height + (len(notes) * 20 + 14 if notes else 0)
    steps = step_states(shot.graph, shot.state)
    # The class tells the view's style sheet which picture to hide while the view itself is there.
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kfp-jupyter-picture" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}" role="img" aria-label="{escape(_headline(shot))}">'
    )
    parts = [
        head,
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8" fill="#ffffff" stroke="#d5dae1"/>',
        *_header(shot, width),
        *(_edge(frame, source, target) for source, target in shown.edges),
        *(_box(shot, node, steps[node.path], frame) for node in shown.nodes),
        *(
            f'<text x="{PADDING}" y="{frame.height + 12 + 20 * i}" font-size="12.5" fill="{INK}">{escape(line)}</text>'
            for i, line in enumerate(notes)
        ),
        "</svg>",
    ]
    return "\n".join(parts)


@dataclasses.dataclass(frozen=True, slots=True)
class _Frame:
    """Where boxes go: their upper left corners by path, their width, and the size of the whole."""

    corners: Mapping[str, tuple[float, float]]
    box: int
    width: int
    height: int


def _frame(graph: StepGraph) -> _Frame:
    rows = layers(graph)
    box = box_width(one_line(node.label, MAX_LABEL) for node in graph.nodes)
    widths = [len(row) * (box + GAP_X) - GAP_X for row in rows]
    width = max(480, max(widths, default=0) + 2 * PADDING)
    corners = {
        path: ((width - widths[y]) / 2 + x * (box + GAP_X), HEADER + y * (BOX_HEIGHT + GAP_Y))
        for y, row in enumerate(rows)
        for x, path in enumerate(row)
    }
    return _Frame(corners, box, width, HEADER + len(rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y + PADDING)


def _look(shot: Snapshot, node: NodeState | None) -> Look:
    return look_of(node, ended=shot.state is not None and shot.state.phase.finished)


def _status(shot: Snapshot) -> str:
    steps = step_states(shot.graph, shot.state)
    if shot.state is None:
        return f"{count(len(steps), 'step')} · not started"
    seconds = duration(shot.state.seconds(shot.now))
    return f"{run_look(shot.state).word} · {progress_text(progress_of(steps))} · {seconds}"


def _headline(shot: Snapshot) -> str:
    run = f" · run {shot.state.id}" if shot.state else ""
    return f"{one_line(shot.title, 80)}{run} · {_status(shot)}"


def _header(shot: Snapshot, width: float) -> list[str]:
    run_id = shot.state.id if shot.state else ""
    colour = run_look(shot.state).colour if shot.state else FAINT
    title = escape(one_line(shot.title, max(20, int(width / 9) - len(run_id))))
    run = f'<tspan font-size="11.5" font-weight="400" fill="{FAINT}" dx="10">{escape(run_id)}</tspan>' if run_id else ""
    name = f'<text x="{PADDING}" y="27" font-size="15" font-weight="600" fill="{INK}">{title}{run}</text>'
    status = f'<text x="{PADDING}" y="46" font-size="12.5" fill="{colour}">{escape(_status(shot))}</text>'
    return [name, status]


def _edge(frame: _Frame, source: str, target: str) -> str:
    (left1, top1), (left2, top2) = frame.corners[source], frame.corners[target]
    x1, y1 = left1 + frame.box / 2, top1 + BOX_HEIGHT
    x2, y2 = left2 + frame.box / 2, top2 - 5
    middle = (y1 + y2) / 2
    return (
        f'<path d="M{x1:g} {y1:g}C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}" fill="none" '
        f'stroke="{EDGE_COLOUR}" stroke-width="1.5"/>'
        f'<path d="M{x2 - 4:g} {y2 - 2:g}L{x2 + 4:g} {y2 - 2:g}L{x2:g} {y2 + 5:g}z" fill="{EDGE_COLOUR}"/>'
    )


def _box(shot: Snapshot, step: StepNode, node: NodeState | None, frame: _Frame) -> str:
    x, y = frame.corners[step.path]
    look, label = _look(shot, node), one_line(step.label, MAX_LABEL)
    seconds = took(node, shot.now)
    told = f"{look.word} · {seconds}" if seconds else look.word
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{frame.box}" height="{BOX_HEIGHT}" rx="7" fill="{look.colour}"/>'
        f'<g transform="translate({x + 12:g} {y + 13:g}) scale(.75)" fill="none" stroke="#ffffff" stroke-width="2.6" '
        f'stroke-linecap="round" stroke-linejoin="round">{look.icon}</g>'
        f'<text x="{x + 40:g}" y="{y + 19:g}" font-size="12.5" font-weight="600" fill="#ffffff">{escape(label)}</text>'
        f'<text x="{x + 40:g}" y="{y + 34:g}" font-size="11" fill="#ffffff">{escape(told)}</text>'
    )


def _metric_lines(shot: Snapshot) -> list[str]:
    lines = [
        f"{one_line(label, 40)}: {one_line(metric.name, 60)} = {metric.format_value()}"
        for label, metrics in shot.metrics.items()
        for metric in metrics
    ]
    more = len(lines) - MAX_METRICS
    return [*lines[:MAX_METRICS], *([f"and {count(more, 'more metric')}"] if more > 0 else [])]
