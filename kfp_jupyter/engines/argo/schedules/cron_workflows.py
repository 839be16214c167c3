"""Runs that start on a schedule: Argo's CronWorkflows.

Source: https://github.com/argoproj/argo-workflows/blob/v3.7.4/pkg/apis/workflow/v1alpha1/cron_workflow_types.go
"""

from __future__ import annotations

import contextlib
import re
import time
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo import NAME
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import CRON_WORKFLOWS
from kfp_jupyter.engines.argo.schedules.cron_expression import checked_cron
from kfp_jupyter.engines.argo.submission import new_workflow
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.capabilities import Schedule
from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.kubernetes.errors import ApiError, NotFoundError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.naming import k8s_name
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import API_VERSION, PIPELINE_LABEL, SUBMITTED_AT
from kfp_jupyter.workflow.times import parse_time
from kfp_jupyter.workflow.titles import pipeline_name

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LONGEST = 52
"""Letters of a name: Argo puts the time behind it for each run, and the whole has 63."""

_POLICY: Mapping[str, Any] = {
    # A run that takes longer than expected isn't joined by another that fights for the same data.
    "concurrencyPolicy": "Forbid",
    "successfulJobsHistoryLimit": 10,
    "failedJobsHistoryLimit": 10,
    # A controller that starts anew just then doesn't lose the day's run.
    "startingDeadlineSeconds": 60,
}
_GONE_SECONDS, _LOOK = 20.0, 0.25
_LIST_WANTED = "spec.schedules: Required"
"""What a cluster says whose Argo, from 4.0 on, takes a list of times alone. Up to 3.5 there is no list; nobody would
say a word, and no run would start. So the single time is tried first."""


def create_schedule(
    objects: Objects,
    workflow: Mapping[str, Any],
    cron: str,
    name: str,
    timezone: str,
    arguments: Mapping[str, str],
    labels: Mapping[str, str],
) -> Schedule:
    """Start runs of a workflow at set times.

    Args:
        objects: Access to the cluster's objects.
        workflow: The compiled pipeline.
        cron: Five fields of cron.
        name: Name of the schedule; empty for a generated one.
        timezone: Time zone; empty for that of the controller.
        arguments: Values of pipeline parameters.
        labels: Labels of the schedule and its runs.

    Raises:
        UsageError: The time, the time zone or the name can't be used.
        EngineError: An argument doesn't fit, or the name is taken.
    """
    cron, timezone = checked_cron(cron), _checked_timezone(timezone)
    name = _checked_name(name) if name else _name_for(workflow)
    wanted = _cron_workflow(workflow, cron, name, timezone, arguments, labels)
    try:
        made = _create(objects, wanted)
    except ApiError as error:
        if error.status == 409:
            raise EngineError(
                f"The namespace {objects.namespace!r} already has a schedule {name!r}.",
                remedy="Delete it, or choose another name.",
            ) from None
        if error.status != 422 or _LIST_WANTED not in error.message:
            raise
        made = _create(objects, _for_new_argo(wanted))
    return _schedule(made)


def list_schedules(objects: Objects, selector: str) -> list[Schedule]:
    """Return the schedules with some labels, by name.

    Args:
        objects: Access to the cluster's objects.
        selector: Label selector that schedules must match.
    """
    answer = objects.connection.ask(_act(objects, "list"), _path(objects), query={"labelSelector": selector})
    items = [item for item in entries(answer, "items") if not item["metadata"].get("deletionTimestamp")]
    return sorted((_schedule(item) for item in items), key=lambda schedule: schedule.name)


def suspend_schedule(objects: Objects, name: str, *, suspended: bool) -> None:
    """Let a schedule start no further runs, or start them again.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the schedule.
        suspended: Whether it starts no further runs.
    """
    with _found(objects, name):
        objects.connection.ask(
            _act(objects, "patch", name), _path(objects, name), body={"spec": {"suspend": suspended}}
        )


def delete_schedule(objects: Objects, name: str) -> None:
    """End a schedule and wait until it is gone; its runs stay.

    Args:
        objects: Access to the cluster's objects.
        name: Name of the schedule.
    """
    action, path = _act(objects, "delete", name), _path(objects, name)
    with _found(objects, name):
        # Else its runs would go with it.
        objects.connection.ask(action, path, body={"propagationPolicy": "Orphan"})
    # Letting the runs go takes the cluster a moment, in which the name isn't free.
    limit = time.monotonic() + _GONE_SECONDS
    with contextlib.suppress(ApiError):
        while time.monotonic() < limit:
            objects.connection.ask(_act(objects, "get", name), path)
            time.sleep(_LOOK)


