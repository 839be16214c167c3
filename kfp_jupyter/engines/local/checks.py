"""Which Workflows can run here: an allow-list of keys.

A Workflow is compared with the keys below before its run starts. A key that isn't listed is refused by name, so that
nothing that Argo would do is silently left out.

Source of the keys: https://argo-workflows.readthedocs.io/en/release-3.7/fields/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kfp_jupyter.engines.local.path_map import leads_up
from kfp_jupyter.errors import EngineError, UnsupportedWorkflowError
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow import tags

# Of no effect on one machine: where a pod is placed, as whom it runs, how its image is fetched, when it is removed.
_PLACEMENT = {"serviceAccountName", "nodeSelector", "tolerations", "affinity", "schedulerName", "priorityClassName"}

_WORKFLOW = {"apiVersion", "kind", "metadata", "spec", "status"}
_SPEC = _PLACEMENT | {"entrypoint", "templates", "arguments", "parallelism"}
_SPEC |= {"imagePullSecrets", "podMetadata", "podGC", "ttlStrategy"}
_TEMPLATE = _PLACEMENT | {"name", "inputs", "outputs", "metadata", "container", "dag"}
_CONTAINER = {"name", "image", "command", "args", "env", "resources", "imagePullPolicy", "ports"}
_INPUT_PARAMETER = {"name", "value", "default", "description", "enum"}
_INPUT_ARTIFACT = {"name", "path", "raw", "optional"}
_OUTPUT_PARAMETER = {"name", "value", "valueFrom", "description"}
_OUTPUT_ARTIFACT = {"name", "path", "from", "optional", "archive"}
_TASK = {"name", "template", "dependencies", "arguments"}
_ARTIFACT_ARGUMENT = {"name", "from", "raw", "optional"}

# What a task can be asked beside its outputs.
_TASK_FACTS = {"id", "status", "startedAt", "finishedAt", "exitCode"}

_EMPTY: tuple[Any, ...] = (None, [], {}, "", False)
_REMEDY = "Run the pipeline on a cluster."


def check_workflow(workflow: Mapping[str, Any]) -> None:
    """Refuse a Workflow that this engine can't run as Argo would.

    Raises:
        UnsupportedWorkflowError: It has something this engine doesn't.
        EngineError: It is wrong in itself (an unknown template, a circle of tasks, …).
    """
    if workflow.get("kind") != "Workflow" or not isinstance(workflow.get("spec"), Mapping):
        raise EngineError("This is not an Argo Workflow.", remedy="Compile the pipeline with kfp_jupyter's compiler.")
    _allow(workflow, _WORKFLOW, "The workflow")
    spec = workflow["spec"]
    _allow(spec, _SPEC, "The workflow")
    arguments = section(spec, "arguments")
    _allow(arguments, {"parameters", "artifacts"}, "The workflow's arguments")
    for artifact in entries(arguments, "artifacts"):
        _allow(artifact, {"name", "raw"}, f"The workflow's artifact {artifact.get('name')!r}")
    templates = {str(template.get("name")): template for template in entries(spec, "templates")}
    if spec.get("entrypoint") not in templates:
        raise EngineError(f"The workflow has no template for its entrypoint {spec.get('entrypoint')!r}.")
    for template in templates.values():
        _check_template(template, templates)
    _check_nesting(spec["entrypoint"], templates, ())
    _check_resolvable(templates[spec["entrypoint"]], {a["name"] for a in entries(arguments, "artifacts")})


def _allow(given: Mapping[str, Any], known: set[str], where: str) -> None:
    for key, value in given.items():
        if key not in known and value not in _EMPTY:
            raise UnsupportedWorkflowError(
                f"{where} uses {key!r}, which the local engine doesn't support.", remedy=_REMEDY
            )


def _check_template(template: Mapping[str, Any], templates: Mapping[str, Any]) -> None:
    where = f"The template {template.get('name')!r}"
    _allow(template, _TEMPLATE, where)
    _check_io(template, where)
    if template.get("dag"):
        _check_dag(template, templates, where)
    elif template.get("container"):
        _check_container(template["container"], where)
    else:
        raise UnsupportedWorkflowError(f"{where} has neither a container nor a DAG.", remedy=_REMEDY)
    for text in _texts(template):
        if "{{=" in text:
            raise UnsupportedWorkflowError(
                f"{where} uses an expression "
                f"({text[text.index('{{=') :][:40]}), which the local engine doesn't support.",
                remedy=_REMEDY,
            )


def _check_io(template: Mapping[str, Any], where: str) -> None:
    inputs, outputs = section(template, "inputs"), section(template, "outputs")
    _allow(inputs, {"parameters", "artifacts"}, f"{where} (inputs)")
    _allow(outputs, {"parameters", "artifacts"}, f"{where} (outputs)")
    for parameter in entries(inputs, "parameters"):
        _allow(parameter, _INPUT_PARAMETER, f"{where} (input {parameter.get('name')!r})")
    for artifact in entries(inputs, "artifacts"):
        _allow(artifact, _INPUT_ARTIFACT, f"{where} (input {artifact.get('name')!r})")
        _allow(section(artifact, "raw"), {"data"}, f"{where} (input {artifact.get('name')!r})")
    artifacts = (*entries(inputs, "artifacts"), *entries(outputs, "artifacts"))
    for path in (*(artifact.get("path") for artifact in artifacts), *_value_paths(outputs)):
        if path and leads_up(str(path)):
            raise EngineError(
                f"{where} has the path {path!r}, which leads out of the directory in which the step runs."
            )
    for parameter in entries(outputs, "parameters"):
        at = f"{where} (output {parameter.get('name')!r})"
        _allow(parameter, _OUTPUT_PARAMETER, at)
        _allow(section(parameter, "valueFrom"), {"path", "parameter", "default"}, at)
    for artifact in entries(outputs, "artifacts"):
        _allow(artifact, _OUTPUT_ARTIFACT, f"{where} (output {artifact.get('name')!r})")


def _value_paths(outputs: Mapping[str, Any]) -> Iterator[Any]:
    for parameter in entries(outputs, "parameters"):
        yield section(parameter, "valueFrom").get("path")


def _check_container(container: Mapping[str, Any], where: str) -> None:
    _allow(container, _CONTAINER, where)
    for variable in entries(container, "env"):
        _allow(variable, {"name", "value"}, f"{where} (environment variable {variable.get('name')!r})")
    if not container.get("command"):
        raise UnsupportedWorkflowError(
            f"{where} has no command, and the entrypoint of its image {container.get('image')!r} isn't known here.",
            remedy="Give the component a command.",
        )


def _check_dag(template: Mapping[str, Any], templates: Mapping[str, Any], where: str) -> None:
    dag = template["dag"]
    # failFast changes nothing that can be seen here: branches beside a failure go on to their ends either way.
    _allow(dag, {"tasks", "failFast"}, where)
    tasks = {str(task.get("name")): task for task in entries(dag, "tasks")}
    if len(tasks) < len(entries(dag, "tasks")):
        raise EngineError(f"{where} has two tasks with the same name.")
    for name, task in tasks.items():
        at = f"The task {name!r} of template {template['name']!r}"
        _allow(task, _TASK, at)
        arguments = section(task, "arguments")
        _allow(arguments, {"parameters", "artifacts"}, at)
        for parameter in entries(arguments, "parameters"):
            _allow(parameter, {"name", "value"}, f"{at} (argument {parameter.get('name')!r})")
        for artifact in entries(arguments, "artifacts"):
            _allow(artifact, _ARTIFACT_ARGUMENT, f"{at} (argument {artifact.get('name')!r})")
        if task.get("template") not in templates:
            raise EngineError(f"{at} runs the template {task.get('template')!r}, which the workflow doesn't have.")
        _check_arguments(task, templates[task["template"]], at)
        earlier = _ancestors(name, tasks, at)
        for reference in _references(arguments):
            _check_reference(reference, earlier, tasks, templates, at)


def _check_reference(
    reference: str, earlier: set[str], tasks: Mapping[str, Any], templates: Mapping[str, Any], at: str
) -> None:
    """Check ``tasks.<task>.<what>``."""
    _, task, what = reference.split(".", 2)
    if task not in earlier:
        raise EngineError(f"{at} uses an output of {task!r}, which isn't among its dependencies.")
    if what in _TASK_FACTS:
        return
    _, kind, name = (*what.split(".", 2), "", "")[:3]
    if not what.startswith(("outputs.parameters.", "outputs.artifacts.")):
        raise UnsupportedWorkflowError(
            f"{at} uses {reference!r}, which the local engine doesn't support.", remedy=_REMEDY
        )
    declared = (templates.get(tasks[task].get("template"), {}).get("outputs") or {}).get(kind) or ()
    if name not in {output["name"] for output in declared}:
        raise EngineError(f"{at} uses the output {name!r} of {task!r}, which has no output of that name.")


def _check_arguments(task: Mapping[str, Any], template: Mapping[str, Any], at: str) -> None:
    arguments, inputs = section(task, "arguments"), section(template, "inputs")
    given = {p["name"] for p in entries(arguments, "parameters") if p.get("value") is not None}
    for parameter in entries(inputs, "parameters"):
        if parameter["name"] not in given and parameter.get("value", parameter.get("default")) is None:
            raise EngineError(f"{at} has no value for the parameter {parameter['name']!r}.")
    given = {artifact["name"] for artifact in entries(arguments, "artifacts")}
    for artifact in entries(inputs, "artifacts"):
        if artifact["name"] not in given and not artifact.get("raw") and not artifact.get("optional"):
            raise EngineError(f"{at} has no value for the artifact {artifact['name']!r}.")


def _ancestors(name: str, tasks: Mapping[str, Any], at: str) -> set[str]:
    """Return all that a task waits for, directly or not."""
    found: set[str] = set()
    waiting = list(tasks[name].get("dependencies") or ())
    while waiting:
        earlier = waiting.pop()
        if earlier not in tasks:
            raise EngineError(f"{at} depends on {earlier!r}, which isn't a task of it.")
        if earlier == name:
            raise EngineError(f"{at} depends on itself: its dependencies form a cycle.")
        if earlier not in found:
            found.add(earlier)
            waiting += tasks[earlier].get("dependencies") or ()
    return found


def _check_nesting(name: str, templates: Mapping[str, Any], around: tuple[str, ...]) -> None:
    if name in around:
        raise UnsupportedWorkflowError(
            f"The template {name!r} calls itself without a condition and would never end.", remedy=_REMEDY
        )
    for task in entries(templates[name], "dag", "tasks"):
        _check_nesting(task["template"], templates, (*around, name))


def _check_resolvable(entrypoint: Mapping[str, Any], given: set[str]) -> None:
    """Only the workflow's arguments could supply artifacts to the entrypoint."""
    for artifact in entries(entrypoint, "inputs", "artifacts"):
        if artifact["name"] not in given and not artifact.get("raw") and not artifact.get("optional"):
            raise UnsupportedWorkflowError(
                f"The pipeline takes the artifact {artifact['name']!r} as an argument, which the local engine "
                "can't supply.",
                remedy=_REMEDY,
            )


def _references(value: Any) -> Iterator[str]:
    """Yield the tags that ask for something of a task."""
    for text in _texts(value):
        yield from (name for name in tags.names(text) if name.startswith("tasks.") and name.count(".") > 1)


def _texts(value: Any) -> Iterator[str]:
    """Yield all text in plain data, metadata left out: no tag in it has an effect here."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "metadata":
                yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
