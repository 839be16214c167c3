"""Runs a pod to its end: create, tell why it waits, show its log, delete."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Any

from kfp_jupyter.errors import EngineError
from kfp_jupyter.images.cluster import Cluster, NotThereError, UnreachableError
from kfp_jupyter.images.pod_state import HOPELESS, STUCK, PodState, pod_state

POLL_SECONDS = 1.0
"""Between two looks at a pod. Watching it instead would need one more permission than KFP v1 asks for."""

PATIENCE_SECONDS = 60.0
"""How long a pod may be stuck, or the cluster silent, before the build is given up."""

QUIET_SECONDS = 15.0
"""How long a log may be silent before the pod itself is looked at again."""


def run_pod(
    cluster: Cluster, pod: Mapping[str, Any], container: str, *, timeout: float, show: Callable[[str], None]
) -> PodState:
    """Run a pod and delete it, whatever comes of it; return how it ended.

    Args:
        cluster: Where it runs.
        pod: The pod.
        container: Its container whose log is shown.
        timeout: Seconds after which it is given up.
        show: Takes what there is to tell, line by line.

    Raises:
        EngineError: It failed, took too long or could not be run at all.
    """
    run = _Run(cluster, cluster.create_pod(pod), container, time.monotonic() + timeout, show)
    try:
        return run.to_the_end()
    finally:
        run.delete()


@dataclasses.dataclass
class _Run:
    cluster: Cluster
    name: str
    container: str
    deadline: float
    show: Callable[[str], None]
    told: set[str] = dataclasses.field(default_factory=set)
    trouble_since: float | None = None
    lines: int = 0
    last_line: str = ""

    def to_the_end(self) -> PodState:
        self.show(f"Started the pod {self.name} in the namespace {self.cluster.namespace}.")
        while True:
            try:
                state = self._look()
                if state.started:
                    self._show_log()
            except UnreachableError as error:
                # A build of a quarter of an hour outlives a network that fails for a moment.
                if self._lasts(trouble=True):
                    raise
                self._tell("unreachable", str(error))
            else:
                if state.ended:
                    return self._judged(state)
                self._check(state)
            time.sleep(POLL_SECONDS)

    def delete(self) -> None:
        try:
            self.cluster.delete_pod(self.name)
        except NotThereError:
            return
        except EngineError as error:
            # The build's own result, or failure, matters more.
            self.show(f"The pod {self.name} is still there. {error}")

    def _look(self) -> PodState:
        try:
            return pod_state(self.cluster.read_pod(self.name), self.container)
        except NotThereError:
            raise EngineError(f"The pod {self.name} was deleted by someone before it ended.") from None

    def _check(self, state: PodState) -> None:
        """Tell why it waits, and give it up where waiting doesn't help."""
        if state.reason and not state.started:
            self._tell(state.reason, f"The pod {self.name} waits. {state.explanation}")
        if self._lasts(trouble=state.reason in STUCK) or state.reason in HOPELESS:
            raise EngineError(f"The pod {self.name} can't start. {state.explanation}.")
        if time.monotonic() > self.deadline:
            raise self._late(state)

    def _tell(self, key: str, text: str) -> None:
        """Say it once: a pod goes back and forth between pulling an image and waiting to try again."""
        if key not in self.told:
            self.told.add(key)
            self.show(text)

    def _lasts(self, *, trouble: bool) -> bool:
        """Whether there has been nothing but trouble for too long."""
        now = time.monotonic()
        self.trouble_since = (self.trouble_since or now) if trouble else None
        return trouble and now - (self.trouble_since or now) > PATIENCE_SECONDS

    def _show_log(self) -> None:
        """Follow the log. It begins anew whenever it is followed anew, and what was shown is left out."""
        quiet = max(1.0, min(QUIET_SECONDS, self.deadline - time.monotonic()))
        for number, line in enumerate(self.cluster.log(self.name, self.container, quiet)):
            if number >= self.lines:
                self.lines = number + 1
                self.last_line = line.strip() or self.last_line
                self.show(line)
            if time.monotonic() > self.deadline:
                return

    def _judged(self, state: PodState) -> PodState:
        if state.phase == "Succeeded":
            return state
        code = "" if state.exit_code is None else f" with exit code {state.exit_code}"
        why = f" ({state.explanation})" if state.explanation else ""
        last = f": {self.last_line}" if self.last_line else ""
        raise EngineError(f"The pod {self.name} in the namespace {self.cluster.namespace} failed{code}{why}{last}.")

    def _late(self, state: PodState) -> EngineError:
        where = "was running" if state.started else "had not started"
        reason = state.explanation if state.message or state.started else self._last_warning() or state.reason
        why = f" ({reason})" if reason else ""
        return EngineError(
            f"The pod {self.name} took too long: it {where}{why}.",
            remedy="Give it more time with timeout=…, in seconds.",
        )

    def _last_warning(self) -> str:
        """A volume that can't be mounted, for one, is told in an event alone."""
        try:
            return next(reversed(self.cluster.warnings(self.name)), "")
        except EngineError:
            return ""
