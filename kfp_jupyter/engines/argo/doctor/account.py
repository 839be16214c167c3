"""The service account of runs, and whether it may report what steps have made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.doctor.context import DoctorContext
from kfp_jupyter.engines.capabilities import Finding
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import GROUP

ACCOUNT = "pipeline-runner"
"""Whom compiled pipelines run as, unless they name another."""

RESULTS = "workflowtaskresults"
_SUBJECT = "service account"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"


def check_service_account(context: DoctorContext) -> Iterator[Finding]:
    """Look at the account that runs have."""
    namespace = context.namespace
    try:
        context.get("serviceaccounts", f"/api/v1/namespaces/{namespace}/serviceaccounts/{ACCOUNT}")
    except ApiError as error:
        if error.status == 404:
            text = f"{ACCOUNT!r}, which compiled pipelines run as, doesn't exist in the namespace {namespace!r}"
            remedy = f"Create it: kubectl create serviceaccount {ACCOUNT} -n {namespace} && {_grant(namespace)}"
            yield Finding.error(_SUBJECT, text, remedy)
            return
        if not error.forbidden:
            raise
    yield _reporting(context, namespace)


def _reporting(context: DoctorContext, namespace: str) -> Finding:
    allowed = _reviewed(context, namespace)
    how = "may report to Argo"
    if allowed is None:
        allowed = _by_roles(context, namespace)
    if allowed is None and _has_reported(context):
        allowed, how = True, "has reported to Argo"
    if allowed:
        return Finding.ok(_SUBJECT, f"{ACCOUNT!r} {how}")
    if allowed is None:
        return Finding.warning(
            _SUBJECT,
            f"whether {ACCOUNT!r} may report to Argo is unknown: your account may not check it",
            f"If steps fail because they can't create {RESULTS}: {_grant(namespace)}",
        )
    text = f"{ACCOUNT!r} may not report to Argo (create and patch {RESULTS}): every step will fail at its end"
    return Finding.error(_SUBJECT, text, f"An administrator can allow it: {_grant(namespace)}")


def _grant(namespace: str) -> str:
    name = "argo-workflowtaskresults"
    return (
        f"kubectl create role {name} --verb=create,patch --resource={RESULTS}.{GROUP} -n {namespace} && kubectl "
        f"create rolebinding {name} --role={name} --serviceaccount={namespace}:{ACCOUNT} -n {namespace}"
    )


def _reviewed(context: DoctorContext, namespace: str) -> bool | None:
    """Return what the API says; None where it doesn't tell us."""
    path = f"/apis/authorization.k8s.io/v1/namespaces/{namespace}/localsubjectaccessreviews"
    allowed = []
    for verb in ("create", "patch"):
        wanted = {"namespace": namespace, "verb": verb, "group": GROUP, "resource": RESULTS}
        spec = {
            "user": f"system:serviceaccount:{namespace}:{ACCOUNT}",
            "groups": ["system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{namespace}"],
            "resourceAttributes": wanted,
        }
        try:
            answer = context.review("LocalSubjectAccessReview", path, spec)
        except ApiError as error:
            if error.forbidden:
                return None
            raise
        allowed.append(bool(answer.get("allowed")))
    return all(allowed)


def _by_roles(context: DoctorContext, namespace: str) -> bool | None:
    """Return what the roles say that are bound to the account in the namespace; None where they can't be read."""
    path = f"{_RBAC}/namespaces/{namespace}"
    try:
        bindings = context.get("rolebindings", f"{path}/rolebindings").get("items") or ()
        rules: list[Mapping[str, Any]] = []
        for bound in bindings:
            if not any(_is_ours(subject, namespace) for subject in entries(bound, "subjects")):
                continue
            role = bound["roleRef"]
            where = path if role["kind"] == "Role" else _RBAC
            found = context.get("roles", f"{where}/{role['kind'].lower()}s/{role['name']}")
            rules += entries(found, "rules")
    except ApiError:
        return None
    # What is bound in the whole cluster isn't looked at: a "no" from here would be a guess.
    return True if all(any(_allows(rule, verb) for rule in rules) for verb in ("create", "patch")) else None


def _is_ours(subject: Mapping[str, Any], namespace: str) -> bool:
    return (subject.get("kind"), subject.get("name"), subject.get("namespace", namespace)) == (
        "ServiceAccount",
        ACCOUNT,
        namespace,
    )


def _allows(rule: Mapping[str, Any], verb: str) -> bool:
    wanted = {"apiGroups": GROUP, "resources": RESULTS, "verbs": verb}
    return all({"*", word} & set(entries(rule, key)) for key, word in wanted.items())


def _has_reported(context: DoctorContext) -> bool:
    """Whether a run of the account has ended well with a step in it."""
    for workflow in context.workflows():
        status = section(workflow, "status")
        steps = any(node.get("type") == "Pod" for node in section(status, "nodes").values())
        ours = section(workflow, "spec").get("serviceAccountName") == ACCOUNT
        if ours and steps and status.get("phase") == "Succeeded":
            return True
    return False
