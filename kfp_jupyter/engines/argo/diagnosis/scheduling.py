"""No node of the cluster can run the step's pod.

Source of the messages: https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/scheduler/framework/types.go
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kfp_jupyter.engines.argo.diagnosis.step_facts import Reason, StepFacts
from kfp_jupyter.parsing.objects import entries
from kfp_jupyter.printable import tidy
from kfp_jupyter.workflow.quantities import amount, asked, written

_AVAILABLE = re.compile(r"(\d+)/(\d+) nodes are available:? ?(.*)", re.DOTALL)
_REST = re.compile(r"\.? (?:no new claims to deallocate|not found$|preemption:).*", re.DOTALL)
_ITEM = re.compile(r"(\d+) ((?:\([^)]*\)|\{[^}]*\}|[^,{])+)")
_CLAIM = re.compile(r'persistentvolumeclaim "([^"]+)" (not found|is being deleted)')
_TAINT = re.compile(r"untolerated taint(?:\(s\))? ?\{?([^}]*)\}?")


def diagnose_scheduling(facts: StepFacts) -> Reason | None:
    """Return why no node takes a step's pod."""
    said = _said(facts)
    if said is None:
        return None
    if claim := _CLAIM.search(said):
        gone = "doesn't exist" if claim[2] == "not found" else "is being deleted"
        return Reason(
            f"The step mounts the PersistentVolumeClaim {claim[1]!r}, which {gone} (namespace {facts.namespace!r}).",
            "Create the claim, or correct its name in the pipeline.",
        )
    if "unbound immediate PersistentVolumeClaims" in said:
        return _unbound(facts)
    if "no nodes available" in said:
        return Reason("The cluster has no schedulable node.", "Add a node to the cluster, or make one schedulable.")
    found = _AVAILABLE.search(said)
    if not found:
        return Reason(f"No node can run the step: {tidy(said)}.")
    items = [(int(n), text.strip(" .")) for n, text in _ITEM.findall(_REST.sub("", found[3]))]
    told = [_told(facts, text) for _, text in items]
    parts = [f"{number} of {found[2]}: {words}" for (number, _), (words, _) in zip(items, told, strict=True)]
    remedies = dict.fromkeys(remedy for _, remedy in told if remedy)
    lacks = [text.removeprefix("Insufficient ") for _, text in items if text.startswith("Insufficient ")]
    amounts = " ".join(filter(None, (_amounts(facts, resource) for resource in lacks)))
    sentence = f"No node can run the step: {', '.join(parts) or tidy(found[3])}."
    return Reason(f"{sentence} {amounts}".rstrip(), " ".join(remedies), sure=_seen(facts, lacks))


def _seen(facts: StepFacts, lacks: list[str]) -> bool:
    """Whether what the step asks for is known, and where it lacks, also what the nodes have."""
    return facts.pod is not None if lacks else bool(facts.spec or facts.pod)


def _said(facts: StepFacts) -> str | None:
    """Return what the scheduler says; None where it says nothing against the pod."""
    for condition in entries(facts.status, "conditions"):
        if condition.get("type") == "PodScheduled":
            if condition.get("status") != "False" or condition.get("reason") == "SchedulingGated":
                return None
            return str(condition.get("message") or "")
    if not facts.waits:
        return None
    if facts.pod is not None:
        event = facts.newest_event(frozenset({"FailedScheduling"}))
        return event.message if event else None
    reason, _, message = facts.words.partition(": ")
    return message if reason == "Unschedulable" else None


def _unbound(facts: StepFacts) -> Reason:
    volumes = facts.pod_spec.get("volumes") or facts.template.get("volumes") or entries(facts.spec, "volumes")
    names = [str(v["persistentVolumeClaim"]["claimName"]) for v in volumes if v.get("persistentVolumeClaim")]
    named = ", ".join(map(repr, names))
    which = f"the PersistentVolumeClaim {named}" if names else "a PersistentVolumeClaim"
    describe = f"kubectl describe pvc {names[0] if names else ''}".rstrip()
    return Reason(
        f"The step waits for {which}, which isn't bound to a volume yet.",
        f"Find out why with {describe} -n {facts.namespace}: usually its storage class doesn't exist or has no "
        "volumes left.",
        sure=bool(names),
    )


def _told(facts: StepFacts, text: str) -> tuple[str, str]:
    """Return what is wrong with some nodes, in words, and the remedy."""
    if text.startswith("Insufficient "):
        resource = text.removeprefix("Insufficient ")
        return f"too little {resource} free", f"Request less {resource}, or wait until other pods have ended."
    for pattern, words in _KNOWN.items():
        if pattern in text:
            return words(facts, text)
    return tidy(text.replace("node(s) ", "")), ""


def _selected(facts: StepFacts, _: str) -> tuple[str, str]:
    wanted = facts.pod_spec.get("nodeSelector") or facts.template.get("nodeSelector") or facts.spec.get("nodeSelector")
    labels = ", ".join(f"{key}={value}" for key, value in (wanted or {}).items())
    asks = f" ({labels})" if labels else ""
    return f"labels that the step requires are missing{asks}", "Correct the node selector, or label a node."


def _tainted(_: StepFacts, text: str) -> tuple[str, str]:
    found = _TAINT.search(text)
    taint = tidy(found[1]).rstrip(": ") if found else ""
    if "not-ready" in taint or "unreachable" in taint:
        return "not ready", "Wait for the node, or ask a cluster administrator."
    return f"untolerated taint {taint}".rstrip(), "Add a toleration to the step, or use other nodes."


_KNOWN: dict[str, Callable[[StepFacts, str], tuple[str, str]]] = {
    "node affinity/selector": _selected,
    "untolerated taint": _tainted,
    "volume node affinity": lambda *_: ("no access to the step's volume", "Let the step run where its volume is."),
    "affinity": lambda *_: ("the step's pod affinity isn't met", "Correct the step's pod affinity."),
    "were unschedulable": lambda *_: ("cordoned", "Wait, or uncordon a node."),
    "Too many pods": lambda *_: ("maximum number of pods reached", "Wait until other pods have ended."),
    "free ports": lambda *_: ("the step's host port is in use", "Wait, or use another port."),
    "volume count": lambda *_: ("maximum number of volumes reached", "Wait until other pods have ended."),
}


def _amounts(facts: StepFacts, resource: str) -> str:
    wanted = asked(facts.pod_spec or {"containers": [facts.container()]}, resource)
    if not wanted:
        return ""
    there = [amount(node[resource]) or 0.0 for node in facts.nodes if node.get(resource) is not None]
    most = f"; the largest node has {written(max(there), resource)}" if there else ""
    if facts.nodes and not there:
        most = "; no node has any"
    return f"It requests {resource} {written(wanted, resource)}{most}."
