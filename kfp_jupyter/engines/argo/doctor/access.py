"""The API, the account, the namespace and its rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kfp_jupyter.engines.argo.doctor.context import DoctorContext
from kfp_jupyter.engines.argo.requirements import CRON_WORKFLOWS, NEEDED, REQUIREMENTS, WORKFLOWS
from kfp_jupyter.engines.capabilities import Finding
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.kubernetes.rbac import Action, grant_commands
from kfp_jupyter.parsing.objects import section

WITHOUT: Mapping[str, str] = {
    WORKFLOWS: "runs can't be started, followed or stopped properly",
    CRON_WORKFLOWS: "there are no schedules",
    "pods": "reasons why a step waits are incomplete, and a retry can't delete failed pods",
    "pods/log": "logs are available only after a step has ended, and only where they are archived",
    "pods/portforward": "artifacts in a store that only the cluster can reach can't be read",
    "services": "artifacts in a store that only the cluster can reach can't be read",
    "secrets": "artifacts can't be read: the store's credentials are in a secret",
    "configmaps": "the artifact store of some runs is unknown",
    "events": "reasons why a step waits are incomplete",
}
"""Resource → what doesn't work without permission for it."""

_VITAL = frozenset({"create", "get", "list", "watch"})


def check_api(context: DoctorContext) -> Iterator[Finding]:
    """Check the API and its version."""
    connection = context.objects.connection
    version = connection.ask(Action("get", "the version", ""), "/version")
    through = f", through {connection.proxy}" if connection.proxy else ""
    unchecked = "" if connection.checked else "; its certificate isn't verified, as the kubeconfig says"
    where = f"{connection.host}, by {connection.source}{through}{unchecked}"
    yield Finding.ok("API", f"Kubernetes {version.get('gitVersion', '?')} at {where}")
    clocks = connection.clock_difference()
    if clocks:
        yield Finding.warning(
            "clock",
            f"{clocks}: displayed times are wrong, and tokens and certificates may not be valid yet or no longer",
            "Correct the wrong clock.",
        )


def check_account(context: DoctorContext) -> Iterator[Finding]:
    """Check the user's account."""
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    try:
        status = context.review("SelfSubjectReview", path, {})
    except ApiError as error:
        if error.status != 404:
            raise
        # Kubernetes before 1.28 doesn't have this review.
        return
    context.user = str(section(status, "userInfo").get("username") or "")
    yield Finding.ok("account", context.user)


def check_namespace(context: DoctorContext) -> Iterator[Finding]:
    """Check the namespace."""
    name = context.namespace
    try:
        found = context.get("namespaces", f"/api/v1/namespaces/{name}")
    except ApiError as error:
        if error.status == 404:
            remedy = f"Choose another with namespace=…, or create it: kubectl create namespace {name}"
            yield Finding.error("namespace", f"{name!r} doesn't exist", remedy)
        elif error.forbidden:
            yield Finding.ok("namespace", f"{name!r}; your account may not see whether it exists")
        else:
            raise
        return
    if section(found, "status").get("phase") == "Terminating":
        yield Finding.error("namespace", f"{name!r} is being deleted", "Choose another with namespace=….")
    else:
        yield Finding.ok("namespace", name)


def check_rights(context: DoctorContext) -> Iterator[Finding]:
    """Check the user's permissions: one finding for those granted, one for each that is missing."""
    allowed = []
    for resource, verbs in NEEDED.items():
        lacking = [verb for verb in verbs.split(",") if not context.may(verb, resource)]
        if not lacking:
            allowed.append(resource.partition(".")[0])
            continue
        text = f"your account may not {', '.join(lacking)} {resource}: {WITHOUT.get(resource, 'something won’t work')}"
        commands = grant_commands(context.user, Action(lacking[0], resource, context.namespace), REQUIREMENTS)
        remedy = f"An administrator can allow it: {commands}"
        vital = resource == WORKFLOWS and not _VITAL.isdisjoint(lacking)
        yield (Finding.error if vital else Finding.warning)("permissions", text, remedy)
    if allowed:
        yield Finding.ok("permissions", f"all permissions needed for {', '.join(allowed)}")
