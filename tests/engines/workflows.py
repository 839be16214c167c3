"""Small Workflows as plain data, in the dialect that kfp's compiler writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LAUNCHER = 'program_path=$(mktemp)\nprintf "%s" "$0" > "$program_path"\npython3 -u "$program_path" "$@"\n'

Workflow = dict[str, Any]
Template = dict[str, Any]


def pip_prefix(*packages: str) -> list[str]:
    """What kfp puts before the command of a component with packages."""
    install = "PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location "
    install += " ".join(map(repr, packages))
    return ["sh", "-c", f'({install} || {install} --user) && "$0" "$@"']


def python_step(
    name: str,
    program: str,
    *args: str,
    parameters: Sequence[str] = (),
    artifacts: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    packages: Sequence[str] = (),
    cached: bool = False,
    annotations: Mapping[str, str] | None = None,
) -> Template:
    """A template that runs Python text.

    `outputs` are outputs as kfp declares them (parameter and artifact on one path), `files` artifacts only.
    """
    declared = dict(outputs or {}) | dict(files or {})
    return {
        "name": name,
        "container": {
            "image": "python:3.11",
            "command": [*(pip_prefix(*packages) if packages else ()), "sh", "-ec", LAUNCHER, program],
            "args": list(args),
        },
        "inputs": {
            "parameters": [{"name": parameter} for parameter in parameters],
            "artifacts": [{"name": key, "path": path} for key, path in (artifacts or {}).items()],
        },
        "outputs": {
            "parameters": [{"name": key, "valueFrom": {"path": path}} for key, path in (outputs or {}).items()],
            "artifacts": [{"name": key, "path": path} for key, path in declared.items()],
        },
        "metadata": {
            "labels": {"pipelines.kubeflow.org/enable_caching": str(cached).lower()},
            "annotations": dict(annotations or {}),
        },
    }


def command_step(name: str, *words: str) -> Template:
    """A template that runs a command as it is written."""
    return {"name": name, "container": {"image": "busybox:1.36", "command": [words[0]], "args": list(words[1:])}}


def task(
    template: str,
    *after: str,
    name: str | None = None,
    parameters: Mapping[str, str] | None = None,
    artifacts: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A task of a DAG: `artifacts` maps an input to the tag it comes from."""
    made: dict[str, Any] = {"name": name or template, "template": template, "dependencies": list(after)}
    made["arguments"] = {
        "parameters": [{"name": key, "value": value} for key, value in (parameters or {}).items()],
        "artifacts": [{"name": key, "from": source} for key, source in (artifacts or {}).items()],
    }
    return made


def workflow(*templates: Template, tasks: Sequence[Mapping[str, Any]] = (), **parameters: str | None) -> Workflow:
    """A Workflow whose entrypoint is a DAG; without `tasks` it runs each template once, independently."""
    dag = {
        "name": "main",
        "inputs": {"parameters": [{"name": name} for name in parameters]},
        "dag": {"tasks": list(tasks) or [task(template["name"]) for template in templates]},
    }
    given = [{"name": name} | ({} if value is None else {"value": value}) for name, value in parameters.items()]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": "test-"},
        "spec": {
            "entrypoint": "main",
            "templates": [dag, *templates],
            "arguments": {"parameters": given},
            "serviceAccountName": "pipeline-runner",
        },
    }
