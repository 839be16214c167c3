"""The newest state of a run, whatever breaks between here and the cluster.

List, then watch from the version of the list; whatever ends the watch, list again. A list shows what happened
in between, so nothing is missed, and a state equal to the last one isn't yielded, so nothing is repeated.
"""

from __future__ import annotations

import dataclasses
import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.background import Interrupt, in_background
from kfp_jupyter.engines.argo.errors import RefusedError, UnreachableError
from kfp_jupyter.engines.argo.nodes import unpacked
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.errors import RunNotFoundError
from kfp_jupyter.runs import RunState, parse_workflow

QUIET_SECONDS = 45.0
"""A watch that is silent for so long is opened anew: only so a dead network is noticed."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before it is tried again, growing."""

STRANGER_TRIES = 8
"""How often in a row the cluster may say that we mayn't look, before it is believed."""

_GONE = 410


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A version of a workflow as it came.

    Attributes:
        data: The object, or the watch event around it, as JSON.
        deleted: Whether it is the last version, of an object that is gone.
    """

    data: bytes | Mapping[str, Any]
    deleted: bool = False

    def workflow(self) -> dict[str, Any]:
        """Return it, nodes unpacked. Only what is looked at is parsed."""
        if isinstance(self.data, bytes):
            return unpacked(json.loads(self.data)["object"])
        return unpacked(self.data)


class Pauses:
    """How long to wait after each failure in a row: twice as long as before, and never twice the same.

    Args:
        chance: A number between 0 and 1, another one each time.
    """

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self.failures = 0

    def next(self, at_least: float = 0.0) -> float:
        """Return the seconds to wait now, never less than what the server asked for."""
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**self.failures)
        self.failures = min(self.failures + 1, 30)
        return max(min(at_least, 60.0), pause * (0.5 + self._chance() / 2))

    def over(self) -> None:
        """It works again."""
        self.failures = 0


def watch_run(objects: Objects, name: str, stop: threading.Event) -> Iterator[RunState]:
    """Yield the newest state of a run, first at once, then at each change; see `Engine.watch`."""
    last: RunState | None = None
    version = ""
    for change in in_background(lambda interrupt: changes(objects, name, interrupt), stop, newest_only=True):
        workflow = change.workflow()
        newest = str(workflow["metadata"].get("resourceVersion"))
        if newest == version:
            continue
        version = newest
        state = parse_workflow(workflow)
        if state != last:
            last = state
            if not change.deleted or state.phase.finished:
                yield state
        if state.phase.finished:
            return
        if change.deleted:
            raise _deleted(objects, name)


def changes(objects: Objects, name: str, interrupt: Interrupt) -> Iterator[Change]:
    """Yield the versions of a workflow from now on, and go on after whatever passes.

    Raises:
        EngineError: It can't be seen: at the first look for any reason, later for one that stays.
    """
    pauses = Pauses()
    strangers = 0
    uid = ""
    while not interrupt.set:
        try:
            workflow, version = objects.find_workflow(name)
            if workflow is None or (uid and workflow["metadata"]["uid"] != uid):
                raise _deleted(objects, name) if uid else _absent(objects, name)
            uid = workflow["metadata"]["uid"]
            yield Change(workflow)
            strangers = 0
            for change in _events(objects, name, version, interrupt):
                pauses.over()
                yield change
                if change.deleted:
                    return
        except (RefusedError, UnreachableError) as error:  # noqa: PERF203  (it is what the loop is for)
            strangers += isinstance(error, RefusedError) and error.forbidden
            if interrupt.set or not uid or not _passes(error) or strangers >= STRANGER_TRIES:
                raise
            asked = error.retry_after if isinstance(error, RefusedError) else 0.0
            if isinstance(error, RefusedError) and error.status == _GONE and not pauses.failures:
                # Nothing is wrong: the server has forgotten the version that we had. One look at once.
                pauses.failures += 1
                continue
            interrupt.wait(pauses.next(asked))


def _events(objects: Objects, name: str, version: str, interrupt: Interrupt) -> Iterator[Change]:
    """Yield what one watch brings, the newest of what came together; return when it ends in peace."""
    with objects.workflow_changes(name, version, QUIET_SECONDS) as response, interrupt.reading(response):
        rest = b""
        for chunk in response.stream(1 << 16, decode_content=True):
            if interrupt.set:
                return
            if b"\n" not in chunk:
                rest += chunk
                continue
            *lines, rest = (rest + chunk).split(b"\n")
            newest, problem = merged(lines)
            if newest:
                yield newest
            if problem:
                raise problem


def merged(lines: list[bytes]) -> tuple[Change | None, RefusedError | None]:
    """Return the newest version among the events of a watch, and what the server says ended it."""
    newest: Change | None = None
    for line in lines:
        kind = _kind(line)
        if kind in ("ADDED", "MODIFIED"):
            newest = Change(line)
        elif kind == "DELETED":
            return Change(line, deleted=True), None
        elif kind == "ERROR":
            status = json.loads(line).get("object") or {}
            code = int(status.get("code") or 500)
            seconds = float((status.get("details") or {}).get("retryAfterSeconds") or 0)
            words = f"The cluster ended the watch: {status.get('message') or status.get('reason') or code}."
            return newest, RefusedError(words, status=code, retry_after=seconds)
    return newest, None


def _kind(line: bytes) -> str:
    """Return the type of an event, without parsing the megabyte that may come with it."""
    if not line.strip():
        return ""
    head = line[:32].replace(b" ", b"")
    if head.startswith(b'{"type":"'):
        return head[9:].partition(b'"')[0].decode(errors="replace")
    return str(json.loads(line).get("type"))


def _passes(error: RefusedError | UnreachableError) -> bool:
    return isinstance(error, UnreachableError) or error.passes or error.forbidden


def _absent(objects: Objects, name: str) -> RunNotFoundError:
    return RunNotFoundError(f"There is no run {name!r} in the namespace {objects.namespace!r}.")


def _deleted(objects: Objects, name: str) -> RunNotFoundError:
    return RunNotFoundError(f"The run {name!r} was deleted from the namespace {objects.namespace!r} before it ended.")
