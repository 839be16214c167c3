"""A step's log: from its pod while there is one, then from where the cluster has kept it."""

from __future__ import annotations

import dataclasses
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.background import Interrupt, in_background
from kfp_jupyter.engines.argo.errors import RefusedError, UnreachableError
from kfp_jupyter.engines.argo.log_lines import LogLines
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.pods import MAIN, container_of, pod_name
from kfp_jupyter.engines.argo.watching import Pauses
from kfp_jupyter.engines.base import LogChunk
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import Phase

ARCHIVED = "main-logs"
"""The artifact that a kept log is."""

QUIET_SECONDS = 60.0
"""A log that is silent for so long is asked for again: only so a dead network is noticed."""

_LOOK, _LONGEST_LOOK = 0.3, 2.0
"""Seconds between two looks at a pod that hasn't started, at first and later."""

_PATIENCE = 30
"""How many failures in a row end the reading."""


@dataclasses.dataclass
class StepLog:
    """One attempt of a step, and how far its log was read.

    Attributes:
        objects: Where its pod is.
        run: The run.
        node: The node, as it was at the beginning.
        pod: Name of its pod.
        archived: Reads the kept log.
    """

    objects: Objects
    run: str
    node: Mapping[str, Any]
    pod: str
    archived: Callable[[], bytes]
    lines: LogLines = dataclasses.field(default_factory=LogLines)

    def read(self, follow: bool, interrupt: Interrupt) -> Iterator[LogChunk]:
        """Yield the log; with `follow` until the step's container has ended."""
        pauses = Pauses(random.random)
        failures = 0
        while not interrupt.set:
            ended = False
            try:
                pod = self.objects.pod(self.pod)
                container = container_of(pod) if pod else None
                if container is None and (not follow or self._over()):
                    yield from self._kept()
                    return
                if container and container.started:
                    # Asked before reading: what was written until the container ended is then read below.
                    ended = container.ended or not follow
                    yield from self._live(follow=not ended, interrupt=interrupt)
                    failures = 0
                elif container and (container.ended or not follow):
                    yield LogChunk(_not_started(container.waits, ended=container.ended), notice=True)
                    return
            except (RefusedError, UnreachableError) as error:
                failures += 1
                if failures > _PATIENCE or not follow or not _passes(error):
                    yield from self._kept(error)
                    return
                interrupt.wait(pauses.next())
                continue
            if ended:
                yield from self.lines.close()
                return
            interrupt.wait(min(_LONGEST_LOOK, _LOOK * 1.2**pauses.failures))
            pauses.failures += 1

    def _live(self, *, follow: bool, interrupt: Interrupt) -> Iterator[LogChunk]:
        self.lines.reopen()
        opened = self.objects.pod_log(
            self.pod, MAIN, follow=follow, since=self.lines.since, quiet_seconds=QUIET_SECONDS
        )
        with opened as response, interrupt.reading(response):
            for chunk in response.stream(1 << 16, decode_content=True):
                yield from self.lines.feed(chunk)
                if interrupt.set:
                    return

    def _kept(self, problem: EngineError | None = None) -> Iterator[LogChunk]:
        """Yield what wasn't read yet of the kept log, or why there is none."""
        try:
            data = self.archived()
        except EngineError as error:
            yield LogChunk(self._unavailable(problem or error), notice=True)
            return
        text = data[self.lines.bytes_out :].decode(errors="replace")
        if text:
            yield LogChunk(text)

    def _unavailable(self, error: EngineError) -> str:
        rest = "The rest of the log" if self.lines.bytes_out else "The log of this step"
        if self.node.get("startedAt") is None or self.node.get("phase") in ("Skipped", "Omitted"):
            return "This step has no log: it hasn't run.\n"
        if isinstance(error, (RefusedError, UnreachableError)):
            return f"{rest} can't be read. {error.format_message()}\n"
        return f"{rest} is no longer available: its pod {self.pod} is gone. {error.format_message()}\n"

    def _over(self) -> bool:
        """Whether the step is over; a step whose pod isn't there yet will get one."""
        node = (self.objects.workflow(self.run).get("status") or {}).get("nodes", {}).get(self.node["id"])
        if node is None:
            return True
        self.node = node
        return Phase(node.get("phase") or "Pending").finished


def read_log(
    objects: Objects,
    run: str,
    node_id: str,
    follow: bool,
    stop: threading.Event,
    archived: Callable[[str], bytes],
) -> Iterator[LogChunk]:
    """Yield a step's log, decoded; of a step that was tried several times, each attempt's.

    Args:
        objects: Where it is.
        run: The run.
        node_id: The step.
        follow: Whether to wait for more while it runs.
        stop: Ends it.
        archived: Reads the kept log of a node.

    Raises:
        EngineError: There is no such run or step.
    """
    workflow = objects.workflow(run)
    nodes = (workflow.get("status") or {}).get("nodes") or {}
    if node_id not in nodes:
        raise EngineError(f"The run {run} has no node {node_id!r}.")
    attempts = _attempts(nodes, nodes[node_id])
    if not attempts:
        yield LogChunk(_no_program(nodes[node_id]), notice=True)
    for number, node in enumerate(attempts, 1):
        if len(attempts) > 1:
            yield LogChunk(f"Attempt {number} of {len(attempts)}:\n", notice=True)
        step = StepLog(objects, run, node, pod_name(workflow, node), _reader(archived, node["id"]))
        yield from in_background(_reading(step, follow), stop)
        if stop.is_set():
            return


def _reader(archived: Callable[[str], bytes], node_id: str) -> Callable[[], bytes]:
    return lambda: archived(node_id)


def _reading(step: StepLog, follow: bool) -> Callable[[Interrupt], Iterator[LogChunk]]:
    return lambda interrupt: step.read(follow, interrupt)


def _attempts(nodes: Mapping[str, Any], node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if node.get("type") == "Pod":
        return [node]
    if node.get("type") == "Retry":
        children = [nodes[key] for key in node.get("children") or () if key in nodes]
        return [child for child in children if child.get("type") == "Pod"]
    return []


def _no_program(node: Mapping[str, Any]) -> str:
    if node.get("phase") in ("Skipped", "Omitted") or node.get("type") in ("Skipped", "Retry"):
        return "This step has no log: it hasn't run.\n"
    return "This step has no log: it runs no program of its own.\n"


def _not_started(waits: str, *, ended: bool) -> str:
    why = f" ({waits})" if waits else ""
    if ended:
        return f"This step has no log: it ended before its program started{why}.\n"
    return f"This step has no log yet: it waits{why}.\n"


def _passes(error: RefusedError | UnreachableError) -> bool:
    # 400: the container is about to start; 404: the pod went in between, and the next look sees that.
    return isinstance(error, UnreachableError) or error.passes or error.status in (400, 401, 404)
