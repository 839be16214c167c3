"""The details of one step or group, as HTML."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kfp_jupyter.compiler.yaml_writer import to_yaml
from kfp_jupyter.printable import one_line
from kfp_jupyter.redaction import redact
from kfp_jupyter.runs import NodeState, Phase, metrics, ui_metadata
from kfp_jupyter.widget.banner import Failure, failure_reason, node_reason
from kfp_jupyter.widget.reason_text import current_reason, message_html
from kfp_jupyter.widget.results import Results
from kfp_jupyter.widget.step_status import Iteration
from kfp_jupyter.widget.style import CACHED, FROM_CACHE, STOPPED, SUSPENDED, Appearance, elapsed, node_appearance
from kfp_jupyter.widget.text import escape, shorten
from kfp_jupyter.widget.viewers import output_html
from kfp_jupyter.widget.viewers.metrics import metrics_html
from kfp_jupyter.workflow.step_graph import GroupNode, Item, StepNode
from kfp_jupyter.workflow.step_io import Rows, inputs_of, outputs_of
from kfp_jupyter.workflow.views import Template

MAX_VALUE = 600
MAX_MESSAGE = 1200
MAX_YAML = 60_000
LAST_LINES = 5
"""How many last lines of a log stand in for a reason."""
NO_ITERATION = Iteration()
SHOWN_ELSEWHERE = {*metrics.ARTIFACT_NAMES, *ui_metadata.ARTIFACT_NAMES}
"""Outputs that have places of their own: tables, drawings and the log."""


@dataclasses.dataclass(frozen=True, slots=True)
class Chosen:
    """The step or group whose details are shown.

    Attributes:
        item: What it is.
        around: The groups it stands in, the innermost first.
        iteration: The iteration to show.
        results: What it reported; None before.
        failure: Why it failed and the end of its log; None where that isn't known.
    """

    item: Item
    around: Sequence[GroupNode] = ()
    iteration: Iteration = NO_ITERATION
    results: Results | None = None
    failure: Failure | None = None


def chosen_of(
    item: Item,
    around: Sequence[GroupNode],
    iteration: Iteration,
    results: Mapping[str, Results],
    failures: Sequence[Failure],
) -> Chosen:
    """Return what is chosen with what is known of it.

    Args:
        item: The step or group.
        around: The groups it stands in, the innermost first.
        iteration: Which iteration of it.
        results: What steps reported, by the node's id.
        failures: The steps that failed.
    """
    if iteration.node is None:
        return Chosen(item, around, iteration)
    failure = next((failure for failure in failures if failure.node.id == iteration.node.id), None)
    return Chosen(item, around, iteration, results.get(iteration.node.id), failure)


def head_html(chosen: Chosen, now: datetime, *, ended: bool) -> str:
    """Return the name, phase, duration, place and message of a step or group.

    Args:
        chosen: The step or group, with what is known of it.
        now: The current time.
        ended: Whether the run has ended.
    """
    item, node = chosen.item, chosen.iteration.node
    appearance = node_appearance(node, ended=ended)
    facts = [FROM_CACHE if appearance is CACHED else elapsed(node, now)]
    if appearance is not STOPPED and node and node.exit_code:
        facts.append(f"exit code {node.exit_code}")
    told = escape(" · ".join(filter(None, facts)))
    told = f'<span class="kfp-jupyter-facts">{told}</span>' if told else ""
    return (
        f'<div data-step="{escape(item.path)}" data-phase="{escape(node.phase.value if node else "")}">'
        f'<span class="kfp-jupyter-name">{escape(one_line(item.label, 200))}</span>'
        f'<span class="kfp-jupyter-phase kfp-jupyter-phase-{appearance.key}">{appearance.word}</span>{told}'
        f"{_place_html(chosen)}{_message_html(chosen, appearance, now)}</div>"
    )


def _place_html(chosen: Chosen) -> str:
    """Return what else is said of a step by the graph: what it does, when and how often it runs."""
    item = chosen.item
    said = []
    if isinstance(item, StepNode):
        said += [item.resource, f"For each of {item.loop}" if item.loop else "", f"If {item.test}" if item.test else ""]
    if chosen.around:
        said.append(f"In {' › '.join(group.label for group in reversed(chosen.around))}")
    return "".join(f'<p class="kfp-jupyter-place">{escape(one_line(text, 400))}</p>' for text in filter(None, said))


def _message_html(chosen: Chosen, appearance: Appearance, now: datetime) -> str:
    node, log = chosen.iteration.node, ""
    said = current_reason(node, now, MAX_MESSAGE) if node else ""
    if appearance is STOPPED:  # Argo's message and the signal's exit code say less than these words
        began = chosen.iteration.node is None or chosen.iteration.node.begun
        said = f"The run was stopped {'while this step was running' if began else 'before this step started'}."
    elif appearance is SUSPENDED:
        said = " ".join(filter(None, [said, "This step waits until the run is resumed: press Resume."]))
    elif chosen.failure is not None:
        said = failure_reason(chosen.failure)
        if said == node_reason(chosen.failure.node):  # no exception says why; the last lines may
            log = "\n".join(chosen.failure.log.strip("\n").split("\n")[-LAST_LINES:])
    message = f'<p class="kfp-jupyter-message">{escape(said)}</p>' if said else ""
    if appearance is not STOPPED:
        message += message_html(node)
    return f'{message}<pre class="kfp-jupyter-last-lines">{escape(log)}</pre>' if log else message


def results_html(results: Results | None) -> str:
    """Return a step's metrics and visualisations, and what could not be read of them."""
    if not results:
        return ""
    parts = [f'<p class="kfp-jupyter-problem">{escape(problem)}</p>' for problem in results.problems]
    if results.metrics:
        parts.append(f'<div class="kfp-jupyter-metrics"><h4>Metrics</h4>{metrics_html(results.metrics)}</div>')
    if results.outputs:
        parts.append(f"<h4>Visualisations</h4>{''.join(map(output_html, results.outputs))}")
    return "".join(parts)