def _cron_workflow(
    workflow: Mapping[str, Any],
    cron: str,
    name: str,
    timezone: str,
    arguments: Mapping[str, str],
    labels: Mapping[str, str],
) -> dict[str, Any]:
    run = new_workflow(workflow, arguments, None, None, labels)
    metadata = run["metadata"]
    annotations = {key: text for key, text in metadata["annotations"].items() if key != SUBMITTED_AT}
    spec = {"schedule": cron, **_POLICY, "workflowSpec": run["spec"]}
    spec["workflowMetadata"] = {"labels": metadata["labels"], "annotations": annotations}
    if timezone:
        spec["timezone"] = timezone
    return {
        "apiVersion": run["apiVersion"],
        "kind": "CronWorkflow",
        "metadata": {"name": name, "labels": metadata["labels"]},
        "spec": spec,
    }


def _for_new_argo(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a CronWorkflow as Argo from 4.0 on knows it: with a list of times."""
    spec = {key: value for key, value in wanted["spec"].items() if key != "schedule"}
    return dict(wanted) | {"spec": spec | {"schedules": [wanted["spec"]["schedule"]]}}


def _problem(cron_workflow: Mapping[str, Any]) -> str:
    """Return what the controller has against a schedule; it tells when a run is due, not before."""
    conditions = entries(cron_workflow, "status", "conditions")
    return next((str(c.get("message") or c["type"]) for c in conditions if str(c.get("type")).endswith("Error")), "")


def _schedule(item: Mapping[str, Any]) -> Schedule:
    metadata, spec, status = item["metadata"], item["spec"], section(item, "status")
    cron = spec.get("schedules") or [spec.get("schedule") or ""]
    run = section(spec, "workflowMetadata")
    label = section(metadata, "labels").get(PIPELINE_LABEL)
    named = pipeline_name({"metadata": {"name": label or metadata["name"], "annotations": run.get("annotations")}})
    return Schedule(
        name=str(metadata["name"]),
        cron=", ".join(map(str, cron)),
        timezone=str(spec.get("timezone") or ""),
        pipeline=named,
        suspended=bool(spec.get("suspend")),
        last_run_at=parse_time(status.get("lastScheduledTime")),
        active=tuple(RunRef(NAME, str(run["name"])) for run in entries(status, "active")),
        problem=_problem(item),
    )


def _checked_timezone(name: str) -> str:
    known = zoneinfo.available_timezones() if name else set()
    # A machine without a database of time zones can't tell.
    if known and name not in known:
        same = next((zone for zone in sorted(known) if zone.lower() == name.lower()), "")
        remedy = f"Did you mean {same}?" if same else "Write one such as Europe/Berlin, or UTC."
        raise UsageError(f"There is no time zone {name!r}.", remedy=remedy)
    return name


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise UsageError(
            f"A schedule can't be called {name!r}: its name has small letters, digits and dashes inside, "
            f"{_LONGEST} at most.",
            remedy=f"Write name={k8s_name(name)[:_LONGEST].strip('-') or 'nightly'}.",
        )
    return name


def _name_for(workflow: Mapping[str, Any]) -> str:
    return k8s_name(pipeline_name(workflow))[:_LONGEST].strip("-") or "schedule"


def _create(objects: Objects, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return objects.connection.ask(_act(objects, "create"), _path(objects), body=wanted)


def _act(objects: Objects, verb: str, name: str = "") -> Action:
    return Action(verb, CRON_WORKFLOWS, objects.namespace, name)


def _path(objects: Objects, name: str = "") -> str:
    path = f"/apis/{API_VERSION}/namespaces/{objects.namespace}/cronworkflows"
    return f"{path}/{name}" if name else path


@contextlib.contextmanager
def _found(objects: Objects, name: str) -> Iterator[None]:
    try:
        yield
    except NotFoundError:
        raise EngineError(
            f"There is no schedule {name!r} in the namespace {objects.namespace!r}.",
            remedy="List them with %kfp schedule.",
        ) from None
