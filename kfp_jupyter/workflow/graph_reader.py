"""A Workflow becomes a graph: its templates, from the entrypoint down."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from kfp_jupyter.parsing.objects import Object
from kfp_jupyter.workflow.expressions import Scope, condition_text, loop_text, resource_text
from kfp_jupyter.workflow.step_graph import ON_EXIT, GroupNode, StepGraph, StepNode
from kfp_jupyter.workflow.task_order import TaskOrder
from kfp_jupyter.workflow.templates import templates_of
from kfp_jupyter.workflow.titles import group_kind, group_title, step_title
from kfp_jupyter.workflow.views import NO_TEMPLATE, Task, Template, WorkflowView


def step_graph(workflow: Object) -> StepGraph:
    """Return the steps that a Workflow runs, in their groups."""
    templates = templates_of(workflow)
    if not templates:
        return StepGraph()
    view = WorkflowView(workflow)
    entrypoint, on_exit = view.entrypoint, view.on_exit
    order = TaskOrder(workflow, templates)
    builder = _Builder(templates, order, step_title(templates.get(on_exit, NO_TEMPLATE), on_exit) if on_exit else "")
    if templates.get(entrypoint, NO_TEMPLATE).is_dag:
        builder.add_dag(entrypoint, "", {}, {})
    else:
        builder.add_step(Task({"template": entrypoint}), "", "", Scope({}, {}, templates), {})
    if on_exit:
        builder.add_on_exit(on_exit)
    return StepGraph(tuple(builder.nodes), tuple(dict.fromkeys(builder.edges)), tuple(builder.groups), order.known)


class _Builder:
    """Walks the templates from the root and collects the items to draw.

    Args:
        templates: All templates by name.
        order: The order in which tasks are drawn.
        on_exit: Title of the step that runs when the run ends; empty for none.
    """

    def __init__(self, templates: Mapping[str, Template], order: TaskOrder, on_exit: str) -> None:
        self.nodes: list[StepNode] = []
        self.edges: list[tuple[str, str]] = []
        self.groups: list[GroupNode] = []
        self._templates, self._order, self._on_exit = templates, order, on_exit
        self._again: set[str] = set()

    def add_dag(self, name: str, path: str, inputs: Mapping[str, str], around: Mapping[str, str]) -> None:
        """Add the tasks of a DAG template.

        Args:
            name: The template.
            path: Of the group it makes; empty for the root.
            inputs: Its input parameters in words.
            around: Templates of this group and those around it → their paths.
        """
        tasks = {task.name: task for task in self._order.sorted(self._templates[name].dag_tasks)}
        scope = Scope({key: task.template for key, task in tasks.items()}, inputs, self._templates)
        for task in tasks.values():
            self._add_task(task, path, scope, {**around, name: path})
        for key, task in tasks.items():
            self.edges += [(_join(path, other), _join(path, key)) for other in _dependencies(task, tasks)]

    def add_step(self, task: Task, path: str, group: str, scope: Scope, around: Mapping[str, str]) -> None:
        """Add a task that is drawn as one step."""
        name = task.template
        template = self._templates.get(name, NO_TEMPLATE)
        again = around.get(name)
        if again is not None:
            self._again.add(again)
        label = step_title(template, task.name or name)
        self.nodes.append(
            StepNode(
                path,
                label if again is None else f"Again: {group_title(name, label)}",
                name,
                group,
                test=condition_text(task.raw.get("when"), scope),
                loop=loop_text(task, scope),
                resource=resource_text(template, scope.inside(task)),
                again=again,
            )
        )

    def add_on_exit(self, name: str) -> None:
        """Add the exit handler's step, after all last steps."""
        tops = [item.path for item in StepGraph((*self.nodes,), (), (*self.groups,)).items if not item.group]
        followed = {source for source, _ in self.edges}
        ends = [path for path in tops if path not in followed]
        guarded = [group.path for group in self.groups if group.path in ends and group.kind == "exit"]
        self.edges += [(path, ON_EXIT) for path in guarded or ends]
        if self._templates.get(name, NO_TEMPLATE).is_dag:
            self.groups.append(GroupNode(ON_EXIT, "group", "On exit", name))
            self.add_dag(name, ON_EXIT, {}, {})
        else:
            self.nodes.append(StepNode(ON_EXIT, f"On exit: {self._on_exit}", name))

    def _add_task(self, task: Task, group: str, scope: Scope, around: Mapping[str, str]) -> None:
        path, name = _join(group, task.name), task.template
        template = self._templates.get(name, NO_TEMPLATE)
        if not template.is_dag or name in around:  # a group that runs itself again has no end: drawn as a step
            self.add_step(task, path, group, scope, around)
            return
        test, loop = condition_text(task.raw.get("when"), scope), loop_text(task, scope)
        kind = group_kind(task.name, condition=bool(test), loop=bool(loop))
        at = len(self.groups)
        self.add_dag(name, path, scope.inside(task), around)
        made = GroupNode(
            path,
            kind,
            step_title(template, "") or group_title(name),
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


def _dependencies(task: Task, known: Container[str]) -> list[str]:
    """Return the tasks this one waits for, named by `dependencies` or in the expression `depends`."""
    named = task.dependencies or _NAME.findall(str(task.raw.get("depends") or ""))
    return [name for name in dict.fromkeys(named) if name in known]


_NAME = re.compile(r"([A-Za-z0-9_][-A-Za-z0-9_]*)(?:\.[A-Za-z]+)?")
