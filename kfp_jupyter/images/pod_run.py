"""Runs a pod to its end: create it, report why it waits, show its log, delete it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Any

from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.errors import ApiError, KubernetesError
from kfp_jupyter.kubernetes.objects import CoreObjects
from kfp_jupyter.kubernetes.pods import HOPELESS, STUCK, ContainerState, container_state

POLL_SECONDS = 1.0
"""Seconds between two questions for a pod's state. A watch would need one more permission than KFP v1 asks for."""

STUCK_SECONDS = 60.0
"""How long a pod may be stuck, or the cluster out of reach, before the build is given up."""

QUIET_SECONDS = 15.0
"""How long a log may be silent before the pod's state is asked for again."""


def run_pod(
    objects: CoreObjects, pod: Mapping[str, Any], container: str, *, timeout: float, show: Callable[[str], None]
) -> ContainerState:
    """Run a pod and delete it, whether it succeeds or not; return how its container ended.

    Args:
        objects: The cluster and namespace that it runs in.
        pod: The pod.
        container: Its container whose log is shown.
        timeout: Seconds after which it is given up.
        show: Takes the progress and the log, line by line.

    Raises:
        EngineError: It failed, took too long or could not be run at all.
    """
    run = _Run(objects, _created(objects, pod), container, time.monotonic() + timeout, show)
    try:
        return run.to_the_end()
    finally:
        run.delete()


@dataclasses.dataclass
class _Run:
    objects: CoreObjects
    name: str
    container: str
    deadline: float
    show: Callable[[str], None]
    told: set[str] = dataclasses.field(default_factory=set)
    trouble_since: float | None = None
    lines: int = 0
    last_line: str = ""

    def to_the_end(self) -> ContainerState:
        self.show(f"Started the pod {self.name} in the namespace {self.objects.namespace}.")
        while True:
            try:
                state = self._look()
                if state.started:
                    self._show_log()
            except KubernetesError as error:
                # A build of a quarter of an hour outlives a network that fails for a moment.
                if not error.passes or self._lasts(trouble=True):
                    raise
                self._tell("unreachable", str(error))
            else:
                if state.pod_ended:
                    return self._judged(state)
                self._check(state)
            time.sleep(POLL_SECONDS)

    def delete(self) -> None:
        try:
            # kaniko has nothing to tidy up, and as its container's first process it ignores SIGTERM.
            self.objects.delete_pod(self.name, grace_seconds=1)
        except EngineError as error:
            # The build's own result, or failure, matters more.
            self.show(f"The pod {self.name} could not be deleted. {error}")

    def _look(self) -> ContainerState:
        pod = self.objects.pod(self.name)
        if pod is None:
            raise EngineError(f"The pod {self.name} was deleted before it ended.")
        return container_state(pod, self.container)

    def _check(self, state: ContainerState) -> None:
        """Report why it waits, and give up where waiting doesn't help."""
        if state.reason and not state.started:
            self._tell(state.reason, f"The pod {self.name} is waiting. {state.explanation}")
        if self._lasts(trouble=state.reason in STUCK) or state.reason in HOPELESS:
            raise EngineError(f"The pod {self.name} can't start. {state.explanation}.")
        if time.monotonic() > self.deadline:
            raise self._late(state)

    def _tell(self, key: str, text: str) -> None:
        """Show a text once: a pod goes back and forth between pulling an image and waiting to try again."""
        if key not in self.told:
            self.told.add(key)
            self.show(text)

    def _lasts(self, *, trouble: bool) -> bool:
        """Whether there has been nothing but trouble for too long."""
        now = time.monotonic()
        self.trouble_since = (self.trouble_since or now) if trouble else None
        return trouble and now - (self.trouble_since or now) > STUCK_SECONDS

    def _show_log(self) -> None:
        """Follow the log. It begins anew whenever it is followed anew, and what was shown is left out."""
        quiet = max(1.0, min(QUIET_SECONDS, self.deadline - time.monotonic()))
        for number, line in enumerate(self.objects.follow_log(self.name, self.container, quiet)):
            if number >= self.lines:
                self.lines = number + 1
                self.last_line = line.strip() or self.last_line
                self.show(line)
            if time.monotonic() > self.deadline:
                return

    def _judged(self, state: ContainerState) -> ContainerState:
        if state.phase == "Succeeded":
            return state
        code = "" if state.exit_code is None else f" with exit code {state.exit_code}"
        why = f" ({state.explanation})" if state.explanation else ""
        last = f": {self.last_line}" if self.last_line else ""
        raise EngineError(f"The pod {self.name} in the namespace {self.objects.namespace} failed{code}{why}{last}.")

    def _late(self, state: ContainerState) -> EngineError:
        where = "was running" if state.started else "had not started"
        reason = state.explanation if state.message or state.started else self._last_warning() or state.reason
        why = f" ({reason})" if reason else ""
        return EngineError(
            f"The pod {self.name} took too long: it {where}{why}.",
            remedy="Set a longer timeout=…, in seconds.",
        )

    def _last_warning(self) -> str:
        """Only an event says, for one, that a volume can't be mounted."""
        try:
            events = self.objects.events(f"involvedObject.name={self.name},type=Warning")
        except EngineError:
            # Often the account may not read events.
            return ""
        return ": ".join(str(events[-1].get(key)) for key in ("reason", "message")) if events else ""


def _created(objects: CoreObjects, pod: Mapping[str, Any]) -> str:
    try:
        return objects.create_pod(pod)
    except ApiError as error:
        if error.status == 403 and "service account" in error.message and "not found" in error.message:
            raise EngineError(
                error.message,
                remedy="Set service_account= to a service account of that namespace that may push images.",
            ) from None
        raise
