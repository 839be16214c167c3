"""A Workflow's templates: its own, and those of WorkflowTemplates that it refers to.

Argo keeps what it has read of WorkflowTemplates in the status: ``storedWorkflowTemplateSpec`` is the spec of the one
that ``spec.workflowTemplateRef`` names, ``storedTemplates`` holds templates that tasks name by ``templateRef``, by
``namespaced/<WorkflowTemplate>/<template>`` or ``cluster/…``; one that is written inside a task of them is
``…/inline/<task>`` (``WorkflowStatus`` in Argo's field reference, and ``workflow/templateresolution/context.go``). A
template is stored when the run comes to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.parsing.objects import Object, entries, section
from kfp_jupyter.workflow.views import Template, WorkflowView


def templates_of(workflow: Object) -> dict[str, Template]:
    """Return a Workflow's templates by name, and stored ones by their keys.

    Each task in them has its template's key: ``template`` replaces ``templateRef``.
    """
    own = {str(template.get("name")): template for template in entries(WorkflowView(workflow).spec, "templates")}
    stored = section(workflow, "status", "storedTemplates")
    found = {str(key): section(stored, key) for key in stored}
    return {name: Template(_bound(template, "")) for name, template in own.items()} | {
        key: Template(_bound(template, "/".join(key.split("/")[:2]))) for key, template in found.items()
    }


def is_whole(workflow: Object) -> bool:
    """Whether all templates that a Workflow refers to are known."""
    templates = templates_of(workflow)
    if section(workflow, "spec", "workflowTemplateRef") and not templates:
        return False
    named = {task.template for template in templates.values() for task in template.tasks if task.template}
    return named <= templates.keys()


def plain_name(template: str) -> str:
    """Return the author's name of a template, by its key in `templates_of`."""
    return template.rpartition("/")[2]


def _bound(template: Object, scope: str) -> Object:
    """Return a template whose tasks refer by key to templates that aren't the Workflow's own.

    Args:
        template: The template.
        scope: The beginning of its key; empty for the Workflow's own.
    """
    view = Template(template)
    tasks = [task.raw for task in view.tasks]
    if not scope and not any("templateRef" in task for task in tasks):
        return template
    if view.is_dag:
        return {**template, "dag": {**section(template, "dag"), "tasks": [_named(task, scope) for task in tasks]}}
    groups = [[_named(task.raw, scope) for task in group] for group in view.step_groups]
    return {**template, "steps": groups} if groups else template


def _named(task: Object, scope: str) -> Mapping[str, Any]:
    ref = section(task, "templateRef")
    if ref:
        kind = "cluster" if ref.get("clusterScope") else "namespaced"
        return {key: value for key, value in task.items() if key != "templateRef"} | {
            "template": f"{kind}/{ref.get('name')}/{ref.get('template')}"
        }
    if scope and task.get("inline"):
        return {**task, "template": f"{scope}/inline/{task.get('name')}"}
    return {**task, "template": f"{scope}/{task['template']}"} if scope and task.get("template") else task
