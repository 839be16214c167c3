"""Actions on a run: stop, terminate, suspend, resume, retry, resubmit, delete."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kfp_jupyter.engines.argo.actions.resubmit import resubmitted
from kfp_jupyter.engines.argo.actions.resume import resumed
from kfp_jupyter.engines.argo.actions.retry import retried
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.stored_nodes import packed
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.kubernetes.errors import ApiError, TooLargeError
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.runs import Phase
from kfp_jupyter.workflow.times import now

_TRIES = 5
_CONFLICT = 409
_AT_ONCE = 8
_GONE_SECONDS, _LOOK = 45.0, 0.3
_DELETED_SECONDS = 3.0
"""Seconds in which who set a finalizer mostly removes it."""


def shut_down(objects: Objects, name: str, strategy: str) -> None:
    """End a run that isn't over.

    Args:
        objects: Where it is.
        name: The run.
        strategy: Argo's: ``Terminate`` ends all at once, ``Stop`` lets exit handlers run.
    """
    if not _phase(objects.workflow(name)).finished:
        # The controller leaves a suspended run alone, whatever else is said of it.
        objects.patch_workflow(name, {"spec": {"shutdown": strategy, "suspend": None}})


def suspend(objects: Objects, name: str) -> None:
    """Start no further steps of a run.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the run.
    """
    if _phase(objects.workflow(name)).finished:
        raise EngineError(f"The run {name} has ended; there is nothing to suspend.")
    objects.patch_workflow(name, {"spec": {"suspend": True}})


def resume(objects: Objects, name: str) -> None:
    """Let a run go on that is suspended, or waits in Suspend steps.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the run.
    """

    def going_on(workflow: Mapping[str, Any]) -> dict[str, Any]:
        if _phase(workflow).finished:
            raise EngineError(f"The run {name} has ended; there is nothing to resume.")
        again = resumed(workflow)
        if again is None:
            raise EngineError(f"The run {name} isn't suspended; there is nothing to resume.")
        return again

    _rewrite_or_ask(objects, name, going_on, "resume")


def retry(objects: Objects, name: str) -> None:
    """Run again what failed, and what follows it.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the run.
    """

    def reopened(workflow: Mapping[str, Any]) -> dict[str, Any]:
        phase = _phase(workflow)
        if not phase.finished:
            raise EngineError(f"The run {name} is running.", remedy="Wait until it ends, or stop it.")
        if phase is Phase.SUCCEEDED:
            raise EngineError(f"The run {name} has succeeded; there is nothing to retry.")
        again, pods = retried(workflow, now(objects.clock.ahead))
        _remove_pods(objects, pods)
        return again

    _rewrite_or_ask(objects, name, reopened, "retry")


def resubmit(objects: Objects, name: str, labels: Mapping[str, str], *, memoized: bool) -> str:
    """Start a run's workflow once more; return the new run.

    Args:
        objects: Where it is.
        name: The run.
        labels: Further labels of the new one.
        memoized: Whether steps that succeeded are taken over.
    """
    workflow = objects.workflow(name)
    return objects.create_workflow(packed(resubmitted(workflow, memoized=memoized, labels=labels)))


def delete(objects: Objects, name: str) -> None:
    """Remove a finished run with its pods; artifacts stay in their store, unless the workflow says otherwise.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the run.

    Raises:
        EngineError: It is at work, or something on the cluster holds it back.
    """
    workflow = objects.workflow(name)
    if not _phase(workflow).finished:
        raise EngineError(f"The run {name} is running.", remedy="Stop it first.")
    uid = str(workflow["metadata"]["uid"])
    objects.delete_workflow(name, uid)
    _await_deleted(objects, name, uid)


def _await_deleted(objects: Objects, name: str, uid: str) -> None:
    """Wait until a deleted run is gone; one with finalizers is only marked, until who set them has removed them."""
    limit = time.monotonic() + _DELETED_SECONDS
    while True:
        try:
            metadata = objects.workflow_metadata(name)
        except RunNotFoundError:
            return
        if metadata.get("uid") != uid:
            return
        finalizers = ", ".join(metadata.get("finalizers") or ())
        if finalizers and time.monotonic() > limit:
            patch = shlex.quote('{"metadata":{"finalizers":null}}')
            raise EngineError(
                f"The run {name} is marked for deletion but still exists: its finalizers ({finalizers}) haven't "
                "been removed.",
                remedy="The run is deleted once the controllers that set them have removed them. To force it: "
                f"kubectl patch workflow {name} -n {objects.namespace} --type=merge -p {patch}",
            )
        if time.monotonic() > limit + _GONE_SECONDS:
            raise EngineError(f"The run {name} is marked for deletion but still exists.", remedy="Check again later.")
        time.sleep(_LOOK)


def rewrite(objects: Objects, name: str, change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
    """Store a changed workflow; what the controller, or an archive, has written in between is looked at again.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the run.
        change: Makes the new Workflow of the current one.
    """
    for _ in range(_TRIES):
        changed = change(objects.workflow(name))
        # Nodes in a database would win over those that come with the workflow.
        changed.get("status", {}).pop("offloadNodeStatusVersion", None)
        try:
            objects.replace_workflow(packed(changed))
        except ApiError as error:
            if error.status != _CONFLICT:
                raise
        else:
            return
    raise EngineError(
        f"The run {name} couldn't be updated: it changed during each attempt.", remedy="Try again in a moment."
    )


def _rewrite_or_ask(
    objects: Objects, name: str, change: Callable[[Mapping[str, Any]], dict[str, Any]], action: str
) -> None:
    """Store a changed workflow; where only a database holds its steps, let the server do it that has brought them."""
    try:
        rewrite(objects, name, change)
    except TooLargeError:
        if objects.server is None:
            raise
        objects.server.act(objects.namespace, name, action)


def _remove_pods(objects: Objects, pods: list[str]) -> None:
    """Delete pods and wait until they are gone: the controller would take one that still ends for the new attempt."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(objects.delete_pod, pods))
    limit = time.monotonic() + _GONE_SECONDS
    while pods := [pod for pod in pods if objects.pod(pod)]:
        if time.monotonic() > limit:
            raise EngineError(
                f"The run can't be retried yet: the pod {pods[0]!r} of its last attempt hasn't ended.",
                remedy="Try again in a minute.",
            )
        time.sleep(_LOOK)


def _phase(workflow: Mapping[str, Any]) -> Phase:
    return Phase(section(workflow, "status").get("phase") or "Pending")
