"""The newest state of a run, whatever breaks between here and the cluster.

List, then watch from the version of the list; whatever breaks the watch, list again. A list shows what happened
in between, so nothing is missed, and a state equal to the last one isn't yielded, so nothing is repeated. Trouble
that lasts is told with the last known state and goes away with it: who watches decides how long to wait.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from kfp_jupyter.backoff import LONGEST_PAUSE, Backoff
from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import WORKFLOWS
from kfp_jupyter.engines.argo.watch.events import MalformedWatchEventError, WatchBatch, parse_watch_lines
from kfp_jupyter.errors import RunNotFoundError
from kfp_jupyter.kubernetes.errors import ApiError, KubernetesError, UnreachableError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.pacing import FIRST_STATE_SECONDS, LONGEST_REFUSED_PAUSE_SECONDS, OUTAGE_GRACE_SECONDS
from kfp_jupyter.runs import RunState, Trouble, parse_workflow

_GONE = 410


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What is known of a workflow.

    Attributes:
        workflow: Its newest version, as it is stored.
        deleted: Whether that is the last one, of a workflow that is gone.
        trouble: Why there may be a newer one.
    """

    workflow: Mapping[str, Any]
    deleted: bool = False
    trouble: Trouble | None = None

    @property
    def version(self) -> str:
        """What the API calls this version."""
        return str(self.workflow["metadata"].get("resourceVersion"))


def watch_anywhere(objects: Objects, name: str, stop: CancelToken) -> Iterator[RunState]:
    """Yield the newest state of a run, see `watch_run`; of one that is only in the archive, how it ended."""
    try:
        yield from watch_run(objects, name, stop)
    except RunNotFoundError:
        found = objects.archived_workflow(name)
        if found is None:
            raise
        yield parse_workflow(found, ahead=objects.clock.ahead)


def watch_run(objects: Objects, name: str, stop: CancelToken) -> Iterator[RunState]:
    """Yield the newest state of a run, first at once, then at each change; see `Engine.watch`.

    While the run can't be followed, the last state comes with what hinders it; the next one that can be seen comes
    without.

    Raises:
        RunNotFoundError: There is no such run, or it was deleted before it ended.
        EngineError: It can't be seen at the first look.
    """
    state: RunState | None = None
    shown: RunState | None = None
    version = ""
    for change in changes(objects, name, stop):
        if state is None or change.version != version:
            for found in _with_nodes(objects, change.workflow, state, stop):
                if found.trouble:
                    yield found
                else:
                    version, state = change.version, found
            if state is None or change.version != version:
                return
        ended = state.phase.finished
        news = state if ended else dataclasses.replace(state, trouble=change.trouble)
        if news != shown and (ended or not change.deleted):
            shown = news
            yield news
        if ended:
            return
        if change.deleted:
            raise _deleted(objects, name)


def _with_nodes(
    objects: Objects, workflow: Mapping[str, Any], last: RunState | None, stop: CancelToken
) -> Iterator[RunState]:
    """Yield the state of a version; before it the last one with what hinders it, while an Argo Server must be asked."""
    backoff = Backoff()
    began = datetime.now(timezone.utc)
    while not stop.is_set():
        try:
            yield parse_workflow(objects.complete(workflow), ahead=objects.clock.ahead)
        except (ApiError, UnreachableError) as error:
            if last is None:
                raise
            if backoff.failures:
                yield dataclasses.replace(last, trouble=Trouble(began, error.format_message()))
        else:
            return
        stop.wait(backoff.next())


def changes(objects: Objects, name: str, stop: CancelToken) -> Iterator[Change]:
    """Yield the versions of a workflow from now on, and go on after whatever happens, until it is gone.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the run.
        stop: Set to end it early.

    Raises:
        EngineError: It can't be read at first, or was deleted between two connections.
    """
    return WorkflowWatcher(objects, name, stop).changes()


