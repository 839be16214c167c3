"""Everything known about one step that waits or failed, and the reason derived from it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.runs import Phase

_ERRORED = re.compile(r"^task '.*?' errored: ", re.DOTALL)

MAX_WORDS = 6000
"""Letters of a message that are read; the cluster's own are shorter, a program's may be anything."""

SLOW_SECONDS = 10.0
"""Seconds after which the preparation of a pod counts as slow."""

PREPARING = frozenset({"", "PodInitializing", "ContainerCreating"})
"""Messages of a step whose pod is being prepared: they say that it waits and not for what."""

STATUSES = ("initContainerStatuses", "containerStatuses")


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Why a step waits or failed.

    Attributes:
        sentence: One sentence that names the thing.
        remedy: What to do about it; empty where that isn't known.
        sure: Whether looking at the pod can't tell more.
    """

    sentence: str
    remedy: str = ""
    sure: bool = True

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".rstrip()


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """What the cluster has noted of a pod.

    Attributes:
        reason: Kubernetes' word for it.
        message: The sentence to that.
        at: When it last happened, RFC 3339.
    """

    reason: str
    message: str
    at: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Event:
        """Return the part of an Event object that matters here."""
        last = section(event, "series").get("lastObservedTime")
        at = last or event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp")
        return cls(str(event.get("reason") or ""), str(event.get("message") or "")[:MAX_WORDS], str(at or ""))


@dataclasses.dataclass(frozen=True, slots=True)
class StepFacts:
    """One step.

    Attributes:
        message: What Argo says of it.
        phase: Its phase.
        namespace: Where it is.
        exit_code: What its program returned; None where unknown.
        seconds: How long it has waited or worked.
        template: Its template; empty where unknown.
        spec: The workflow's spec; empty where unknown.
        pod: Its pod; None where there is none or it wasn't looked at.
        podless: Whether it is known that it has none.
        events: What the cluster has noted of the pod, the newest first.
        events_hidden: How to get permission to read events if the user has none; else empty.
        nodes: What each node of the cluster has to give; empty where unknown.
    """

    message: str
    phase: Phase
    namespace: str = ""
    exit_code: int | None = None
    seconds: float = 0.0
    template: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    spec: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    pod: Mapping[str, Any] | None = None
    podless: bool = False
    events: tuple[Event, ...] = ()
    events_hidden: str = ""
    nodes: tuple[Mapping[str, str], ...] = ()

    @property
    def words(self) -> str:
        """Argo's message without what only names the task."""
        return _ERRORED.sub("", self.message[:MAX_WORDS]).strip()

    @property
    def waits(self) -> bool:
        """Whether it hasn't begun."""
        return self.phase is Phase.PENDING

    @property
    def is_overdue(self) -> bool:
        """Whether its pod has been in preparation, according to Argo, for longer than usual."""
        return self.waits and self.words in PREPARING and self.seconds > SLOW_SECONDS

    @property
    def status(self) -> Mapping[str, Any]:
        """The pod's status; empty without a pod."""
        return (self.pod or {}).get("status") or {}

    @property
    def pod_spec(self) -> Mapping[str, Any]:
        """The pod's spec; empty without a pod."""
        return (self.pod or {}).get("spec") or {}

    @property
    def account(self) -> str:
        """The service account that the step runs as."""
        names = (self.pod_spec, self.template, self.spec)
        return next((str(n["serviceAccountName"]) for n in names if n.get("serviceAccountName")), "default")

    def container(self, name: str = "main") -> Mapping[str, Any]:
        """Return the spec of a container, of the pod or else of the template; empty where unknown."""
        for key in ("containers", "initContainers"):
            for container in entries(self.pod_spec, key):
                if container.get("name") == name:
                    return dict(container)
        main = self.template.get("container") or section(self.template, "script")
        if name == "main":
            return dict(main)
        others = [*entries(self.template, "initContainers"), *entries(self.template, "sidecars")]
        return next((dict(c) for c in others if c.get("name") == name), {})

    def waiting(self) -> Iterator[tuple[str, str, str]]:
        """Yield container, reason and message of each container that can't start, as the pod tells it or else Argo."""
        found = False
        for key in STATUSES:
            for container in entries(self.status, key):
                held = section(container, "state", "waiting")
                if held.get("reason") and held["reason"] not in PREPARING:
                    found = True
                    yield str(container.get("name")), str(held["reason"]), str(held.get("message") or "")[:MAX_WORDS]
        if not found and self.waits:
            reason, _, message = self.words.partition(": ")
            if " " not in reason:
                yield "main", reason, message

    def newest_event(self, reasons: frozenset[str]) -> Event | None:
        """Return the newest event of these reasons; None where there is none."""
        return next((event for event in self.events if event.reason in reasons), None)


Recogniser = Callable[[StepFacts], Reason | None]
"""Returns why a step waits or failed, None where it doesn't know."""


def role_commands(name: str, verbs: str, resource: str, account: str, namespace: str) -> str:
    """Return the commands that give a service account a right.

    Args:
        name: Name of the role.
        verbs: Verbs that it allows, separated by commas.
        resource: Resource that they apply to.
        account: Service account that gets the role.
        namespace: Namespace of the role and the account.
    """
    return (
        f"kubectl create role {name} --verb={verbs} --resource={resource} -n {namespace} && "
        f"kubectl create rolebinding {name} --role={name} --serviceaccount={namespace}:{account} -n {namespace}"
    )
