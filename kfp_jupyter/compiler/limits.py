"""What Kubernetes refuses though it is a Workflow: annotations and objects that are too large."""

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
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.workflow.tags import replace_tags

ANNOTATIONS_LIMIT = 256 * 1024
"""Bytes that all annotations of one object may have."""

OBJECT_LIMIT = 3 * 512 * 1024
"""Bytes of the largest object that etcd takes."""


def check_annotations(task: Task, annotations: Mapping[str, Any]) -> None:
    """Check what will be the annotations of a task's pod.

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
            f"The annotations of the task {task.name!r} have {sum(sizes.values()):,} bytes, and Kubernetes allows "
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
    smaller = "Compile it in the compact form: Compiler(compact=True), or `compact=true` behind %%pipeline."
    remedy = "Split the pipeline." if compact else smaller
    allowed = f", and Kubernetes takes {OBJECT_LIMIT / 2**20:.1f} MiB at most"
    size = 0
    for template in workflow["spec"]["templates"]:
        size += _rough_size(template)
        if size > WORKFLOW.size:
            raise CompileError(f"The Workflow has over {WORKFLOW.size // 2**20} MiB{allowed}.", remedy=remedy)
    if OBJECT_LIMIT // 2 < size < OBJECT_LIMIT * 6:
        size = len(json.dumps(workflow, separators=(",", ":"), ensure_ascii=False).encode())
    if size > OBJECT_LIMIT:
        has = math.floor(size / 2**20 * 10) / 10
        yield Note(f"The Workflow has over {has:.1f} MiB{allowed}. {remedy}", None)


def _rough_size(template: Mapping[str, Any]) -> int:
    """What a template has: command line, annotations and tasks; a task without arguments has a sixth of it."""
    container = section(template, "container")
    words = (*container.get("command", ()), *container.get("args", ()))
    annotations = template.get("metadata", {}).get("annotations", {})
    tasks = template.get("dag", {}).get("tasks", ())
    return sum(map(len, words)) + sum(len(str(text)) for text in annotations.values()) + 200 * len(tasks)
