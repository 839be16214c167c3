"""Which runs there are."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.submission import SUBMITTED
from kfp_jupyter.engines.base import RunRef, RunSummary
from kfp_jupyter.engines.names import pipeline_name
from kfp_jupyter.errors import RunNotFoundError
from kfp_jupyter.runs import Phase
from kfp_jupyter.runs.workflow import parse_time


def list_runs(objects: Objects, selector: str, limit: int) -> list[RunSummary]:
    """Return the newest runs with some labels, newest first."""
    found = ((_submitted(workflow), summary(workflow)) for workflow in objects.workflows(selector))
    return [line for _, line in heapq.nlargest(limit, found, key=lambda pair: pair[0])]


def find_run(objects: Objects, selector: str, run_id: str) -> str:
    """Return the id of the run that has this id, whoever started it, or of the only one of ours that starts so.

    Raises:
        RunNotFoundError: There is none, or more than one.
    """
    there, _ = objects.find_workflow(run_id) if run_id else (None, "")
    if there:
        return run_id
    every = (str(workflow["metadata"]["name"]) for workflow in objects.workflows(selector)) if run_id else iter(())
    names = [name for name in every if name.startswith(run_id)]
    if not names:
        raise RunNotFoundError(f"There is no run {run_id!r} in the namespace {objects.namespace!r}.")
    if len(names) > 1:
        some = ", ".join(sorted(names)[:5])
        raise RunNotFoundError(f"{len(names)} runs start with {run_id!r}: {some}.", remedy="Give more letters.")
    return names[0]


def summary(workflow: Mapping[str, Any]) -> RunSummary:
    """Return what a list of runs shows of a workflow."""
    metadata, status = workflow["metadata"], workflow.get("status") or {}
    return RunSummary(
        RunRef("argo", str(metadata["name"])),
        pipeline_name(workflow),
        Phase(status.get("phase") or "Pending"),
        parse_time(status.get("startedAt") or metadata.get("creationTimestamp")),
        parse_time(status.get("finishedAt")),
    )


def _submitted(workflow: Mapping[str, Any]) -> tuple[str, str]:
    metadata = workflow["metadata"]
    return str(metadata.get("creationTimestamp")), str((metadata.get("annotations") or {}).get(SUBMITTED, ""))
