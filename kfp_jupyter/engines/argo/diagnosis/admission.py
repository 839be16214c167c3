"""The cluster doesn't admit the step's pod.

Sources of the messages: ``plugin/pkg/admission/limitranger/admission.go`` of Kubernetes 1.34, ``exceeded quota`` in
https://github.com/kubernetes/apiserver/blob/v0.34.4/pkg/admission/plugin/resourcequota/controller.go and
https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kfp_jupyter.engines.argo.diagnosis.step_facts import Reason, StepFacts
from kfp_jupyter.printable import tidy
from kfp_jupyter.workflow.quantities import amount

_Words = Callable[[StepFacts, "re.Match[str]"], Reason]


def diagnose_refusal(facts: StepFacts) -> Reason | None:
    """Return why the cluster doesn't admit a step's pod."""
    for pattern, words in _KNOWN.items():
        if found := pattern.search(facts.words):
            return words(facts, found)
    return None


def _quota(facts: StepFacts, found: re.Match[str]) -> Reason:
    name, wanted, used, limit = found[1], *(_pairs(found[n]) for n in (2, 3, 4))
    parts = [f"{key}: {used.get(key, '?')} of {limit[key]} in use, {wanted.get(key, '?')} requested" for key in limit]
    never = any((amount(wanted.get(key)) or 0.0) > (amount(limit[key]) or 0.0) for key in limit)
    does = "waits for free capacity" if facts.waits and not never else "doesn't fit"
    raised = f"have the quota increased (kubectl describe quota {name} -n {facts.namespace})"
    return Reason(
        f"The step {does} in the quota {name!r} of the namespace {facts.namespace!r} ({'; '.join(parts)}).",
        f"The request exceeds the whole quota: request less, or {raised}."
        if never
        else f"The step starts automatically once other pods there have ended; to start it sooner, {raised}.",
    )


def _pairs(text: str) -> dict[str, str]:
    return {key.strip(): value.strip() for key, _, value in (pair.partition("=") for pair in text.split(","))}


def _unspecified(facts: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The quota {found[1]!r} of the namespace {facts.namespace!r} admits only steps that set their requests and "
        "limits; "
        f"this step doesn't set {tidy(found[2].partition(' for: ')[0])}.",
        "Set the step's requests and limits.",
    )


def _limits(facts: StepFacts, _: re.Match[str]) -> Reason:
    parts = [
        f"the {most} {resource} of a {kind.lower()} is {bound}, the step's {what} is {has}"
        for most, resource, kind, bound, what, has in _BOUND.findall(facts.words)
    ]
    parts += [
        f"the {resource} limit of a {kind.lower()} may be at most {bound} times its request, but is "
        f"{float(has):.3g} times"
        for resource, kind, bound, has in _RATIO.findall(facts.words)
    ]
    return Reason(
        f"A LimitRange of the namespace {facts.namespace!r} doesn't admit the step: {'; '.join(dict.fromkeys(parts))}.",
        f"Change the step's requests and limits (see kubectl describe limitrange -n {facts.namespace}).",
    )


def _account(facts: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The step runs as the service account {found[1]!r}, which doesn't exist in the namespace {facts.namespace!r}.",
        f"Create it (kubectl create serviceaccount {found[1]} -n {facts.namespace}) and allow it to report to Argo, "
        "or run "
        "the pipeline as another account.",
    )


def _priority(_: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The cluster has no priority class {found[1]!r}.",
        "Correct priorityClassName in the pipeline; kubectl get priorityclasses lists the existing ones.",
    )


def _security(facts: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The namespace {facts.namespace!r} admits only pods of the security standard {found[1]!r}; the step's pod "
        "violates it: "
        f"{tidy(found[2], 500)}.",
        "Set the required security context, or run in a namespace with a less strict standard.",
    )


def _webhook(_: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The admission webhook {found[1]!r} of the cluster refused the step's pod: {tidy(found[2])}.",
        "Change what it objects to, or ask a cluster administrator.",
    )


def _webhook_down(_: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The cluster can't call its admission webhook {found[1]!r} for the step's pod: {tidy(found[2])}.",
        "Ask a cluster administrator: the webhook's own pods are down or unreachable.",
    )


def _policy(_: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The admission policy {found[1]!r} of the cluster refused the step's pod: {tidy(found[2])}.",
        "Change what it objects to, or ask a cluster administrator.",
    )


def _controller(facts: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"Argo's controller ({found[1]}) may not create pods in the namespace {facts.namespace!r}.",
        "Use a namespace that Argo manages, or ask an administrator to extend its role.",
    )


def _invalid(_: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(f"The step's pod is not valid: {tidy(found[1])}.", "Correct it in the pipeline.")


def _no_volume(_: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(
        f"The step mounts the volume {found[1]!r}, which the pipeline doesn't declare.",
        "Declare it among the pipeline's or the step's volumes, or remove the mount.",
    )


def _forbidden(_: StepFacts, found: re.Match[str]) -> Reason:
    return Reason(f"The cluster doesn't admit the step's pod: {tidy(found[1])}.")


_BOUND = re.compile(r"(maximum|minimum) (\S+) usage per (\w+) is ([^\s,]+), but (limit|request) is ([^\s,.\]]+)")
_RATIO = re.compile(
    r"([\w./-]{1,300}) max limit to request ratio per (\w+) is (\d+(?:\.\d+)?), but provided ratio is (\d+(?:\.\d+)?)"
)
_KNOWN: dict[re.Pattern[str], _Words] = {
    re.compile(r"exceeded quota: ([^,]+), requested: (.*?), used: (.*?), limited: (.*)"): _quota,
    re.compile(r"failed quota: ([^:]+): must specify (.*)"): _unspecified,
    re.compile(r"m(?:ax|in)imum \S+ usage per \w+ is|max limit to request ratio per"): _limits,
    re.compile(r'error looking up service account .*serviceaccount "([^"]+)" not found'): _account,
    re.compile(r"no PriorityClass with name (\S+) was found"): _priority,
    re.compile(r'violates PodSecurity "([^"]+)": (.*)', re.DOTALL): _security,
    re.compile(r'admission webhook "([^"]+)" denied the request:? ?(.*)', re.DOTALL): _webhook,
    re.compile(r'failed calling webhook "([^"]+)": (.*)', re.DOTALL): _webhook_down,
    re.compile(r"ValidatingAdmissionPolicy '([^']+)' .*?denied request: (.*)", re.DOTALL): _policy,
    re.compile(r'^pods is forbidden: User "([^"]+)" cannot create resource "pods"'): _controller,
    re.compile(r'^Pod "[^"]*" is invalid: (.*)', re.DOTALL): _invalid,
    re.compile(r"^volume '([^']+)' not found in workflow spec"): _no_volume,
    re.compile(r'^pods "[^"]*" is forbidden: (.*)', re.DOTALL): _forbidden,
}
"""What the cluster says → what is made of it; the first that fits."""
