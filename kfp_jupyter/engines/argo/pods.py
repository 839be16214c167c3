"""A node's pod: its name, and what its containers do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.naming import node_id
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import POD_NAME_FORMAT

MAIN = "main"
"""The container that runs the step's program."""

WAIT, INIT = "wait", "init"
"""Argo's own containers: one keeps what the step has made, one prepares what it takes."""

_PREFIX = 242
"""Letters before the hash: names have 253 at most, and ten are the hash's."""


def pod_name(workflow: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """Return the name of the pod that runs a node."""
    metadata = workflow["metadata"]
    if section(metadata, "annotations").get(POD_NAME_FORMAT) == "v1":
        return str(node["id"])
    name = str(metadata["name"])
    if node["name"] == name:
        return name
    template = section(node, "templateRef").get("template") or node.get("templateName") or ""
    prefix = f"{name}-{template}" if template else name
    return f"{prefix[:_PREFIX]}-{node_id(name, node['name']).removeprefix(f'{name}-')}"


@dataclasses.dataclass(frozen=True, slots=True)
class Container:
    """What a container does.

    Attributes:
        started: Whether it runs or has run, so that it has a log.
        ended: Whether it won't write any more.
        waits: Why it doesn't run yet; may be empty.
    """

    started: bool
    ended: bool
    waits: str = ""


def container_of(pod: Mapping[str, Any], name: str = MAIN) -> Container:
    """Return what a pod tells of one of its containers."""
    status = section(pod, "status")
    over = status.get("phase") in ("Succeeded", "Failed")
    for key in ("containerStatuses", "initContainerStatuses"):
        for container in entries(status, key):
            if container.get("name") == name:
                state = section(container, "state")
                waiting = section(state, "waiting")
                ended = "terminated" in state or over
                started = "running" in state or "terminated" in state or bool(container.get("containerID"))
                return Container(started, ended, _words(waiting))
    conditions = entries(status, "conditions")
    held: Mapping[str, Any] = next(
        (c for c in conditions if c.get("type") == "PodScheduled" and c.get("status") == "False"), {}
    )
    return Container(started=False, ended=over, waits=_words(held) or _words(status))


def exit_code_of(pod: Mapping[str, Any], name: str = MAIN) -> int | None:
    """Return what a container's program returned; None where it hasn't ended, or that isn't known."""
    for key in ("containerStatuses", "initContainerStatuses"):
        for container in entries(pod, "status", key):
            ended = section(container, "state", "terminated")
            if container.get("name") == name and ended.get("exitCode") is not None:
                return int(ended["exitCode"])
    return None


def failed_before(pod: Mapping[str, Any]) -> str:
    """Return the name of the author's container that failed before the step's own could start; empty for none."""
    names = [str(c.get("name")) for c in entries(pod, "status", "initContainerStatuses")]
    return next((name for name in names if name != INIT and exit_code_of(pod, name)), "")


def containers_of(pod: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a pod's containers: the step's own first, Argo's last."""
    spec = section(pod, "spec")
    names = [str(c["name"]) for kind in ("containers", "initContainers") for c in entries(spec, kind)]
    return tuple(sorted(names, key=lambda name: (name != MAIN, not is_launched(name))))


def is_launched(container: str) -> bool:
    """Whether Argo's launcher runs a container's program and writes into its log; its own it runs by themselves."""
    return container not in (WAIT, INIT)


def _words(fields: Mapping[str, Any]) -> str:
    return ": ".join(str(fields[key]) for key in ("reason", "message") if fields.get(key))
