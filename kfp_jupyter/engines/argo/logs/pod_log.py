"""The log of one attempt of a step: from its pod while there is one, then from where the cluster has kept it."""

from __future__ import annotations

import codecs
import itertools
import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any

from kfp_jupyter.backoff import Backoff
from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.artifacts.s3 import StoreUnreadableError
from kfp_jupyter.engines.argo.logs.timestamped_lines import LogLines
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.pods import (
    containers_of,
    failed_before,
    is_launched,
)
from kfp_jupyter.engines.base import LogChunk
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.errors import KubernetesError
from kfp_jupyter.kubernetes.pods import ContainerState, container_state
from kfp_jupyter.pacing import LOG_OUTAGE_GRACE_SECONDS, LOG_QUIET_SECONDS, LONGEST_POD_PAUSE_SECONDS
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.runs import Phase
from kfp_jupyter.workflow.dialect import MAIN_CONTAINER

Archive = Callable[[str, str], bytes]
"""Reads an artifact: node id and name → what is in it."""

_BLOCK = 1 << 16
_PIECE = 1 << 20

_TURNED_OVER = 8 << 20
"""From so many bytes on a node may have begun a new file for a log (10 MiB, where nobody has said otherwise)."""

_OF_OUTPUTS = re.compile(r"cannot save|failed to save|failed to tarball")
"""What Argo's launcher complains of where a program hasn't written an output."""

_MISSED = "Lines may be missing here: the node rotated this log before they were read."


