"""Which runs there are."""

from __future__ import annotations

import contextlib
import heapq
import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.stored_nodes import unpacked
from kfp_jupyter.engines.base import RunList, RunRef, RunSummary
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.runs import Phase, parse_workflow
from kfp_jupyter.workflow.dialect import PIPELINE_LABEL, SUBMITTED_AT
from kfp_jupyter.workflow.times import parse_time
from kfp_jupyter.workflow.titles import pipeline_name

_MANY = 1000
"""Runs of an archive that are looked through for the beginning of a name."""


def list_runs(objects: Objects, selector: str, limit: int, *, others: bool = False) -> RunList:
    """Return the newest runs; without the archive's, with a notice, if it can't be read.

    Args:
        objects: Where they are.
        selector: The labels of runs that were started from here.
        limit: How many at most.
        others: Whether those without these labels are listed too.
    """
    notices: list[str] = []
    wanted = "" if others else selector
    every = itertools.chain(_archived(objects, wanted, limit, notices), objects.workflows(wanted))
    ahead = objects.clock.ahead
    # What is in the archive and in the cluster counts as it is in the cluster.
    found = {
        str(workflow["metadata"]["uid"]): (_submitted(workflow), summary(workflow, selector, ahead))
        for workflow in every
    }
    newest = heapq.nlargest(limit, found.values(), key=lambda pair: pair[0])
    return RunList(tuple(line for _, line in newest), tuple(notices))


def find_run(objects: Objects, selector: str, run_id: str) -> str:
    """Return the id of the run that has this id, whoever started it, or of the only one of ours that starts so.

    Raises:
        RunNotFoundError: There is none, or more than one.
    """
    if run_id and _is_there(objects, run_id):
        return run_id
    notices: list[str] = []
    names = sorted(_names(objects, selector, run_id, notices)) if run_id else []
    if not names:
        message = f"There is no run {run_id!r} in the namespace {objects.namespace!r}."
        raise RunNotFoundError(message, remedy=" ".join(notices))
    if len(names) > 1:
        some = ", ".join(names[:5])
        raise RunNotFoundError(f"{len(names)} runs start with {run_id!r}: {some}.", remedy="Give more letters.")
    return names[0]


def _is_there(objects: Objects, name: str) -> bool:
    there, _ = objects.find_workflow(name)
    if there:
        return True
    with contextlib.suppress(EngineError):
        # That an archive is away is told where it is asked for names that begin so.
        return objects.archived_workflow(name) is not None
    return False


def _names(objects: Objects, selector: str, prefix: str, notices: list[str]) -> set[str]:
    every = itertools.chain(_archived(objects, selector, _MANY, notices, prefix), objects.workflows(selector))
    return {name for workflow in every if (name := str(workflow["metadata"]["name"])).startswith(prefix)}


def _archived(
    objects: Objects, selector: str, limit: int, notices: list[str], prefix: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield the archive's runs; an archive that can't be read yields none and leaves a notice."""
    try:
        yield from objects.archived(selector, limit, prefix)
    except EngineError as error:
        notices.append(f"Runs of the archive are left out. {error.format_message()}")


def summary(workflow: Mapping[str, Any], selector: str, ahead: timedelta) -> RunSummary:
    """Return what a list of runs shows of a workflow.

    Args:
        workflow: The workflow, as it is stored.
        selector: The labels of runs that were started from here.
        ahead: How far the cluster's clock is ahead of the one here.
    """
    metadata = workflow["metadata"]
    state = parse_workflow(_with_nodes_that_matter(workflow), ahead=ahead)
    return RunSummary(
        RunRef("argo", state.name),
        _pipeline(workflow),
        state.phase,
        state.started_at or parse_time(metadata.get("creationTimestamp"), ahead),
        state.finished_at,
        stopped=state.stopped,
        held=state.held,
        ours=_has_labels(section(metadata, "labels"), selector),
    )


def _with_nodes_that_matter(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return a workflow, without nodes where they tell nothing of the whole: only what waits is seen in them."""
    status = section(workflow, "status")
    if not Phase(status.get("phase") or "Pending").finished:
        with contextlib.suppress(EngineError):
            # Nodes that can't be read are told where the run is looked at.
            return unpacked(workflow)
    return dict(workflow) | {"status": {key: value for key, value in status.items() if key != "nodes"}}


def _has_labels(labels: Mapping[str, str], selector: str) -> bool:
    wanted = [label.partition("=") for label in selector.split(",") if label]
    return all(labels.get(key) == value for key, _, value in wanted)


def _pipeline(workflow: Mapping[str, Any]) -> str:
    metadata = workflow["metadata"]
    name = pipeline_name(workflow)
    # An archive's list has no generateName to make a name of; the label tells still.
    return str(section(metadata, "labels").get(PIPELINE_LABEL, name)) if name == metadata["name"] else name


def _submitted(workflow: Mapping[str, Any]) -> tuple[str, str]:
    metadata = workflow["metadata"]
    return str(metadata.get("creationTimestamp")), str(section(metadata, "annotations").get(SUBMITTED_AT, ""))
