"""What a pod's status says of a container in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

HOPELESS = frozenset({"ErrImageNeverPull", "InvalidImageName"})
"""Reasons for waiting that no waiting mends."""

STUCK = frozenset({"CreateContainerConfigError", "CreateContainerError", "ErrImagePull", "ImagePullBackOff"})
"""Reasons for waiting that may pass, such as a registry that doesn't answer, and mostly don't."""


@dataclasses.dataclass(frozen=True, slots=True)
class PodState:
    """Where a pod stands.

    Attributes:
        phase: Kubernetes' phase.
        started: Whether the container has a log.
        ended: Whether the pod has ended.
        reason: Kubernetes' word for why it waits or failed; empty for none.
        message: The sentence to that.
        exit_code: Of the container; None while there is none.
        last_words: What the container wrote to its termination log.
    """

    phase: str
    started: bool
    ended: bool
    reason: str = ""
    message: str = ""
    exit_code: int | None = None
    last_words: str = ""

    @property
    def explanation(self) -> str:
        """Reason and message; empty when there is neither."""
        return ": ".join(filter(None, (self.reason, self.message)))


def pod_state(pod: Mapping[str, Any], container: str) -> PodState:
    """Return where a pod stands.

    Args:
        pod: The pod, as JSON has it.
        container: Name of the container that matters.
    """
    status = pod.get("status", {})
    phase = status.get("phase", "Pending")
    states = {c["name"]: c.get("state", {}) for c in status.get("containerStatuses", ())}
    state = states.get(container, {})
    done, waiting = state.get("terminated"), state.get("waiting")
    cause = _cause(status, done, waiting)
    return PodState(
        phase=phase,
        started="running" in state or done is not None,
        ended=phase in ("Succeeded", "Failed"),
        reason=cause.get("reason", ""),
        message=cause.get("message", "").strip(),
        exit_code=None if done is None else done.get("exitCode"),
        last_words=(done or {}).get("message", "").strip(),
    )


def _cause(
    status: Mapping[str, Any], done: Mapping[str, Any] | None, waiting: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """An eviction is told in the status itself, a lack of room in a condition, all else at the container."""
    if status.get("reason"):
        return status
    if done is not None:
        return done
    unscheduled = (
        c for c in status.get("conditions", ()) if c.get("type") == "PodScheduled" and c.get("status") == "False"
    )
    return next(unscheduled, waiting or {})
