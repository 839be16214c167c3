"""What people do to a run: terminate, stop, retry, delete."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kfp_jupyter.engines.argo.errors import RefusedError
from kfp_jupyter.engines.argo.nodes import packed
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.retrying import retried
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import Phase

_TRIES = 5
_CONFLICT = 409
_AT_ONCE = 8
_GONE_SECONDS, _LOOK = 45.0, 0.3


def shut_down(objects: Objects, name: str, strategy: str) -> None:
    """End a run that isn't over.

    Args:
        objects: Where it is.
        name: The run.
        strategy: Argo's: ``Terminate`` ends all at once, ``Stop`` lets exit handlers run.
    """
    if not _phase(objects.workflow(name)).finished:
        objects.patch_workflow(name, {"spec": {"shutdown": strategy}})


def retry(objects: Objects, name: str) -> None:
    """Run again what failed, and what follows it."""
    for left in reversed(range(_TRIES)):
        workflow = objects.workflow(name)
        phase = _phase(workflow)
        if not phase.finished:
            raise EngineError(f"The run {name} is running.", remedy="Wait for its end, or stop it.")
        if phase is Phase.SUCCEEDED:
            raise EngineError(f"The run {name} has succeeded; there is nothing to retry.")
        again, pods = retried(workflow)
        _remove_pods(objects, pods)
        try:
            objects.replace_workflow(packed(again))
        except RefusedError as error:
            # The controller, or an archive, has written in between: what it wrote is looked at again.
            if error.status != _CONFLICT or not left:
                raise
        else:
            return


def delete(objects: Objects, name: str) -> None:
    """Remove a finished run with its pods; artifacts stay in their store, unless the workflow says otherwise."""
    workflow = objects.workflow(name)
    if not _phase(workflow).finished:
        raise EngineError(f"The run {name} is running.", remedy="Stop it first.")
    objects.delete_workflow(name, str(workflow["metadata"]["uid"]))


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
    return Phase((workflow.get("status") or {}).get("phase") or "Pending")
