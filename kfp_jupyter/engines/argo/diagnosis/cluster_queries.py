"""What is asked of the cluster for reasons: few requests for many steps, and none twice that was refused."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kfp_jupyter.engines.argo.diagnosis.step_facts import Event
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import NODE_ID, WORKFLOW_LABEL

"""Annotation of a pod: the node that it runs."""

ONE_BY_ONE = 3
"""Up to so many pods their events are asked for by name; of more, all of the namespace that warn."""

_LIMIT = 500
_REMEMBERED = 60.0
"""Seconds that a refusal is believed, and that the size of the nodes is taken for unchanged."""


@dataclasses.dataclass(frozen=True, slots=True)
class Pods:
    """Pods of a run.

    Attributes:
        by_node: The pods, by the id of the node that they run.
        complete: Whether there are no others: they can be listed here, and aren't too many.
    """

    by_node: Mapping[str, Mapping[str, Any]]
    complete: bool


class ClusterQueries:
    """Pods, events and nodes of a cluster. Usable from any thread; what can't be read is empty.

    Args:
        objects: Where the runs are.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._lock = threading.Lock()
        self._refused: dict[str, tuple[float, str]] = {}
        self._sizes: tuple[float, tuple[Mapping[str, str], ...]] = (0.0, ())

    @property
    def namespace(self) -> str:
        """Where the runs are."""
        return self._objects.namespace

    def refused(self, resource: str) -> str:
        """Return the remedy if the user may not read something; else empty."""
        with self._lock:
            until, remedy = self._refused.get(resource, (0.0, ""))
        return remedy if time.monotonic() < until else ""

    def workflow(self, run: str) -> Mapping[str, Any]:
        """Return a run's Workflow as it is stored; empty for none."""
        found, _ = self._objects.find_workflow(run)
        return found or {}

    def pods(self, run: str, without: Collection[str]) -> Pods:
        """Return the pods of a run but those in some phases.

        Args:
            run: Name of the run.
            without: Ids of nodes whose pods are not needed.
        """
        query = {
            "labelSelector": f"{WORKFLOW_LABEL}={run}",
            "fieldSelector": ",".join(f"status.phase!={phase}" for phase in without),
            "limit": _LIMIT,
        }
        items, complete = self._list("pods", f"/api/v1/namespaces/{self.namespace}/pods", query)
        found = {str(section(pod["metadata"], "annotations").get(NODE_ID)): pod for pod in items}
        return Pods({node: pod for node, pod in found.items() if node != "None"}, complete)

    def events(self, pods: Collection[str]) -> dict[str, tuple[Event, ...]]:
        """Return what the cluster has noted of some pods, by the pod's name, the newest first."""
        path = f"/api/v1/namespaces/{self.namespace}/events"
        which = [f"involvedObject.kind=Pod,involvedObject.name={pod}" for pod in pods]
        if len(which) > ONE_BY_ONE:
            which = ["involvedObject.kind=Pod,type=Warning"]
        found: dict[str, list[Event]] = {pod: [] for pod in pods}
        for selector in which:
            noted, _ = self._list("events", path, {"fieldSelector": selector, "limit": _LIMIT})
            for event in noted:
                name = str(section(event, "involvedObject").get("name"))
                if name in found:
                    found[name].append(Event.of(event))
        return {pod: tuple(sorted(events, key=lambda event: event.at, reverse=True)) for pod, events in found.items()}

    def nodes(self) -> tuple[Mapping[str, str], ...]:
        """Return what each node of the cluster has to give; empty where that may not be known."""
        with self._lock:
            until, sizes = self._sizes
        if time.monotonic() < until:
            return sizes
        items, _ = self._list("nodes", "/api/v1/nodes", {"limit": _LIMIT})
        sizes = tuple(dict(section(node, "status", "allocatable")) for node in items)
        with self._lock:
            self._sizes = (time.monotonic() + _REMEMBERED, sizes)
        return sizes

    def _list(self, resource: str, path: str, query: Mapping[str, Any]) -> tuple[Sequence[dict[str, Any]], bool]:
        """Return objects, and whether they are all."""
        if self.refused(resource):
            return (), False
        try:
            answer = self._objects.connection.ask(Action("list", resource, self.namespace), path, query=query)
        except ApiError as error:
            if error.forbidden:
                with self._lock:
                    self._refused[resource] = (
                        time.monotonic() + _REMEMBERED,
                        error.remedy or "Ask for that permission.",
                    )
            return (), False
        except EngineError:
            # Reasons are optional: the watch itself reports that the cluster can't be reached.
            return (), False
        return [dict(item) for item in entries(answer, "items")], not section(answer, "metadata").get("continue")