class AttemptLog:
    """One attempt of a step, and how far its log was read.

    Args:
        objects: Where its pod is.
        workflow: The run, as it was at the beginning.
        node: The attempt's node.
        pod: Name of its pod.
        container: Which of its containers.
        own: Whether that runs the step's own program, so that its log may be kept.
        archive: Reads kept logs.
    """

    def __init__(
        self,
        objects: Objects,
        workflow: Mapping[str, Any],
        node: Mapping[str, Any],
        pod: str,
        container: str,
        *,
        own: bool,
        archive: Archive,
    ) -> None:
        self._objects, self._workflow, self._node = objects, workflow, node
        self._pod, self._container, self._own, self._archive = pod, container, own, archive
        self._uid = ""
        self._kept_name = f"{container}-logs"
        self._lines = LogLines()
        self._backoff = Backoff(longest=LONGEST_POD_PAUSE_SECONDS)
        self._trouble_since: float | None = None
        self._told = False
        self._held: list[LogChunk] = []
        self._torn = False
        """Whether what was read didn't follow upon what was read before, or upon the beginning."""

    def read(self, follow: bool, stop: CancelToken) -> Iterator[LogChunk]:
        """Yield the log; with `follow` until the container has ended.

        Args:
            follow: Whether to wait for new lines until the container ends.
            stop: Set to end it early.

        Raises:
            EngineError: The pod has no such container.
        """
        while not stop.is_set():
            try:
                ended = yield from self._look(follow, stop)
            except KubernetesError as error:
                if stop.is_set():
                    return
                if not follow or not _passes(error):
                    yield from self._kept(error)
                    return
                yield from self._trouble(error)
            else:
                self._trouble_since, self._told = None, False
                if ended:
                    return
            stop.wait(self._backoff.next())

    def _look(self, follow: bool, stop: CancelToken) -> Generator[LogChunk, None, bool]:
        """Yield what there is now; return whether that was all."""
        pod = self._objects.pod(self._pod)
        if pod is None:
            if follow and not self._over():
                # It will get one.
                return False
            yield from self._kept()
            return True
        if self._container not in containers_of(pod):
            raise no_such_container(self._node, self._container, containers_of(pod))
        uid = str(pod["metadata"]["uid"])
        if self._uid not in ("", uid) and self._lines.since:
            # Where a pod is deleted, Argo makes another one of the same name.
            yield LogChunk("The pod was deleted; another one runs the step again:\n", notice=True)
            self._lines = LogLines()
        self._uid = uid
        self._lines.launched = is_launched(self._container)
        container = container_state(pod, self._container)
        if not container.started:
            if follow and not container.ended:
                return False
            failed = failed_before(pod) if self._own else ""
            if failed:
                yield from self._log_before(pod, failed, stop)
            else:
                yield LogChunk(_not_started(container), notice=True)
            return True
        # Asked before reading: what was written until the container ended is then read below.
        ended = container.ended or not follow
        kept = container.ended and self._own
        gap = yield from self._live(follow=not ended, stop=stop, whole=kept)
        if gap and not self._lines.exited:
            yield from self._around_a_gap(follow, stop)
        elif ended:
            yield from self._lines.close()
            yield from self._complaints()
            self._torn |= not self._lines.begun
            if kept and (self._torn or (follow and self._lines.out.size > _TURNED_OVER)):
                yield from self._compared(follow, stop)
        return ended

    def _live(self, *, follow: bool, stop: CancelToken, whole: bool) -> Generator[LogChunk, None, bool]:
        """Yield what the pod's log has; where it must be `whole` and isn't, nothing. Return whether it was that.

        A node keeps the end of a long log: the container writes into new files, and only the last one is read.
        """
        self._lines.reopen()
        first = True
        opened = self._objects.pod_log(
            self._pod,
            self._container,
            follow=follow,
            since=self._lines.since,
            timestamps=True,
            quiet_seconds=LOG_QUIET_SECONDS,
        )
        with opened as response, stop.reading(response):
            blocks = response.stream(_BLOCK, decode_content=True)
            for block in itertools.chain(_head(blocks), blocks) if whole else blocks:
                # Of a running container's log the first bytes don't tell whether it has its beginning: the end does.
                if first and (whole or self._lines.since) and not self._lines.continued_by(block):
                    if whole:
                        return True
                    self._torn = True
                    if follow or not self._own:
                        yield LogChunk(f"{_MISSED}\n", notice=True)
                first = False
                yield from self._without_complaints(self._lines.feed(block))
                self._backoff.reset()
                if stop.is_set():
                    break
        return whole and first and not stop.is_set()

    def _log_before(self, pod: Mapping[str, Any], container: str, stop: CancelToken) -> Iterator[LogChunk]:
        """Yield the log of a container that failed, so that the step's own did not start."""
        code = container_state(pod, container).exit_code
        told = f"The step's program did not start: its container {container!r} failed (exit code {code}). Its log:\n"
        yield LogChunk(told, notice=True)
        before = AttemptLog(
            self._objects, self._workflow, self._node, self._pod, container, own=False, archive=self._archive
        )
        yield from before.read(follow=False, stop=stop)

    def _without_complaints(self, chunks: Iterable[LogChunk]) -> Iterator[LogChunk]:
        """Yield what isn't a complaint of Argo's launcher about outputs; those wait for the program's exit code."""
        for chunk in chunks:
            if chunk.notice and _OF_OUTPUTS.search(chunk.text):
                self._held.append(chunk)
            else:
                yield chunk

    def _complaints(self) -> Iterator[LogChunk]:
        """Yield what the launcher had against the outputs, unless they are missing because the program failed."""
        held, self._held = self._held, []
        if held and not container_state(self._objects.pod(self._pod) or {}, self._container).exit_code:
            yield from held

    def _around_a_gap(self, follow: bool, stop: CancelToken) -> Iterator[LogChunk]:
        """Yield the rest of a log of which the pod has only the end: as it was kept, else that end."""
        self._wait_for_kept(follow, stop)
        if stop.is_set():
            return
        # Of the beginning it is known only where the launcher keeps the log: then it says so there.
        missed = f"{_MISSED}\n" if self._lines.since else ""
        if self._has_kept():
            try:
                kept = self._archive(str(self._node["id"]), self._kept_name)
            except EngineError as error:
                missed = f"{_MISSED} {error.format_message()}\n"
            else:
                yield from self._missing_of(kept)
                return
        if missed:
            yield LogChunk(missed, notice=True)
        yield from self._live(follow=False, stop=stop, whole=False)
        yield from self._lines.close()

    def _compared(self, follow: bool, stop: CancelToken) -> Iterator[LogChunk]:
        """Yield what the kept log has and wasn't read, where lines may have been missed."""
        self._wait_for_kept(follow, stop)
        if stop.is_set() or not self._has_kept():
            return
        try:
            kept = self._archive(str(self._node["id"]), self._kept_name)
        except EngineError as error:
            if self._torn:
                yield LogChunk(f"The log is incomplete. {error.format_message()}\n", notice=True)
            return
        yield from self._missing_of(kept)

    def _missing_of(self, kept: bytes) -> Iterator[LogChunk]:
        """Yield what of the kept log wasn't read; where that is not just its end, with a word on it."""
        start, end = self._lines.out.missing_of(kept)
        if start < min(end, self._lines.out.size):
            end = kept.find(b"\n", end - 1) + 1 or len(kept)
            first, last = kept.count(b"\n", 0, start) + 1, kept.count(b"\n", 0, end - 1) + 1
            missed = f"Of the lines {first:,} to {last:,} of this log some are missing above. As they were kept:\n"
            yield LogChunk(missed, notice=True)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for at in range(start, end, _PIECE):
            piece = kept[at : min(at + _PIECE, end)]
            yield LogChunk(decoder.decode(piece, final=at + _PIECE >= end))

    def _wait_for_kept(self, follow: bool, stop: CancelToken) -> None:
        """Wait until the step is over, which it is when its log is kept; without `follow` only look."""
        while not (self._over() or stop.is_set()) and follow:
            stop.wait(self._backoff.next())

    def _trouble(self, error: EngineError) -> Iterator[LogChunk]:
        """Tell of trouble that lasts, once."""
        now = time.monotonic()
        if self._trouble_since is None:
            self._trouble_since = now
        if now - self._trouble_since > LOG_OUTAGE_GRACE_SECONDS and not self._told:
            self._told = True
            yield LogChunk(f"The log can't be read right now; retrying. {error.format_message()}\n", notice=True)

    def _kept(self, problem: EngineError | None = None) -> Iterator[LogChunk]:
        """Yield what wasn't read yet of the kept log, or why there is none."""
        if not is_launched(self._container) and problem is None:
            gone = (
                f"The log of {self._container!r} was lost with its pod {self._pod}: only the steps' own logs "
                "are kept.\n"
            )
            yield LogChunk(gone, notice=True)
            return
        try:
            data = self._archive(str(self._node["id"]), self._kept_name)
        except EngineError as error:
            yield LogChunk(self._unavailable(problem or error), notice=True)
            return
        yield from self._missing_of(data)

    def _unavailable(self, error: EngineError) -> str:
        rest = "The rest of the log" if self._lines.out.size else "The log of this step"
        if self._node.get("startedAt") is None or self._node.get("phase") in ("Skipped", "Omitted"):
            return "This step has no log: it hasn't run.\n"
        if self._never_ran():
            return "This step has no log: it failed before its pod ran.\n"
        if isinstance(error, KubernetesError):
            return f"{rest} can't be read. {error.format_message()}\n"
        if isinstance(error, StoreUnreadableError):
            return f"{rest} can't be read now: {error.format_message()}\n"
        strategy = (section(self._workflow, "spec", "podGC")).get("strategy")
        why = f"removed after it had ended (podGC: {strategy})" if strategy else "gone"
        if self._container != MAIN_CONTAINER and not self._has_kept():
            return f"Only the log of the container {MAIN_CONTAINER!r} was kept: the step's pod {self._pod} is {why}.\n"
        return f"{rest} is no longer available: its pod {self._pod} is {why}. {error.format_message()}\n"

    def _never_ran(self) -> bool:
        """Whether the controller gave the step up before a node of the cluster took its pod."""
        bad = self._node.get("phase") in ("Failed", "Error")
        return bad and not self._node.get("hostNodeName") and not self._has_kept() and not self._lines.out.size

    def _has_kept(self) -> bool:
        kept = entries(self._node, "outputs", "artifacts")
        return any(artifact["name"] == self._kept_name for artifact in kept)

    def _over(self) -> bool:
        """Whether the attempt is over; one whose pod isn't there yet will get one."""
        workflow = self._objects.workflow(str(self._workflow["metadata"]["name"]))
        node = (section(workflow, "status", "nodes")).get(self._node["id"])
        if node is None:
            return True
        self._node = node
        return Phase(node.get("phase") or "Pending").finished


def _head(blocks: Iterator[bytes]) -> list[bytes]:
    """Take the first bytes of a log, as many as may stand before the first line of Argo's launcher; nothing of none."""
    head = b""
    for block in blocks:
        head += block
        if len(head) >= _BLOCK:
            break
    return [head] if head else []


def no_such_container(node: Mapping[str, Any], container: str, there: tuple[str, ...]) -> EngineError:
    """Return the error for a container that a step doesn't have.

    Args:
        node: Node of the step.
        container: Name of the container.
        there: Names of the containers that exist.
    """
    return EngineError(
        f"The step {node.get('displayName')!r} has no container {container!r}.", remedy=f"It has {', '.join(there)}."
    )


def _not_started(container: ContainerState) -> str:
    why = f" ({container.explanation})" if container.explanation else ""
    if container.ended:
        return f"This step has no log: it ended before its program started{why}.\n"
    return f"This step has no log yet: it waits{why}.\n"


def _passes(error: KubernetesError) -> bool:
    # 400: the container is about to start; 404: the pod went in between, and the next look sees that.
    return error.passes or error.status in (400, 401, 404)
