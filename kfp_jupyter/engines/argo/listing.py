"""Which runs there are."""

from __future__ import annotations

import contextlib
import heapq
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo import NAME
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.stored_nodes import unpacked
from kfp_jupyter.engines.base import RunList, RunRef, RunSummary
from kfp_jupyter.engines.find_run import find_run as chosen_run
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.parsing.objects import section, text
from kfp_jupyter.runs import Phase, parse_workflow
from kfp_jupyter.workflow.dialect import EXPERIMENT_LABEL, EXPERIMENT_NAME, PIPELINE_LABEL, RUN_NAME, SUBMITTED_AT
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
    # What is in the archive and in the cluster counts as it is in the cluster.
    found = {
        str(workflow["metadata"]["uid"]): (_submitted(workflow), summary(objects, workflow, selector))
        for workflow in every
    }
    newest = heapq.nlargest(limit, found.values(), key=lambda pair: pair[0])
    return RunList(tuple(line for _, line in newest), tuple(notices))


def find_run(objects: Objects, selector: str, run_id: str) -> str:
    """Return the id of the run that is meant; see `kfp_jupyter.engines.find_run`.

    An id is that of any run, a beginning or a name one of ours.

    Raises:
        RunNotFoundError: There is none, or more than one.
    """
    if run_id and _is_there(objects, run_id):
        return run_id
    notices: list[str] = []

    def runs(prefix: str = "") -> Iterator[dict[str, Any]]:
        return itertools.chain(_archived(objects, selector, _MANY, notices, prefix), objects.workflows(selector))

    def names() -> set[tuple[str, str]]:
        return {(str(found["metadata"]["name"]), text(found, "metadata", "annotations", RUN_NAME)) for found in runs()}

    ids = {str(found["metadata"]["name"]) for found in runs(run_id)} if run_id else set()
    try:
        return chosen_run(run_id, ids, names, f"in the namespace {objects.namespace!r}")
    except RunNotFoundError as error:
        error.remedy = error.remedy or " ".join(dict.fromkeys(notices))
        raise


def _is_there(objects: Objects, name: str) -> bool:
    there, _ = objects.find_workflow(name)
    if there:
        return True
    with contextlib.suppress(EngineError):
        # An unreachable archive is reported where it is searched for names.
        return objects.archived_workflow(name) is not None
    return False


def _archived(
    objects: Objects, selector: str, limit: int, notices: list[str], prefix: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield the archive's runs; an archive that can't be read yields none and leaves a notice."""
    try:
        yield from objects.archived(selector, limit, prefix)
    except EngineError as error:
        notices.append(f"Archived runs are not listed. {error.format_message()}")


def summary(objects: Objects, workflow: Mapping[str, Any], selector: str) -> RunSummary:
    """Return what a list of runs shows of a workflow.

    Args:
        objects: Where it is.
        workflow: The workflow, as it is stored.
        selector: The labels of runs that were started from here.
    """
    metadata, ahead = workflow["metadata"], objects.clock.ahead
    state, labels = parse_workflow(_with_nodes_that_matter(workflow), ahead=ahead), section(metadata, "labels")
    return RunSummary(
        RunRef(NAME, state.name),
        _pipeline(workflow),
        state.phase,
        state.started_at or parse_time(metadata.get("creationTimestamp"), ahead),
        state.finished_at,
        stopped=state.stopped,
        held=state.held,
        ours=_has_labels(labels, selector),
        name=text(workflow, "metadata", "annotations", RUN_NAME),
        experiment=text(workflow, "metadata", "annotations", EXPERIMENT_NAME) or text(labels, EXPERIMENT_LABEL),
        url=objects.server.page(objects.namespace, state.name) if objects.server else "",
    )


def _with_nodes_that_matter(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return a workflow, without nodes where they tell nothing of the whole: only what waits is seen in them."""
    status = section(workflow, "status")
    if not Phase(status.get("phase") or "Pending").finished:
        with contextlib.suppress(EngineError):
            # Nodes that can't be read are reported where the run is shown.
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
