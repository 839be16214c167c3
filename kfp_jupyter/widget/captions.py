"""What is told beside the names of steps and groups: on their boxes, on their chips."""

from __future__ import annotations

from datetime import datetime

from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.elements import GroupNode, StepGraph, StepNode
from kfp_jupyter.widget.layout import shown
from kfp_jupyter.widget.reasons import waiting_text, why
from kfp_jupyter.widget.standing import Standing
from kfp_jupyter.widget.stopped import stopped_node
from kfp_jupyter.widget.style import CACHED, FROM_CACHE, SUSPENDED, look_of, took
from kfp_jupyter.widget.text import one_line

MAX_NOTE = 40
PRESS_RESUME = "suspended; press Resume"


def turns_text(standing: Standing) -> str:
    """Return how many turns of a loop are done, or how many have failed, in words; empty where there is one."""
    if not standing.repeated:
        return ""
    nodes = [node for _, node in standing.nodes]
    failed = sum(node.phase.bad and not stopped_node(node) for node in nodes)
    done = sum(node.phase.finished and not node.phase.bad for node in nodes)
    return f"{failed or done} of {len(standing.turns)} {'failed' if failed else 'done'}"


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
