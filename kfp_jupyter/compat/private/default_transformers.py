"""KFP v1's ``kfp.compiler._default_transformers``: what is done to every task."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.transformers import add_pod_env

__all__ = ["add_pod_env", "add_pod_labels"]


def add_pod_labels(labels: Mapping[str, str] | None = None) -> Callable[[BaseOp], BaseOp]:
    """Return what gives a task labels that it doesn't have yet.

    Args:
        labels: The labels.
    """

    def add(task: BaseOp) -> BaseOp:
        for name, value in (labels or {}).items():
            if name not in task.pod_labels:
                task.add_pod_label(name, value)
        return task

    return add
