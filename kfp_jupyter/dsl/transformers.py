"""Transformers that are applied to every task before the pipeline is frozen.

Source: ``kfp/compiler/_default_transformers.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.container_op import ContainerOp
from kfp_jupyter.dsl.pipeline_conf import PipelineConf
from kfp_jupyter.workflow.dialect import CACHING, WORKFLOW_LABEL

_POD_FIELDS = {
    "KFP_POD_NAME": "metadata.name",
    "KFP_POD_UID": "metadata.uid",
    "KFP_NAMESPACE": "metadata.namespace",
    "WORKFLOW_ID": f"metadata.labels['{WORKFLOW_LABEL}']",
    "KFP_RUN_ID": "metadata.labels['pipeline/runid']",
    "ENABLE_CACHING": f"metadata.labels['{CACHING}']",
}
"""Environment variables of tasks with the label ``add-pod-env``, and where their values come from."""


def add_pod_env(op: BaseOp) -> BaseOp:
    """Tell a task with the label ``add-pod-env`` about its pod in environment variables; return the task."""
    if op.pod_labels.get("add-pod-env") == "true" and isinstance(op, ContainerOp):
        op.container.env = [
            *(op.container.env or ()),
            *({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in _POD_FIELDS.items()),
        ]
    return op


def transform(op: BaseOp, conf: PipelineConf) -> None:
    """Apply KFP v1's own transformers and those of the pipeline to a task.

    Args:
        op: The task.
        conf: The pipeline's settings.
    """
    add_pod_env(op)
    for transformer in conf.op_transformers:
        transformer(op)
