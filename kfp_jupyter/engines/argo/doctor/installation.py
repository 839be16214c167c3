"""Argo's kinds of objects, and whether its controller is alive."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from kfp_jupyter.engines.argo.doctor.context import DoctorContext
from kfp_jupyter.engines.argo.requirements import WORKFLOWS
from kfp_jupyter.engines.capabilities import Finding
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import API_VERSION, GROUP
from kfp_jupyter.workflow.times import parse_time

KINDS = ("workflows", "cronworkflows", "workflowtaskresults")
"""What runs need: themselves, schedules, and what steps report."""

RECENT = 600.0
"""Seconds for which a sign of life counts."""

LATE = 30.0
"""A run that no controller has started after this many seconds means that no controller is running."""

PROBE_SECONDS = 8.0

_NAME = "workflow-controller"
_INSTALL = "Instructions: https://argo-workflows.readthedocs.io/en/latest/quick-start/"


def check_crds(context: DoctorContext) -> Iterator[Finding]:
    """Check Argo's custom resource definitions."""
    try:
        answer = context.get("the kinds of Argo", f"/apis/{API_VERSION}")
    except ApiError as error:
        if error.status != 404:
            raise
        yield Finding.error(
            "Argo", "the cluster has no Argo Workflows", f"Install it, or choose another cluster. {_INSTALL}"
        )
        return
    there = {str(resource.get("name")) for resource in entries(answer, "resources")}
    lacking = [kind for kind in KINDS if kind not in there]
    if lacking:
        text = f"the cluster has no {', '.join(f'{kind}.{GROUP}' for kind in lacking)}"
        yield Finding.error("Argo", text, f"Install all CRDs of Argo Workflows 3.4 or newer. {_INSTALL}")
    else:
        yield Finding.ok("Argo", f"{API_VERSION} with {', '.join(KINDS)}")


def check_controller(context: DoctorContext) -> Iterator[Finding]:
    """Check that Argo's controller is running: by recent runs, or else by a test run without steps."""
    now = datetime.now(timezone.utc)
    ignored = [w for w in context.workflows() if not section(w, "status").get("phase") and _age(w, now) > LATE]
    if ignored:
        names = ", ".join(str(w["metadata"]["name"]) for w in ignored[:3])
        yield _dead(context, f"no controller has started {names} for more than {LATE:g} s")
        return
    signs = [sign for workflow in context.workflows() if (sign := _sign_of_life(workflow, now)) is not None]
    if signs and min(signs) < RECENT:
        yield Finding.ok("controller", f"running: last active {min(signs):.0f} s ago")
        return
    taken = _probe(context)
    if taken:
        yield Finding.ok("controller", "running: it started an empty test run")
    elif taken is False:
        yield _dead(context, f"it didn't start a test run within {PROBE_SECONDS:g} s")
    else:
        ready = _deployment(context)
        text = f"its deployment says {ready}" if ready else "unknown: no run here was active recently"
        yield Finding.warning("controller", text, "Submit a run; if none of its steps starts, the controller is down.")


def _dead(context: DoctorContext, text: str) -> Finding:
    ready = _deployment(context)
    seen = f"; its deployment says {ready}" if ready else ""
    remedy = (
        f"Ask the administrator of Argo to start its {_NAME}, or to make it manage the namespace {context.namespace!r} "
        "(options --namespaced and --managed-namespace)."
    )
    return Finding.error("controller", f"{text}{seen}", remedy)


def _age(workflow: Any, now: datetime) -> float:
    made = parse_time(workflow["metadata"].get("creationTimestamp"))
    return (now - made).total_seconds() if made else 0.0


def _sign_of_life(workflow: Any, now: datetime) -> float | None:
    """Return how many seconds ago the controller wrote to a workflow; None where it never did."""
    fields = entries(workflow["metadata"], "managedFields")
    noted = [str(f.get("time")) for f in fields if f.get("manager") in (_NAME, "argo") and f.get("time")]
    status = section(workflow, "status")
    noted += [str(status[key]) for key in ("startedAt", "finishedAt") if status.get(key)]
    times = [time for text in noted if (time := parse_time(text)) is not None]
    return max(0.0, (now - max(times)).total_seconds()) if times else None


def _probe(context: DoctorContext) -> bool | None:
    """Start a run without steps, check whether a controller starts it, and delete it; None if the user may not."""
    if not (context.may("create", WORKFLOWS) and context.may("delete", WORKFLOWS)):
        return None
    # If this process dies before deleting it, it ends and is deleted automatically.
    spec = {
        "entrypoint": "nothing",
        "activeDeadlineSeconds": 30,
        "ttlStrategy": {"secondsAfterCompletion": 30},
        "templates": [{"name": "nothing", "suspend": {}}],
    }
    made = {
        "apiVersion": API_VERSION,
        "kind": "Workflow",
        "metadata": {"generateName": "kfp-jupyter-doctor-"},
        "spec": spec,
    }
    path = f"/apis/{API_VERSION}/namespaces/{context.namespace}/workflows"
    connection = context.objects.connection
    created = connection.ask(Action("create", WORKFLOWS, context.namespace), path, body=made)
    name = str(created["metadata"]["name"])
    try:
        end = time.monotonic() + PROBE_SECONDS
        while time.monotonic() < end:
            if (context.get(WORKFLOWS, f"{path}/{name}").get("status") or {}).get("phase"):
                return True
            time.sleep(0.2)
        return False
    finally:
        connection.ask(Action("delete", WORKFLOWS, context.namespace, name), f"{path}/{name}")


def _deployment(context: DoctorContext) -> str:
    """Return what the controller's deployment says of itself; empty where it can't be seen."""
    try:
        answer = context.get("deployments", "/apis/apps/v1/deployments", {"fieldSelector": f"metadata.name={_NAME}"})
    except ApiError:
        return ""
    for found in entries(answer, "items"):
        ready = section(found, "status").get("readyReplicas") or 0
        wanted = section(found, "spec").get("replicas") or 0
        return f"{ready} of {wanted} ready in the namespace {found['metadata']['namespace']!r}"
    return ""
