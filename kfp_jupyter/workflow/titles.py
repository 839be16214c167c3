"""Titles of a pipeline, a step and a group, read from the names that the compiler made from them."""

from __future__ import annotations

import re
from typing import Literal

from kfp_jupyter.naming import k8s_name
from kfp_jupyter.parsing.objects import Object
from kfp_jupyter.workflow.dialect import CONDITION, DISPLAY_NAME, EXIT_HANDLER, FOR_LOOP, GRAPH, SUBGRAPH
from kfp_jupyter.workflow.specs import component_spec, pipeline_spec
from kfp_jupyter.workflow.templates import plain_name
from kfp_jupyter.workflow.views import Template, WorkflowView

GroupKind = Literal["condition", "loop", "exit", "graph", "group"]

_NUMBERED = re.compile(r"(.+)-(\d+)")
_GENERATED = re.compile(rf"(?:{CONDITION}|{FOR_LOOP}|{EXIT_HANDLER}|{SUBGRAPH}|{GRAPH})((?:-.+)?)-\d+")


def pipeline_name(workflow: Object) -> str:
    """Return the pipeline's name, or the nearest thing to one."""
    view = WorkflowView(workflow)
    name = pipeline_spec(workflow).name or view.generate_name or view.name
    return name.rstrip("-") or "pipeline"


def pipeline_description(workflow: Object) -> str:
    """Return the pipeline's description; empty for none."""
    return pipeline_spec(workflow).description


def step_title(template: Template, task: str) -> str:
    """Return a step's title: its display name, its component's title, or its task's name.

    Args:
        template: The template it runs.
        task: The task's name. Of several tasks of a component all but the first end in a number, which is kept.
    """
    given = template.annotations.get(DISPLAY_NAME)
    if given:
        return str(given)
    title = component_spec(template).name
    if not title:
        return task
    number = _NUMBERED.fullmatch(task)
    return f"{title} ({number[2]})" if number and k8s_name(number[1]) == k8s_name(title) else title


def group_title(template: str, otherwise: str = "") -> str:
    """Return the author's part of a group's name: ``flip`` of ``graph-flip-1``, nothing of ``condition-3``.

    Args:
        template: The group's template.
        otherwise: What to return for a name that the compiler hasn't made; the name itself unless given.
    """
    match = _GENERATED.fullmatch(template)
    return (match[1] or "").strip("-") if match else otherwise or plain_name(template)


def group_kind(task: str, *, condition: bool, loop: bool) -> GroupKind:
    """Return a group's kind.

    Args:
        task: The task that runs it.
        condition: Whether it has one.
        loop: Whether it is repeated.
    """
    if loop or condition:
        return "loop" if loop else "condition"
    prefixes: tuple[tuple[str, GroupKind], ...] = ((EXIT_HANDLER, "exit"), (GRAPH, "graph"))
    return next((kind for prefix, kind in prefixes if task.startswith(f"{prefix}-")), "group")
