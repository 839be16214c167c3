"""A step's inputs and outputs under the names that its component gave them.

A Workflow of the KFP v1 dialect names what a step takes after who makes it (``load-train``) and leaves constants in
the command line; the component's own names and all its arguments are in annotations of the template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.runs import NodeState

Rows = list[tuple[str, str | None]]
"""Names with values; None where it is a file."""

_ARGUMENTS = "pipelines.kubeflow.org/arguments.parameters"
_TAG = re.compile(r"\{\{inputs\.parameters\.([^{}]+)\}\}")
_INPUT_FILE = re.compile(r"^/tmp/inputs/([^/]+)/data$")


def inputs_of(template: Mapping[str, Any], node: NodeState) -> Rows:
    """Return what a step was given.

    Args:
        template: The step's template; empty where it is unknown.
        node: The step.
    """
    arguments = _arguments(template)
    if arguments is None:
        values: Rows = list(node.inputs.items())
    else:
        values = [
            (name, _TAG.sub(lambda tag: node.inputs.get(tag[1], tag[0]), text)) for name, text in arguments.items()
        ]
    paths = {a["name"]: str(a.get("path", "")) for a in (template.get("inputs") or {}).get("artifacts") or ()}
    files = [_file_name(name, paths.get(name, "")) for name in node.input_artifacts]
    return values + [(name, None) for name in files]


def outputs_of(template: Mapping[str, Any], node: NodeState, hidden: set[str]) -> Rows:
    """Return what a step has given.

    Args:
        template: The step's template; empty where it is unknown.
        node: The step.
        hidden: Names, as the Workflow has them, that are shown elsewhere.
    """
    prefix = f"{template.get('name', '')}-"
    values: Rows = [(name, value) for name, value in node.outputs.items() if name not in hidden]
    values += [(name, None) for name in node.output_artifacts if name not in hidden and name not in node.outputs]
    return [(name.removeprefix(prefix) or name, value) for name, value in values]


def _arguments(template: Mapping[str, Any]) -> dict[str, str] | None:
    annotations = (template.get("metadata") or {}).get("annotations") or {}
    if not any(str(key).startswith("pipelines.kubeflow.org/component_") for key in annotations):
        return None
    try:
        arguments = read_json(annotations.get(_ARGUMENTS, "{}"))
    except (TypeError, ValueError):
        return None  # a Workflow by another hand may hold anything here
    if not isinstance(arguments, dict):
        return None
    return {str(name): str(value) for name, value in arguments.items()}


def _file_name(artifact: str, path: str) -> str:
    match = _INPUT_FILE.match(path)
    return match[1] if match else artifact
