"""A Workflow becomes a graph: its templates, from the entrypoint down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.base import Workflow
from kfp_jupyter.runs.templates import plain_name, spec_of, templates_of
from kfp_jupyter.widget.elements import ON_EXIT, GroupKind, GroupNode, StepGraph, StepNode
from kfp_jupyter.widget.pipeline import title_of
from kfp_jupyter.widget.task_order import TaskOrder
from kfp_jupyter.widget.wording import Scope, condition_text, loop_text, resource_text


def step_graph(workflow: Workflow) -> StepGraph:
    """Return the steps that a Workflow runs, in their groups."""
    templates = templates_of(workflow)
    if not templates:
        return StepGraph()
    spec = spec_of(workflow)
    entrypoint, on_exit = spec.get("entrypoint", ""), spec.get("onExit") or ""
    order = TaskOrder(workflow, templates)
    builder = _Builder(templates, order, title_of(templates.get(on_exit, {}), on_exit) if on_exit else "")
    if templates.get(entrypoint, {}).get("dag"):
        builder.add_dag(entrypoint, "", {}, {})
    else:
        builder.add_step({"name": "", "template": entrypoint}, "", "", Scope({}, {}, templates), {})
    if on_exit:
        builder.add_on_exit(on_exit)
    return StepGraph(tuple(builder.nodes), tuple(dict.fromkeys(builder.edges)), tuple(builder.groups), order.known)


class _Builder:
    """Walks the templates from the root and collects what is to be drawn.

    Args:
        templates: All templates by name.
        order: In which order tasks are drawn.
        on_exit: What people call the step that runs when the run ends; empty for none.
    """

    def __init__(self, templates: Mapping[str, Mapping[str, Any]], order: TaskOrder, on_exit: str) -> None:
        self.nodes: list[StepNode] = []
        self.edges: list[tuple[str, str]] = []
        self.groups: list[GroupNode] = []
        self._templates, self._order, self._on_exit = templates, order, on_exit
        self._again: set[str] = set()

    def add_dag(self, name: str, path: str, inputs: Mapping[str, str], around: Mapping[str, str]) -> None:
        """Add what stands in a DAG template.

        Args:
            name: The template.
            path: Of the group it makes; empty for the root.
            inputs: Its input parameters in words.
            around: Templates of this group and those around it → their paths.
        """
        listed = (self._templates[name].get("dag") or {}).get("tasks") or ()
        tasks = {task["name"]: task for task in self._order.sorted(listed)}
        scope = Scope({key: task.get("template", "") for key, task in tasks.items()}, inputs, self._templates)
        for task in tasks.values():
            self._add_task(task, path, scope, {**around, name: path})
        for key, task in tasks.items():
            self.edges += [(_join(path, other), _join(path, key)) for other in _dependencies(task, tasks)]

    def add_step(self, task: Mapping[str, Any], path: str, group: str, scope: Scope, around: Mapping[str, str]) -> None:
        """Add a task that is one box."""
        name = task.get("template", "")
        template = self._templates.get(name, {})
        again = around.get(name)
        if again is not None:
            self._again.add(again)
        label = title_of(template, task["name"] or name)
        self.nodes.append(
            StepNode(
                path,
                label if again is None else f"Again: {_given_name(name, label)}",
                name,
                group,
                test=condition_text(task.get("when"), scope),
                loop=loop_text(task, scope),
                resource=resource_text(template, scope.inside(task)),
                again=again,
            )
        )

    def add_on_exit(self, name: str) -> None:
        """Add what runs at the end, behind all that nothing else follows."""
        tops = [item.path for item in StepGraph((*self.nodes,), (), (*self.groups,)).items if not item.group]
        followed = {source for source, _ in self.edges}
        ends = [path for path in tops if path not in followed]
        guarded = [group.path for group in self.groups if group.path in ends and group.kind == "exit"]
        self.edges += [(path, ON_EXIT) for path in guarded or ends]
        if self._templates.get(name, {}).get("dag"):
            self.groups.append(GroupNode(ON_EXIT, "group", "On exit", name))
            self.add_dag(name, ON_EXIT, {}, {})
        else:
            self.nodes.append(StepNode(ON_EXIT, f"On exit: {self._on_exit}", name))

    def _add_task(self, task: Mapping[str, Any], group: str, scope: Scope, around: Mapping[str, str]) -> None:
        path, name = _join(group, task["name"]), task.get("template", "")
        template = self._templates.get(name, {})
        if not template.get("dag") or name in around:  # a group that runs itself again has no end: drawn as a step
            self.add_step(task, path, group, scope, around)
            return
        test, loop = condition_text(task.get("when"), scope), loop_text(task, scope)
        kind = _kind(task["name"], test, loop)
        at = len(self.groups)
        self.add_dag(name, path, scope.inside(task), around)
        made = GroupNode(
            path,
            kind,
            title_of(template, "") or _given_name(name, ""),
            name,
            group,
            test=test,
            loop=loop,
            followed_by=self._on_exit if kind == "exit" else "",
            recursive=path in self._again,
        )
        self.groups.insert(at, made)


def _join(group: str, name: str) -> str:
    return f"{group}.{name}" if group else name


def _kind(task: str, test: str, loop: str) -> GroupKind:
    if loop or test:
        return "loop" if loop else "condition"
    prefixes: tuple[tuple[str, GroupKind], ...] = (("exit-handler-", "exit"), ("graph-", "graph"))
    return next((kind for prefix, kind in prefixes if task.startswith(prefix)), "group")


def _given_name(template: str, otherwise: str) -> str:
    """Return the author's part of a group's name: ``flip`` of ``graph-flip-1``, nothing of ``condition-3``."""
    match = _GENERATED.fullmatch(template)
    return (match[1] or "").strip("-") if match else otherwise or plain_name(template)


_GENERATED = re.compile(r"(?:condition|for-loop|exit-handler|subgraph|graph)((?:-.+)?)-\d+")


def _dependencies(task: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """Return the tasks this one waits for, named by `dependencies` or in the expression `depends`."""
    named = task.get("dependencies") or _NAME.findall(task.get("depends") or "")
    return [name for name in dict.fromkeys(named) if name in known]


_NAME = re.compile(r"([A-Za-z0-9_][-A-Za-z0-9_]*)(?:\.[A-Za-z]+)?")
