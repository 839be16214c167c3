"""The sizes that Kubernetes accepts: of annotations and of whole objects.

Source: ``TotalAnnotationSizeLimitB`` in ``pkg/api/validation/objectmeta.go`` of k8s.io/apimachinery 0.34;
https://etcd.io/docs/v3.5/dev-guide/limit/.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.dsl.graph import Task
from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.dsl.tracing import line_position
from kfp_jupyter.errors import CompileError
from kfp_jupyter.parsing import WORKFLOW
from kfp_jupyter.workflow.tags import replace_tags

ANNOTATIONS_LIMIT = 256 * 1024
"""Bytes that all annotations of one object may have."""

OBJECT_LIMIT = 3 * 512 * 1024
"""Bytes of the largest object that etcd takes."""

_ALLOWED = f"Kubernetes accepts {OBJECT_LIMIT / 2**20:.1f} MiB at most"


def check_annotations(task: Task, annotations: Mapping[str, Any]) -> None:
    """Check the size of the annotations that a task's pod will have.

    Args:
        task: The task.
        annotations: Its pod's annotations by name.

    Raises:
        CompileError: They are larger than Kubernetes allows.
    """
    if sum(map(len, annotations.values())) * 4 < ANNOTATIONS_LIMIT:
        return  # No character has more than 4 bytes.
    # Argo fills tags in before Kubernetes sees them; how long the values are isn't known here.
    filled = {key: replace_tags(str(value), lambda _: "") for key, value in annotations.items()}
    sizes = {key: len(key.encode()) + len(value.encode()) for key, value in filled.items()}
    if sum(sizes.values()) > ANNOTATIONS_LIMIT:
        largest = max(sizes, key=sizes.__getitem__)
        raise CompileError(
            f"The annotations of the task {task.name!r} have {sum(sizes.values()):,} bytes, but Kubernetes allows "
            f"{ANNOTATIONS_LIMIT:,}; most of it is {largest!r} with {sizes[largest]:,}.",
            remedy="Read data from a file or an address instead of writing it into the component.",
            position=line_position(task.line),
        )


def too_large(workflow: Mapping[str, Any], *, compact: bool) -> Iterator[Note]:
    """Yield a note when the Workflow is larger than etcd takes.

    Args:
        workflow: The Workflow.
        compact: Whether it is in the compact form already.

    Raises:
        CompileError: It is so large that nothing here would read it again.
    """
    smaller = "Compile it in the compact form: Compiler(compact=True), or `compact=true` on the %%pipeline line."
    remedy = "Split the pipeline." if compact else smaller
    size = stored_size(workflow)
    if size > WORKFLOW.size:
        has = WORKFLOW.size / 2**20
        raise CompileError(f"The Workflow is larger than {has:.0f} MiB, but {_ALLOWED}.", remedy=remedy)
    if size > OBJECT_LIMIT:
        yield Note(f"The Workflow is larger than {_mebibytes(size)}, but {_ALLOWED}. {remedy}", None)


def made_compact(size: int) -> Note:
    """Return what to say of a Workflow that is in the compact form because the other is larger than etcd takes.

    Args:
        size: What the other form has at least.
    """
    form = "it is compiled in the compact form, with one template per component"
    return Note(f"In the normal form the Workflow is larger than {_mebibytes(size)}, but {_ALLOWED}: {form}.", None)


def stored_size(workflow: Mapping[str, Any]) -> int:
    """Return the bytes that a cluster stores of a Workflow; of one that is surely too large or small, fewer, sooner.

    Args:
        workflow: The Workflow.
    """
    size = 0
    for template in workflow["spec"]["templates"]:
        size += _least_size(template)
        if size > WORKFLOW.size:
            return size
    if OBJECT_LIMIT // 8 < size <= OBJECT_LIMIT:
        size = len(json.dumps(workflow, separators=(",", ":"), ensure_ascii=False).encode())
    return size


def _mebibytes(size: int) -> str:
    return f"{math.floor(size / 2**20 * 10) / 10:.1f} MiB"


def _least_size(template: Mapping[str, Any]) -> int:
    """What a template has at least: its texts, the labels of a task, and what a DAG says of each of its tasks."""
    container, metadata = template.get("container") or {}, template.get("metadata") or {}
    texts = [*container.get("command", ()), *container.get("args", ()), *metadata.get("annotations", {}).values()]
    size = sum(map(len, texts)) + (_LABELS if metadata else 0)
    if "resource" in template:
        size += len(template["resource"].get("manifest", ""))
    for task in template["dag"]["tasks"] if "dag" in template else ():
        size += _TASK + len(task["name"]) + len(task["template"])
        if "dependencies" in task:
            size += _DEPENDENCIES + sum(map(len, task["dependencies"]))
        if "arguments" in task:
            size += _ARGUMENTS
            for parameter in task["arguments"].get("parameters", ()):
                size += _PARAMETER + len(parameter["name"]) + len(str(parameter.get("value", "")))
    return size


_LABELS, _TASK, _DEPENDENCIES, _ARGUMENTS, _PARAMETER = 150, 26, 20, 30, 22
"""Bytes of a task's labels and of what stands around texts: ``{"name":"","template":""}``, ``,"dependencies":[""]``,
``,"arguments":{"parameters":[]}`` and ``{"name":"","value":""}``."""
