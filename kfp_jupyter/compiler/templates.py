"""One template per task: what its container runs, and the settings of its pod.

Source: ``kfp/compiler/_op_to_template.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from kfp_jupyter.compiler.limits import check_annotations
from kfp_jupyter.compiler.names import full_name
from kfp_jupyter.compiler.substitution import Substitution
from kfp_jupyter.components.structures.dense_json import dense_json
from kfp_jupyter.dsl.graph import Pod, Task
from kfp_jupyter.dsl.placeholders import Reference, single
from kfp_jupyter.naming import parameter_name, unique_name
from kfp_jupyter.workflow.dialect import (
    ARGUMENTS,
    CACHING,
    COMPONENT_REF,
    COMPONENT_SPEC,
    DISPLAY_NAME,
    ISOLATED,
    MAX_CACHE_STALENESS,
    SDK_TYPE,
    SDK_VERSION,
    sdk_version,
)
from kfp_jupyter.workflow.tags import is_input

_SDK = sdk_version()

_PATCHED = {"cpu", "memory", "amd.com/gpu", "nvidia.com/gpu", "ephemeral-storage"}
"""Resources whose amounts Argo can't substitute in the container: they go into ``podSpecPatch``."""


class File(NamedTuple):
    """A file that a template's step reads.

    Attributes:
        name: Of the input artifact.
        path: Where it is put.
        source: The output or parameter that it contains; None for text.
        text: What is in it, where it is text.
    """

    name: str
    path: str
    source: Reference | None
    text: str


class Body(NamedTuple):
    """A task's template without its inputs and outputs.

    Attributes:
        fields: All its fields except inputs and outputs.
        values: Names of the references that it uses by value.
        files: What it reads from files.
    """

    fields: dict[str, Any]
    values: set[str]
    files: tuple[File, ...]


def body(task: Task) -> Body:
    """Return the template that runs a task, without inputs and outputs."""
    substitute = Substitution()
    fields: dict[str, Any] = {"name": task.name}
    patch: dict[str, Any] = {}
    if task.container is not None:
        fields["container"] = container = substitute(task.container)
        if "resources" in container:
            _patch_resources(container["resources"], patch)
    elif task.resource is not None:
        resource = substitute(task.resource)
        import yaml  # noqa: PLC0415  (it costs 10 ms, and few tasks are on resources)

        manifest = yaml.dump(resource["manifest"], default_flow_style=False)
        fields["resource"] = {**resource, "manifest": manifest}
    if task.pod is not None:
        _pod(task.pod, fields, patch, substitute)
    fields["metadata"] = _metadata(task, substitute)
    if patch:
        order = ("nodeSelector", "containers")
        fields["podSpecPatch"] = json.dumps({key: patch[key] for key in order if key in patch})
    files = _files(task, substitute)
    return Body(fields, substitute.used & set(map(full_name, task.references)), files)


def _files(task: Task, substitute: Substitution) -> tuple[File, ...]:
    if not task.input_files:
        return ()
    files: dict[str, File] = {}
    for file in sorted(task.input_files, key=lambda file: parameter_name(file.name)):
        source = single(file.data)
        # kfp gives two files of one source the same name, and Argo refuses them.
        name = unique_name(full_name(source) if source else parameter_name(file.name), files)
        files[name] = File(name, file.path, source, "" if source else substitute(file.data))
    return tuple(files.values())


def _patch_resources(resources: dict[str, Any], patch: dict[str, Any]) -> None:
    for kind in list(resources):
        amounts = resources[kind]
        if not isinstance(amounts, dict):
            continue
        for resource, amount in list(amounts.items()):
            if (resource in _PATCHED or is_input(resource)) and is_input(str(amount)):
                main = patch.setdefault("containers", [{"name": "main", "resources": {}}])[0]
                main["resources"].setdefault(kind, {})[resource] = amounts.pop(resource)
        if not amounts:
            del resources[kind]


def _pod(pod: Pod, fields: dict[str, Any], patch: dict[str, Any], substitute: Substitution) -> None:
    selector = substitute(pod.node_selector)
    if selector:
        known = {}
        for label, value in selector.items():
            if is_input(label) or is_input(str(value)):
                patch.setdefault("nodeSelector", {})[label] = value
            else:
                known[label] = value
        fields["nodeSelector"] = known
    for key, value in (
        ("tolerations", pod.tolerations),
        ("affinity", pod.affinity),
        ("initContainers", pod.init_containers),
        ("sidecars", pod.sidecars),
    ):
        if value:
            fields[key] = substitute(value)
    if pod.volumes:
        fields["volumes"] = sorted(substitute(pod.volumes), key=lambda volume: str(volume["name"]))
    if pod.timeout:
        fields["activeDeadlineSeconds"] = pod.timeout
    if pod.retry is not None:
        retry = {
            "limit": substitute(pod.retry.limit),
            "retryPolicy": pod.retry.policy,
            "backoff": substitute(pod.retry.backoff),
        }
        fields["retryStrategy"] = {key: value for key, value in retry.items() if value}


def _metadata(task: Task, substitute: Substitution) -> dict[str, Any]:
    use = task.component
    annotations: dict[str, Any] = substitute(dict(task.pod.annotations)) if task.pod else {}
    labels: dict[str, Any] = substitute(dict(task.pod.labels)) if task.pod else {}
    if task.display_name:
        annotations[DISPLAY_NAME] = substitute(task.display_name)
    if task.isolated:
        annotations[ISOLATED] = "true"
    if use is not None:
        annotations[COMPONENT_SPEC] = without_tags(use.spec_json)
        if use.reference_json is not None:
            annotations[COMPONENT_REF] = use.reference_json
        if use.arguments:
            annotations[ARGUMENTS] = dense_json(substitute(dict(use.arguments)))
    if task.max_cache_staleness:
        annotations[MAX_CACHE_STALENESS] = str(task.max_cache_staleness)
    labels.setdefault(SDK_VERSION, _SDK)
    labels.setdefault(SDK_TYPE, "kfp")
    labels[CACHING] = substitute(task.cache)
    check_annotations(task, annotations)
    return {"annotations": annotations, "labels": labels} if annotations else {"labels": labels}


@functools.lru_cache(maxsize=1024)
def without_tags(text: str) -> str:
    """Return the same JSON without ``{{``, so that Argo finds no tags in it."""
    while "{{" in text:
        text = text.replace("{{", "{\\u007b")
    return text


def output_paths(task: Task) -> Mapping[str, str]:
    """Return the paths of a task's outputs, sorted by their names in the Workflow."""
    paths = [(full_name(Reference(task.name, name)), path) for name, path in task.outputs.items()]
    return dict(sorted(paths) if len(paths) > 1 else paths)
