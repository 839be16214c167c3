"""Labels of steps and groups: on their boxes, on their chips, in tooltips."""

from __future__ import annotations

import collections
from datetime import datetime

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.layout import truncate_title
from kfp_jupyter.widget.reason_text import reason_text, waiting_text
from kfp_jupyter.widget.step_status import StepStatus
from kfp_jupyter.widget.style import CACHED, FROM_CACHE, PARTLY_RUN, SUSPENDED, Appearance, elapsed, node_appearance
from kfp_jupyter.workflow.step_graph import GroupNode, StepGraph, StepNode

MAX_NOTE = 40
PRESS_RESUME = "suspended; press Resume"


def status_appearance(status: StepStatus, *, ended: bool = False) -> Appearance:
    """Return the appearance of a step or group over all its iterations.

    Args:
        status: Its status.
        ended: Whether the run has ended, so that what has no node won't run any more.
    """
    return PARTLY_RUN if status.partly_run else node_appearance(status.node, ended=ended)


def iterations_text(status: StepStatus) -> str:
    """Return how many iterations have failed, or else are done and weren't run; empty outside loops."""
    if not status.repeated:
        return ""
    nodes = [node for _, node in status.nodes]
    phases = collections.Counter(node.phase for node in nodes)
    stopped = sum(node.stopped for node in nodes)
    failed = sum(node.phase.bad for node in nodes) - stopped
    if failed:
        return f"{failed} of {len(status.iterations)} failed"
    to_come = len(status.iterations) - len(nodes)
    numbers = {
        "stopped": stopped,
        "skipped": phases[Phase.SKIPPED],
        "not run": phases[Phase.OMITTED] + (to_come if status.run_ended else 0),
    }
    counted = f"{phases[Phase.SUCCEEDED]} of {len(status.iterations)} done"
    return ", ".join([counted, *(f"{number} {word}" for word, number in numbers.items() if number)])


def group_title(graph: StepGraph, group: GroupNode, status: StepStatus) -> str:
    """Return a group's title and how many of its iterations are done.

    Args:
        graph: Steps and groups of the pipeline.
        group: The group.
        status: Status of the step or group.
    """
    iterations = iterations_text(status) if group.loop or group.recursive else ""
    return " · ".join(filter(None, [truncate_title(graph.title(group)), iterations]))


def step_note(graph: StepGraph, step: StepNode, status: StepStatus) -> str:
    """Return the second line of a step's box; empty for none.

    Args:
        graph: Steps and groups of the pipeline.
        step: The step.
        status: Status of the step or group.
    """
    if status.repeated:
        return iterations_text(status)
    parts = [step.resource, f"for each of {step.loop}" if step.loop else ""]
    if step.test and not graph.has_condition_on_edge(step):
        parts.append(f"if {step.test}")
    told = ", ".join(filter(None, parts))
    around = [] if told else graph.groups_around(step.path)
    if any(group.loop for group in around):
        return "for each item"
    return "per iteration" if any(group.recursive for group in around) else one_line(told, 80)


def short_label(status: StepStatus, now: datetime) -> str:
    """Return the short label shown next to a step's name: iterations, elapsed time, or why it waits.

    Args:
        status: Status of the step or group.
        now: The current time.
    """
    node = status.node
    if status.repeated:
        return iterations_text(status)
    if node is not None and node_appearance(node) is CACHED:
        return FROM_CACHE
    if node is not None and node_appearance(node) is SUSPENDED:
        return PRESS_RESUME
    if node is not None and node.phase is Phase.PENDING:
        return one_line(waiting_text(node, now), MAX_NOTE)
    return elapsed(node, now)


def tooltip(status: StepStatus, now: datetime) -> str:
    """Return a step's tooltip: the full reason why it waits or failed, else its short label.

    Args:
        status: Status of the step or group.
        now: The current time.
    """
    node = status.node
    if node is None or status.repeated:
        return short_label(status, now)
    if node.phase is Phase.PENDING:
        return waiting_text(node, now)
    return ", ".join(filter(None, [short_label(status, now), reason_text(node) if node.reason else ""]))