def values_html(template: Template, node: NodeState | None) -> str:
    """Return a step's inputs and outputs.

    Args:
        template: Template of the step.
        node: Node of the step; None before there is one.
    """
    if node is None or node.phase in (Phase.SKIPPED, Phase.OMITTED):
        return ""
    hidden = {*SHOWN_ELSEWHERE, *node.log_artifacts}
    outputs = outputs_of(template, node.outputs, node.output_artifacts, hidden)
    return _values("Inputs", inputs_of(template, node.inputs, node.input_artifacts)) + _values("Outputs", outputs)


def template_html(template: Template) -> str:
    """Return a step's template as YAML, folded away."""
    if not template.raw:
        return ""
    text = to_yaml(_trim(template.raw))
    return (
        '<details class="kfp-jupyter-yaml"><summary>YAML of the step</summary>'
        f"<pre>{escape(redact(shorten(text, MAX_YAML)))}</pre></details>"
    )


def _trim(value: Any) -> Any:
    """Return the value with its longest texts cut, so that writing it takes no time worth noticing."""
    if isinstance(value, str):
        return shorten(value, MAX_YAML)
    if isinstance(value, Mapping):
        return {key: _trim(item) for key, item in value.items()}
    return [_trim(item) for item in value] if isinstance(value, list) else value


def _values(title: str, rows: Rows) -> str:
    if not rows:
        return ""
    body = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{_value(value)}</td></tr>' for name, value in rows)
    table = f'<table class="kfp-jupyter-table kfp-jupyter-values">{body}</table>'
    return f'<h4>{title}</h4><div class="kfp-jupyter-scroll">{table}</div>'


def _value(value: str | None) -> str:
    if not value:
        return "<i>file</i>" if value is None else "<i>empty</i>"
    return f"<code>{escape(shorten(value, MAX_VALUE))}</code>"
