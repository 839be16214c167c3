"""The order in which steps are displayed: as their author wrote them.

A Workflow of the KFP v1 dialect lists tasks by name: ``w``, ``w-10``, ``w-2``. What is drawn of a pipeline carries the
order of its function in an annotation of our own, which runs keep. Without it, names that are sorted as text are
sorted with their numbers as numbers, which is the order written for tasks of one component; any other order is one
that somebody chose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from kfp_jupyter.parsing.objects import Object, section
from kfp_jupyter.workflow.dialect import TASK_ORDER
from kfp_jupyter.workflow.views import Task, Template, WorkflowView

MAX_ORDER = 32_000
"""Characters of the longest order that is noted: all annotations of an object may have 262,144 bytes."""


def in_order(workflow: Object, names: Sequence[str]) -> Object:
    """Return a Workflow with the order of its tasks in an annotation; unchanged if there are too many tasks.

    Args:
        workflow: The Workflow.
        names: Its tasks as their author wrote them.
    """
    text = json.dumps(list(names))
    if len(text) > MAX_ORDER:
        return workflow
    annotations = {**WorkflowView(workflow).annotations, TASK_ORDER: text}
    return {**workflow, "metadata": {**section(workflow, "metadata"), "annotations": annotations}}


class TaskOrder:
    """The order of a Workflow's tasks.

    Args:
        workflow: The Workflow.
        templates: Its templates by name.
    """

    def __init__(self, workflow: Object, templates: Mapping[str, Template]) -> None:
        self._templates = templates
        self._places = _places(workflow)
        self._firsts: dict[str, float] = {}

    @property
    def known(self) -> bool:
        """Whether the author's order is known."""
        return bool(self._places)

    def sorted(self, tasks: Sequence[Task]) -> list[Task]:
        """Return the tasks of a DAG in the order written; a group has the place of its first task."""
        names = [task.name for task in tasks]
        if not self.known and names != sorted(names):
            return list(tasks)
        return sorted(tasks, key=lambda task: (self._place(task) if self.known else 0, _natural(task.name)))

    def _place(self, task: Task) -> float:
        own = self._places.get(task.name)
        return self._first(task.template) if own is None else own

    def _first(self, template: str) -> float:
        """Return the place of the first task in a group."""
        if template not in self._firsts:
            self._firsts[template] = float("inf")  # a group that runs itself again is inside itself
            tasks = self._templates[template].dag_tasks if template in self._templates else ()
            self._firsts[template] = min(map(self._place, tasks), default=float("inf"))
        return self._firsts[template]


def _places(workflow: Object) -> dict[str, int]:
    text = WorkflowView(workflow).annotations.get(TASK_ORDER)
    try:
        names = json.loads(text) if isinstance(text, str) else []
    except ValueError:
        return {}  # a Workflow by another hand may hold anything here
    return {str(name): place for place, name in enumerate(names)} if isinstance(names, list) else {}


def _natural(name: str) -> list[str | int]:
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name, flags=re.ASCII)]
