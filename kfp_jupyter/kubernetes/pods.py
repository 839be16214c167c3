"""What a pod's status says of a container in it: whether it runs, why it waits, how it ended.

Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.parsing.objects import entries, section

HOPELESS = frozenset({"ErrImageNeverPull", "InvalidImageName"})
"""Reasons for waiting that don't go away by themselves.

Source: pkg/kubelet/images/types.go of Kubernetes 1.34.
"""

STUCK = frozenset({"CreateContainerConfigError", "CreateContainerError", "ErrImagePull", "ImagePullBackOff"})
"""Reasons for waiting that may go away, such as a registry that doesn't answer, and mostly don't.

Source: pkg/kubelet/images/types.go and pkg/kubelet/kuberuntime/kuberuntime_container.go of Kubernetes 1.34.
"""

_OVER = ("Succeeded", "Failed")


@dataclasses.dataclass(frozen=True, slots=True)
class ContainerState:
    """The state of a container.

    Attributes:
        started: Whether it runs or has run, so that it has a log.
        ended: Whether it won't write any more.
        phase: The phase of its pod.
        reason: Kubernetes' word for why it waits or how it ended; empty for none.
        message: The sentence to that; empty for none.
        exit_code: What its program returned; None where it hasn't ended, or where that isn't known.
        termination_message: What it wrote to its termination log.
    """

    started: bool = False
    ended: bool = False
    phase: str = "Pending"
    reason: str = ""
    message: str = ""
    exit_code: int | None = None
    termination_message: str = ""

    @property
    def pod_ended(self) -> bool:
        """Whether the whole pod has ended."""
        return self.phase in _OVER

    @property
    def explanation(self) -> str:
        """Reason and message; empty when there is neither."""
        return ": ".join(filter(None, (self.reason, self.message)))


def container_state(pod: Mapping[str, Any], container: str) -> ContainerState:
    """Return what a pod says of one of its containers.

    Args:
        pod: The pod.
        container: The name of the container, which may be an init container.
    """
    status = section(pod, "status")
    phase = str(status.get("phase") or "Pending")
    found = _status_of(pod, container)
    state = section(found, "state")
    done = section(state, "terminated")
    cause = _cause(status, done, section(state, "waiting"))
    code = done.get("exitCode")
    return ContainerState(
        started="running" in state or "terminated" in state or bool(found.get("containerID")),
        ended="terminated" in state or phase in _OVER,
        phase=phase,
        reason=str(cause.get("reason") or ""),
        message=str(cause.get("message") or "").strip(),
        exit_code=None if code is None else int(code),
        termination_message=str(done.get("message") or "").strip(),
    )


def _status_of(pod: Mapping[str, Any], container: str) -> Mapping[str, Any]:
    known = (*entries(pod, "status", "containerStatuses"), *entries(pod, "status", "initContainerStatuses"))
    return next((status for status in known if status.get("name") == container), {})


def _cause(status: Mapping[str, Any], done: Mapping[str, Any], waiting: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what has reason and message: of an eviction the pod, of a lack of room a condition, else the container."""
    if status.get("reason"):
        return status
    unscheduled = (
        condition
        for condition in entries(status, "conditions")
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False"
    )
    return done or next(unscheduled, waiting)
