"""A step's log, all of its attempts: those that there are, and while it is followed those that come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.backoff import Backoff
from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.logs.pod_log import Archive, AttemptLog
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.pods import pod_name
from kfp_jupyter.engines.base import LogChunk
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.errors import KubernetesError
from kfp_jupyter.pacing import LONGEST_POD_PAUSE_SECONDS
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.runs import Phase
from kfp_jupyter.runs.workflow import taken_over
from kfp_jupyter.workflow.dialect import MAIN_CONTAINER


def read_log(
    objects: Objects,
    run: str,
    node_id: str,
    *,
    container: str,
    follow: bool,
    stop: CancelToken,
    archive: Archive,
) -> Iterator[LogChunk]:
    """Yield a step's log, decoded; of a step that was tried several times, each attempt's.

    Args:
        objects: Where it is.
        run: The run.
        node_id: The step.
        container: Which of its containers.
        follow: Whether to wait for more while it runs.
        stop: Ends it.
        archive: Reads kept logs.

    Raises:
        EngineError: There is no such run, step or container.
    """
    reader = _StepLog(objects, run, node_id, container, archive)
    for chunk in reader.read(follow, stop):
        yield chunk
        if stop.is_set():
            return


class _StepLog:
    """The log of one step.

    Args:
        objects: Where it is.
        run: The run.
        node_id: The step.
        container: Which of its containers.
        archive: Reads kept logs.
    """

    def __init__(self, objects: Objects, run: str, node_id: str, container: str, archive: Archive) -> None:
        self._objects, self._run, self._node_id = objects, run, node_id
        self._container, self._archive = container, archive
        self._backoff = Backoff(longest=LONGEST_POD_PAUSE_SECONDS)

    def read(self, follow: bool, stop: CancelToken) -> Iterator[LogChunk]:
        """Yield the log; with `follow` until the step is over."""
        workflow: Mapping[str, Any] = self._objects.workflow(self._run)
        nodes = _nodes(workflow)
        if self._node_id not in nodes:
            raise EngineError(f"The run {self._run} has no node {self._node_id!r}.")
        read: set[str] = set()
        while not stop.is_set():
            node = nodes[self._node_id]
            attempts, container = _attempts(nodes, node), self._container
            if node.get("type") == "Container" and container == MAIN_CONTAINER:
                container = str(node.get("displayName"))
            for number, attempt in enumerate(attempts, 1):
                if attempt["id"] in read:
                    continue
                read.add(str(attempt["id"]))
                if len(attempts) > 1:
                    yield LogChunk(f"Attempt {number}:\n", notice=True)
                yield from self._attempt(workflow, attempt, container).read(follow, stop)
                self._backoff.reset()
                if stop.is_set():
                    return
            over = Phase(node.get("phase") or "Pending").finished or node.get("type") not in _HAVE_ATTEMPTS
            if not follow or over:
                if not attempts:
                    yield LogChunk(_no_program(node), notice=True)
                return
            stop.wait(self._backoff.next())
            workflow, nodes = self._look(workflow, nodes)
            if self._node_id not in nodes:
                # The run is retried from before this step.
                return

    def _attempt(self, workflow: Mapping[str, Any], node: Mapping[str, Any], container: str) -> AttemptLog:
        pod, own = pod_name(workflow, node), self._container == MAIN_CONTAINER
        return AttemptLog(self._objects, workflow, node, pod, container, own=own, archive=self._archive)

    def _look(
        self, workflow: Mapping[str, Any], nodes: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return the run as it is now; while nobody answers, as it was."""
        try:
            newer = self._objects.workflow(self._run)
        except KubernetesError as error:
            if not (error.passes or error.forbidden):
                raise
            return workflow, nodes
        return newer, _nodes(newer)


_HAVE_ATTEMPTS = ("Retry",)


def _nodes(workflow: Mapping[str, Any]) -> Mapping[str, Any]:
    return section(workflow, "status", "nodes")


def _attempts(nodes: Mapping[str, Any], node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the nodes with a pod that a step is made of: one, or one for each attempt."""
    kind = node.get("type")
    if kind == "Pod" or taken_over(node):
        return [node]
    if kind == "Retry":
        children = [nodes[key] for key in node.get("children") or () if key in nodes]
        return [child for child in children if child.get("type") == "Pod" or taken_over(child)]
    if kind == "Container":
        # One of several in a pod; its name is the pod's with its own behind.
        pod = node["name"].removesuffix(f".{node.get('displayName')}")
        return [other for other in nodes.values() if other["name"] == pod and other.get("type") == "Pod"]
    return []


def _no_program(node: Mapping[str, Any]) -> str:
    phase = Phase(node.get("phase") or "Pending")
    if phase in (Phase.SKIPPED, Phase.OMITTED) or node.get("type") in ("Skipped", *_HAVE_ATTEMPTS):
        return f"This step has no log{'' if phase.finished else ' yet'}: it hasn't run.\n"
    return "This step has no log: it runs no program of its own.\n"