class WorkflowWatcher:
    """One workflow, followed."""

    def __init__(self, objects: Objects, name: str, stop: CancelToken) -> None:
        self._objects, self._name, self._stop = objects, name, stop
        self._backoff = Backoff()
        self._began = time.monotonic()
        self._known: Change | None = None
        self._version = ""
        """From where a watch may go on; empty where a look at the workflow has to come first."""
        self._failed_at: datetime | None = None
        """Since when it hasn't been followed."""

    def changes(self) -> Iterator[Change]:
        """Yield its versions, until it is gone."""
        while not self._stop.is_set() and not (self._known and self._known.deleted):
            try:
                if not self._version:
                    yield self._look()
                yield from self._watch()
            except KubernetesError as error:  # noqa: PERF203  (what the loop is for)
                blind, self._version = not self._version, ""
                if self._stop.is_set():
                    return
                if not self._bearable(error):
                    raise
                yield from self._wait_after(error, blind=blind)

    def _look(self) -> Change:
        workflow, version = self._objects.find_workflow(self._name)
        if self._known is None:
            if workflow is None:
                raise RunNotFoundError(f"There is no run {self._name!r} in the namespace {self._objects.namespace!r}.")
        elif workflow is None or workflow["metadata"]["uid"] != self._known.workflow["metadata"]["uid"]:
            raise _deleted_unseen(self._objects, self._name)
        self._version = version
        self._known = Change(workflow, trouble=self._known.trouble if self._known else None)
        return self._known

    def _watch(self) -> Iterator[Change]:
        """Yield what one watch brings; return when it ends in peace, after a pause if that was too soon."""
        began = time.monotonic()
        held = False
        try:
            for news in self._news():
                if news.newest is not None:
                    self._version, self._known = "", Change(news.newest, news.deleted)
                    yield self._known
                elif self._known and self._known.trouble:
                    self._known = dataclasses.replace(self._known, trouble=None)
                    yield self._known
                self._version = news.version or self._version
                if news.deleted:
                    return
                if news.problem:
                    raise news.problem
        finally:
            held = self._backoff.reset_after(time.monotonic() - began)
        if not held:
            self._version = ""
            self._stop.wait(self._backoff.next())

    def _news(self) -> Iterator[WatchBatch]:
        """Yield nothing but that the watch is open, then what comes together."""
        quiet = self._objects.connection.timeouts.quiet
        with (
            self._objects.workflow_changes(self._name, self._version, quiet) as response,
            self._stop.reading(response),
        ):
            self._failed_at = None
            yield WatchBatch()
            rest = bytearray()
            for chunk in response.stream(1 << 16, decode_content=True):
                if self._stop.is_set():
                    return
                rest += chunk
                if b"\n" in chunk:
                    *lines, rest = rest.split(b"\n")
                    yield self._understood(lines)
            # Every event ends its line: what is left is something else.
            yield self._understood([rest])

    def _understood(self, lines: list[bytearray]) -> WatchBatch:
        try:
            return parse_watch_lines([bytes(line) for line in lines])
        except MalformedWatchEventError:
            action = Action("watch", WORKFLOWS, self._objects.namespace, self._name)
            reason = "the answer is not a stream of watch events"
            raise self._objects.connection.unreachable(action, reason) from None

    def _bearable(self, error: KubernetesError) -> bool:
        """Whether to try on. What is known to be there may be out of reach for as long as it takes."""
        return self._known is not None or (error.passes and time.monotonic() - self._began < FIRST_STATE_SECONDS)

    def _wait_after(self, error: KubernetesError, *, blind: bool) -> Iterator[Change]:
        if error.status == _GONE and not self._backoff.failures:
            # Nothing is wrong: the server has forgotten the version that we had. One look at once.
            self._backoff.next()
            return
        now = datetime.now(timezone.utc)
        self._failed_at = self._failed_at or now
        if self._known and (now - self._failed_at).total_seconds() >= OUTAGE_GRACE_SECONDS:
            trouble = Trouble(self._failed_at, error.format_message())
            self._known = dataclasses.replace(self._known, trouble=trouble)
            yield self._known
        # Who may look and not watch looks often.
        refused = blind and not error.passes
        longest = LONGEST_REFUSED_PAUSE_SECONDS if refused else LONGEST_PAUSE
        self._stop.wait(self._backoff.next(error.retry_after, longest))


def _deleted(objects: Objects, name: str) -> RunNotFoundError:
    return RunNotFoundError(f"The run {name!r} was deleted from the namespace {objects.namespace!r} before it ended.")


def _deleted_unseen(objects: Objects, name: str) -> RunNotFoundError:
    return RunNotFoundError(
        f"The run {name!r} was deleted from the namespace {objects.namespace!r} while it couldn't be followed; "
        "how it ended isn't known here."
    )
