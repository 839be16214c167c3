"""What a Workflow object runs: its own spec and templates, and those of WorkflowTemplates that it refers to.

Argo keeps what it has read of WorkflowTemplates in the status: ``storedWorkflowTemplateSpec`` is the spec of the one
that ``spec.workflowTemplateRef`` names, ``storedTemplates`` holds templates that tasks name by ``templateRef``, by
``namespaced/<WorkflowTemplate>/<template>`` or ``cluster/…`` (`WorkflowStatus` in Argo's API reference); one that
is written inside a task of them is ``…/inline/<task>``. A template is stored when the run comes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Template = Mapping[str, Any]


def spec_of(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a Workflow does; of a run of a WorkflowTemplate, what that one says."""
    stored = (workflow.get("status") or {}).get("storedWorkflowTemplateSpec") or {}
    return dict(workflow.get("spec") or {}) | dict(stored)


def templates_of(workflow: Mapping[str, Any]) -> dict[str, Template]:
    """Return a Workflow's templates by name, and stored ones by their keys.

    Each task in them names its template by what it is called here: ``template`` takes the place of ``templateRef``.
    """
    stored = (workflow.get("status") or {}).get("storedTemplates") or {}
    own = {str(template["name"]): _bound(template, "") for template in spec_of(workflow).get("templates") or ()}
    return own | {key: _bound(template, "/".join(key.split("/")[:2])) for key, template in stored.items()}


def is_whole(workflow: Mapping[str, Any]) -> bool:
    """Whether all that a Workflow refers to is known."""
    templates = templates_of(workflow)
    if (workflow.get("spec") or {}).get("workflowTemplateRef") and not templates:
        return False
    named = {task["template"] for template in templates.values() for task in tasks_of(template) if "template" in task}
    return named <= templates.keys()


def tasks_of(template: Template) -> Iterator[Mapping[str, Any]]:
    """Yield the tasks of a DAG or of a list of steps."""
    yield from (template.get("dag") or {}).get("tasks") or ()
    for together in template.get("steps") or ():
        yield from together


def plain_name(template: str) -> str:
    """Return the name of a template that `templates_of` calls so, as its author wrote it."""
    return template.rpartition("/")[2]


def _bound(template: Template, scope: str) -> Template:
    """Return a template whose tasks name their templates by key, where these are not the Workflow's own.

    Args:
        template: The template.
        scope: The beginning of its key; empty for the Workflow's own.
    """
    if template.get("dag"):
        dag = dict(template["dag"])
        return dict(template) | {"dag": dag | {"tasks": [_named(task, scope) for task in dag.get("tasks") or ()]}}
    if template.get("steps"):
        return dict(template) | {"steps": [[_named(task, scope) for task in group] for group in template["steps"]]}
    return template


def _named(task: Mapping[str, Any], scope: str) -> Mapping[str, Any]:
    ref = task.get("templateRef")
    if ref:
        kind = "cluster" if ref.get("clusterScope") else "namespaced"
        return {key: value for key, value in task.items() if key != "templateRef"} | {
            "template": f"{kind}/{ref.get('name')}/{ref.get('template')}"
        }
    if scope and task.get("inline"):
        return dict(task) | {"template": f"{scope}/inline/{task['name']}"}
    return dict(task) | {"template": f"{scope}/{task['template']}"} if scope and task.get("template") else task
