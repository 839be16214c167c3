"""What is told beside the names of steps and groups: on their boxes, on their chips."""

from __future__ import annotations

import collections
from datetime import datetime

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.layout import shown
from kfp_jupyter.widget.reasons import waiting_text, why
from kfp_jupyter.widget.standing import Standing
from kfp_jupyter.widget.style import CACHED, FROM_CACHE, PARTLY_RUN, SUSPENDED, Look, look_of, took
from kfp_jupyter.workflow.step_graph import GroupNode, StepGraph, StepNode

MAX_NOTE = 40
PRESS_RESUME = "suspended; press Resume"


def look_at(standing: Standing, *, ended: bool = False) -> Look:
    """Return how a step or group is shown, all its turns taken together.

    Args:
        standing: How it stands.
        ended: Whether the run has ended, so that what has no node won't run any more.
    """
    return PARTLY_RUN if standing.partly_run else look_of(standing.node, ended=ended)


def turns_text(standing: Standing) -> str:
    """Return how many turns of a loop have failed, or else are done and weren't run; empty where there is one."""
    if not standing.repeated:
        return ""
    nodes = [node for _, node in standing.nodes]
    phases = collections.Counter(node.phase for node in nodes)
    stopped = sum(node.stopped for node in nodes)
    failed = sum(node.phase.bad for node in nodes) - stopped
    if failed:
        return f"{failed} of {len(standing.turns)} failed"
    to_come = len(standing.turns) - len(nodes)
    numbers = {
        "stopped": stopped,
        "skipped": phases[Phase.SKIPPED],
        "not run": phases[Phase.OMITTED] + (to_come if standing.over else 0),
    }
    counted = f"{phases[Phase.SUCCEEDED]} of {len(standing.turns)} done"
    return ", ".join([counted, *(f"{number} {word}" for word, number in numbers.items() if number)])


def group_title(graph: StepGraph, group: GroupNode, standing: Standing) -> str:
    """Return what stands on a group: what it is, and how many of its turns are done."""
    turns = turns_text(standing) if group.loop or group.recursive else ""
    return " · ".join(filter(None, [shown(graph.title(group)), turns]))


def step_note(graph: StepGraph, step: StepNode, standing: Standing) -> str:
    """Return the second line of a step's box; empty where there is none."""
    if standing.repeated:
        return turns_text(standing)
    parts = [step.resource, f"for each of {step.loop}" if step.loop else ""]
    if step.test and not graph.told_on_edge(step):
        parts.append(f"if {step.test}")
    told = ", ".join(filter(None, parts))
    around = [] if told else graph.groups_around(step.path)
    if any(group.loop for group in around):
        return "for each item"
    return "in each round" if any(group.recursive for group in around) else one_line(told, 80)


def note_of(standing: Standing, now: datetime) -> str:
    """Return what is worth a word beside a step's name: its turns, how long it worked, or why it did not or not yet."""
    node = standing.node
    if standing.repeated:
        return turns_text(standing)
    if node is not None and look_of(node) is CACHED:
        return FROM_CACHE
    if node is not None and look_of(node) is SUSPENDED:
        return PRESS_RESUME
    if node is not None and node.phase is Phase.PENDING:
        return one_line(waiting_text(node, now), MAX_NOTE)
    return took(node, now)


def told_of(standing: Standing, now: datetime) -> str:
    """Return what is said of a step where there is room: why it waits or failed in full, else its note."""
    node = standing.node
    if node is None or standing.repeated:
        return note_of(standing, now)
    if node.phase is Phase.PENDING:
        return waiting_text(node, now)
    return ", ".join(filter(None, [note_of(standing, now), why(node) if node.reason else ""]))
