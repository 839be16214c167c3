"""A secret, a ConfigMap or a volume that the step's container needs is missing or can't be mounted.

Sources of the messages: https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/volume/secret/secret.go
and https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/volume/configmap/configmap.go
"""

from __future__ import annotations

import re

from kfp_jupyter.engines.argo.diagnosis.step_facts import Reason, StepFacts
from kfp_jupyter.parsing.objects import entries
from kfp_jupyter.printable import tidy

_HELD = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})
_MOUNTING = frozenset({"FailedMount", "FailedAttachVolume", "FailedMapVolume"})
_LATER = frozenset({"Pulling", "Pulled", "Created", "Started"})
"""What happens to a pod only when its volumes are there."""

_ABSENT = re.compile(r'(secret|configmap|persistentvolumeclaim) "([^"]+)" not found', re.IGNORECASE)
_NO_KEY = re.compile(r"couldn't find key (\S+) in (Secret|ConfigMap) \S*?/?([^/\s]+)$", re.MULTILINE)
_NO_ITEM = re.compile(r"references non-existent (?:secret|config) key: ([^\s,]+)")
_VOLUME = re.compile(r'for volume "([^"]+)"|unmounted volumes=\[([^\]]+)\]')
_OUTPUT = re.compile(r"Output: (?:mount\.\w+|mount): (?:\S+: )?([^\n]+)")
_KINDS = {"secret": "secret", "configmap": "ConfigMap", "persistentvolumeclaim": "PersistentVolumeClaim"}


def diagnose_volume(facts: StepFacts) -> Reason | None:
    """Return which secret, ConfigMap or volume holds a step up."""
    for _, reason, message in facts.waiting():
        if reason in _HELD:
            return _config(facts, message) or Reason(
                f"The step's container can't be created: {tidy(message) or reason}."
            )
    for event in facts.events if facts.waits else ():
        if event.reason in _LATER:
            return None
        if event.reason in _MOUNTING:
            return _config(facts, event.message) or _mount(facts, event.message)
    return None


def _config(facts: StepFacts, message: str) -> Reason | None:
    where = f"in the namespace {facts.namespace!r}"
    if found := _ABSENT.search(message):
        kind, name = _KINDS[found[1].lower()], found[2]
        return Reason(
            f"The step needs the {kind} {name!r}, which doesn't exist {where}.",
            f"Create it{_make(facts, kind, name)}, or correct its name in the pipeline.",
        )
    if found := _NO_KEY.search(message):
        return Reason(
            f"The step needs the key {found[1]!r} of the {found[2].replace('Secret', 'secret')} {found[3]!r} {where}, "
            "which has no such key.",
            "Add the key, or correct its name in the pipeline.",
        )
    if found := _NO_ITEM.search(message):
        return Reason(
            f"The volume {_volume(message)} mounts the key {found[1]!r}, which isn't there.",
            "Add the key, or correct its name in the pipeline.",
        )
    if "runAsNonRoot" in message:
        return Reason(
            "The step must not run as root, but its image runs as root.",
            "Set runAsUser in the step's security context, or use an image with a non-root user.",
        )
    return None


def _make(facts: StepFacts, kind: str, name: str) -> str:
    if kind == "secret":
        return f" (kubectl create secret generic {name} --from-literal=KEY=… -n {facts.namespace})"
    return (
        f" (kubectl create configmap {name} --from-literal=KEY=… -n {facts.namespace})" if kind == "ConfigMap" else ""
    )


def _mount(facts: StepFacts, message: str) -> Reason:
    volume = _volume(message)
    if "Multi-Attach" in message:
        return Reason(
            f"The volume {volume} is in use on another node, and only one node may mount it.",
            "Wait until the pods there have ended, or use a claim that many nodes may mount (ReadWriteMany).",
        )
    output = _OUTPUT.search(message)
    _, _, after = message.partition(" : ")
    said = tidy(output[1] if output else after or message)
    return Reason(f"The volume {volume} can't be mounted: {said}.", _mount_remedy(facts, volume.strip("'")))


def _volume(message: str) -> str:
    found = _VOLUME.search(message)
    return repr(found[1] or found[2]) if found else "of the step"


def _mount_remedy(facts: StepFacts, name: str) -> str:
    for volume in entries(facts.pod_spec, "volumes"):
        if volume.get("name") == name:
            kind = next((key for key in volume if key != "name"), "")
            return f"Check its definition in the pipeline ({kind})." if kind else ""
    return ""
