"""Data passing on a volume that all pods mount: each artifact becomes a directory, and its name is passed on.

Source: ``kfp/compiler/_data_passing_using_volume.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterator
from typing import Any

from kfp_jupyter.dsl.data_passing_methods import KubernetesVolume
from kfp_jupyter.dsl.outputs import UI_OUTPUTS
from kfp_jupyter.dsl.to_json import to_json
from kfp_jupyter.errors import CompileError
from kfp_jupyter.workflow.dialect import SUBPATH
from kfp_jupyter.workflow.tags import as_parameter, input_tag

Data = dict[str, Any]

_NAME = "data-storage"


def passing_on_volume(workflow: Data, method: KubernetesVolume) -> Data:
    """Return a Workflow that passes its data on a volume.

    Args:
        workflow: One that passes artifacts.
        method: The volume.

    Raises:
        CompileError: Text is passed to a file, which has no place on the volume.
    """
    workflow = copy.deepcopy(workflow)
    spec = workflow["spec"]
    if spec["arguments"].get("artifacts"):
        raise _constant(f"The pipeline parameter {spec['arguments']['artifacts'][0]['name']!r}")
    volume = to_json(method.volume, "the volume that data is passed on")
    spec.setdefault("volumes", []).append({**volume, "name": _NAME})
    directory = f"{method.path_prefix}{{{{workflow.uid}}}}_{{{{pod.name}}}}/"
    for template in spec["templates"]:
        if "container" in template:
            _container(template, directory)
        elif "dag" in template:
            _dag(template)
    return workflow


def _container(template: Data, directory: str) -> None:
    mounts = []
    for artifact in _taken(template, "inputs"):
        if "raw" in artifact:
            raise _constant(f"The input {artifact['name']!r} of the task {template['name']!r}")
        name = artifact["name"] + SUBPATH
        mounts.append(_mount(artifact, input_tag(name)) | {"readOnly": True})
        _add(template, "inputs", {"name": name})
    shown = []
    for artifact in _taken(template, "outputs"):
        place = directory + artifact["name"]
        mounts.append(_mount(artifact, place))
        _add(template, "outputs", {"name": artifact["name"] + SUBPATH, "value": place})
        if artifact["name"] in UI_OUTPUTS:
            shown.append(artifact)
    if shown:
        template["outputs"]["artifacts"] = shown
    if mounts:
        container = template["container"]
        container["volumeMounts"] = [*container.get("volumeMounts", ()), *mounts]


def _dag(template: Data) -> None:
    for artifact in _taken(template, "inputs"):
        _add(template, "inputs", {"name": artifact["name"] + SUBPATH})
    for artifact in _taken(template, "outputs"):
        source = {"parameter": as_parameter(artifact["from"], SUBPATH)}
        _add(template, "outputs", {"name": artifact["name"] + SUBPATH, "valueFrom": source})
    for task in template["dag"]["tasks"]:
        for artifact in _taken(task, "arguments"):
            if "from" not in artifact:
                raise _constant(f"The input {artifact['name']!r} of the task {task['name']!r}")
            value = as_parameter(artifact["from"], SUBPATH)
            _add(task, "arguments", {"name": artifact["name"] + SUBPATH, "value": value})


def _taken(holder: Data, kind: str) -> Iterator[Data]:
    """Yield a template's artifacts, taking them out."""
    artifacts = holder.get(kind, {}).pop("artifacts", [])
    return iter(artifacts)


def _add(holder: Data, kind: str, parameter: Data) -> None:
    holder.setdefault(kind, {}).setdefault("parameters", []).append(parameter)


def _mount(artifact: Data, place: str) -> Data:
    return {"mountPath": posixpath.dirname(artifact["path"]), "name": _NAME, "subPath": place}


def _constant(what: str) -> CompileError:
    return CompileError(
        f"{what} is text that is passed as a file, which data passing by volume doesn't support.",
        remedy="Write it in a task, or pass it by value.",
    )
