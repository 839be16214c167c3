"""A Workflow as a graph of steps, and what a run's state says of each step."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from kfp_jupyter.engines.base import Workflow
from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.widget.pipeline import display_name, templates_of


@dataclasses.dataclass(frozen=True, slots=True)
class StepNode:
    """One step to draw.

    Attributes:
        path: Task names from the root joined by dots, as `NodeState.path`; empty where the root itself is the step.
        label: What people call it.
        template: Name of the template it runs.
    """

    path: str
    label: str
    template: str


@dataclasses.dataclass(frozen=True, slots=True)
class StepGraph:
    """The steps of a pipeline and what follows what.

    Attributes:
        nodes: The steps, in the order the Workflow names them.
        edges: Pairs of paths: the first runs before the second.
    """

    nodes: tuple[StepNode, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()

    def node(self, path: str) -> StepNode | None:
        """Return the step of that path, if there is one."""
        return next((node for node in self.nodes if node.path == path), None)


def step_graph(workflow: Workflow) -> StepGraph:
    """Return the steps that a Workflow runs; groups of steps (nested DAGs) are drawn as what is in them."""
    templates = templates_of(workflow)
    if not templates:
        return StepGraph()
    part = _part(templates, (workflow.get("spec") or {}).get("entrypoint", ""), "", ())
    return StepGraph(part.nodes, tuple(dict.fromkeys(part.edges)))


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """A drawn template: `first` and `last` are where edges into and out of it attach."""

    nodes: tuple[StepNode, ...]
    edges: tuple[tuple[str, str], ...]
    first: tuple[str, ...]
    last: tuple[str, ...]


def _part(templates: Mapping[str, Mapping[str, Any]], name: str, path: str, ancestors: tuple[str, ...]) -> _Part:
    template = templates.get(name, {})
    dag = template.get("dag")
    if not dag or name in ancestors:  # a template that calls itself has no end: drawn as one step
        label = display_name(template) or path.rpartition(".")[2] or name
        return _Part((StepNode(path, label, name),), (), (path,), (path,))
    tasks = dag.get("tasks") or ()
    parts = {
        task["name"]: _part(
            templates, task.get("template", ""), f"{path}.{task['name']}" if path else task["name"], (*ancestors, name)
        )
        for task in tasks
    }
    needs = {task["name"]: _dependencies(task, parts) for task in tasks}
    needed = {other for others in needs.values() for other in others}
    edges = [edge for part in parts.values() for edge in part.edges]
    for task, others in needs.items():
        edges += [(a, b) for other in others for a in parts[other].last for b in parts[task].first]
    return _Part(
        nodes=tuple(node for part in parts.values() for node in part.nodes),
        edges=tuple(edges),
        first=tuple(path for task, others in needs.items() if not others for path in parts[task].first),
        last=tuple(path for task in parts if task not in needed for path in parts[task].last),
    )


def _dependencies(task: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """Return the tasks this one waits for, named by `dependencies` or in the expression `depends`."""
    named = task.get("dependencies") or _NAME.findall(task.get("depends") or "")
    return [name for name in dict.fromkeys(named) if name in known]


_NAME = re.compile(r"([A-Za-z0-9_][-A-Za-z0-9_]*)(?:\.[A-Za-z]+)?")


def step_states(graph: StepGraph, state: RunState | None) -> dict[str, NodeState | None]:
    """Return, for each step of the graph by path, the node of the run that tells how it stands; None where none does.

    A step in a loop stands for all its turns: the one that most needs a look speaks for them. A step in a group
    that was skipped as a whole has no node of its own; the group's speaks for it.
    """
    if state is None:
        return dict.fromkeys(node.path for node in graph.nodes)
    exact = state.by_path()
    turns: dict[str, list[NodeState]] = {}
    for path, node in exact.items():
        turns.setdefault(_TURN.sub("", path), []).append(node)
    return {node.path: _state_of(node.path, exact, turns) for node in graph.nodes}


_TURN = re.compile(r"\(\d+(:.*?)?\)(?=\.|$)")
_URGENCY = [
    Phase.FAILED,
    Phase.ERROR,
    Phase.RUNNING,
    Phase.PENDING,
    Phase.SUCCEEDED,
    Phase.SKIPPED,
    Phase.OMITTED,
]


def _state_of(path: str, exact: Mapping[str, NodeState], turns: Mapping[str, list[NodeState]]) -> NodeState | None:
    if path in exact:
        return exact[path]
    if path in turns:
        return min(turns[path], key=lambda node: _URGENCY.index(node.phase))
    for group in _groups(path):
        node = exact.get(group)
        if node is not None and node.phase in (Phase.SKIPPED, Phase.OMITTED):
            return node
    return None


def _groups(path: str) -> Iterable[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        yield path
