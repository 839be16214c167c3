"""A node's pod: its name, and what each of its containers is for.

Source of the name: https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/util/pod_name.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.kubernetes.pods import container_state
from kfp_jupyter.naming import node_id
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import MAIN_CONTAINER, POD_NAME_FORMAT

WAIT, INIT = "wait", "init"
"""Argo's own containers: one keeps what the step has made, one prepares what it takes."""

_PREFIX = 242
"""Letters before the hash: names have 253 at most, and ten are the hash's."""


def pod_name(workflow: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """Return the name of the pod that runs a node.

    Args:
        workflow: The Workflow.
        node: The node, as ``status.nodes`` has it.
    """
    metadata = workflow["metadata"]
    if section(metadata, "annotations").get(POD_NAME_FORMAT) == "v1":
        return str(node["id"])
    name = str(metadata["name"])
    if node["name"] == name:
        return name
    template = section(node, "templateRef").get("template") or node.get("templateName") or ""
    prefix = f"{name}-{template}" if template else name
    return f"{prefix[:_PREFIX]}-{node_id(name, node['name']).removeprefix(f'{name}-')}"


def failed_before(pod: Mapping[str, Any]) -> str:
    """Return the name of the author's container that failed before the step's own could start; empty for none."""
    names = [str(c.get("name")) for c in entries(pod, "status", "initContainerStatuses")]
    return next((name for name in names if name != INIT and container_state(pod, name).exit_code), "")


def containers_of(pod: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a pod's containers: the step's own first, Argo's last."""
    spec = section(pod, "spec")
    names = [str(c["name"]) for kind in ("containers", "initContainers") for c in entries(spec, kind)]
    return tuple(sorted(names, key=lambda name: (name != MAIN_CONTAINER, not is_launched(name))))


def is_launched(container: str) -> bool:
    """Whether Argo's launcher runs a container's program and writes into its log; its own it runs by themselves."""
    return container not in (WAIT, INIT)
