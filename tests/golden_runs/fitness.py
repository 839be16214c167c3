"""Why a Workflow can't run on the test cluster: what it needs that isn't there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubernetes.utils.quantity import parse_quantity
from packaging.requirements import Requirement

from tests.cluster.images import IN_IMAGES, PYTHON_NAMES
from tests.cluster.namespaces import ACCOUNT
from tests.environments import asked_for

MOST = {"cpu": 1, "memory": 2 * 2**30, "ephemeral-storage": 10 * 2**30}
"""What one step may ask for."""

LABELS = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
"""What the one node has, of labels that pipelines choose nodes by."""

KINDS = {"ConfigMap", "Secret", "PersistentVolumeClaim", "Pod", "Service", "Deployment", "Job", "Workflow"}
"""What resource steps can make."""

VOLUMES = {"emptyDir", "downwardAPI"}
"""Volumes that need nothing but a pod."""

INSTALLABLE = {requirement.name for name in IN_IMAGES for requirement in asked_for(name)}
"""What pip finds in a pod."""

UNSEEN = {
    "combined/recursion_in_loop": "it never ends: its program always says the same",
    "pods/timeouts": "it sleeps for an hour",
    "recursion/output_of_the_graph": "it never ends: its program always says the same",
    "recursion/inside_a_condition": "it never ends: its program always says the same",
    "recursion/until_it_works": "it never ends: its program always says the same",
    "recursion/several_arguments": "it never ends: its program always says the same",
}
"""What can't be seen in a Workflow."""

Template = Mapping[str, Any]


def arguments(workflow: Mapping[str, Any]) -> dict[str, str]:
    """Return values for the parameters that have none."""
    declared = (workflow["spec"].get("arguments") or {}).get("parameters") or ()
    return {p["name"]: "1" for p in declared if p.get("value") is None and not p.get("valueFrom")}


def hindrances(workflow: Mapping[str, Any], name: str = "") -> list[str]:
    """Return what hinders a Workflow from running to an end that is known, a sentence each; none when it can.

    Args:
        workflow: The compiled pipeline.
        name: What the golden pipeline is called.
    """
    return sorted({*_hindrances(workflow), *filter(None, [UNSEEN.get(name)])})


def _hindrances(workflow: Mapping[str, Any]) -> Iterator[str]:
    spec = workflow["spec"]
    if spec.get("serviceAccountName", ACCOUNT) != ACCOUNT:
        yield f"it runs as {spec['serviceAccountName']!r}"
    made = {f"{{{{inputs.parameters.{t['name']}-name}}}}" for t in spec["templates"] if t.get("resource")}
    yield from _volumes(spec, made)
    yield from _placement(spec)
    for template in spec["templates"]:
        yield from _placement(template)
        yield from _volumes(template, made)
        for container in _containers(template):
            yield from _container(container)
        if template.get("resource"):
            yield from _resource(template["resource"])


def _containers(template: Template) -> Iterator[Mapping[str, Any]]:
    for key in ("container", "script"):
        if template.get(key):
            yield template[key]
    for key in ("initContainers", "sidecars"):
        yield from template.get(key) or ()


def _container(container: Mapping[str, Any]) -> Iterator[str]:
    image = container.get("image", "")
    if image not in PYTHON_NAMES:
        yield f"the image {image} isn't there"
        return
    if container.get("imagePullPolicy") == "Always" or image.endswith(":latest"):
        yield f"the image {image} is to be pulled"
    for kind in ("limits", "requests"):
        for name, amount in ((container.get("resources") or {}).get(kind) or {}).items():
            if name not in MOST:
                yield f"it needs {name}"
            elif "{{" not in str(amount) and parse_quantity(str(amount)) > MOST[name]:
                yield f"it needs {name}: {amount}"
    if not container.get("command"):
        yield f"Argo asks a registry for the command of the image {image}"
    yield from _environment(container)
    yield from _program(container)


def _environment(container: Mapping[str, Any]) -> Iterator[str]:
    for variable in container.get("env") or ():
        for source, reference in (variable.get("valueFrom") or {}).items():
            if source in ("secretKeyRef", "configMapKeyRef"):
                yield f"it reads {source.removesuffix('KeyRef')} {reference.get('name')!r}"
    for source in container.get("envFrom") or ():
        yield f"it reads {', '.join(key for key in source if key.endswith('Ref'))}"


def _program(container: Mapping[str, Any]) -> Iterator[str]:
    words = " ".join(map(str, (*(container.get("command") or ()), *(container.get("args") or ()))))
    if packages := re.search(r"pip install (?:-\S+ )*((?:'[^']*' ?)+)", words):
        missing = [word for word in shlex.split(packages[1]) if Requirement(word).name not in INSTALLABLE]
        if missing:
            yield f"it installs {', '.join(missing)}"
    if re.search(r"import random|from random|\$RANDOM|\bshuf\b", words):
        yield "its outcome is left to chance"


def _placement(given: Mapping[str, Any]) -> Iterator[str]:
    for key, value in (given.get("nodeSelector") or {}).items():
        if LABELS.get(key) != value:
            yield f"no node is labelled {key}={value}"
    for kind, terms in (given.get("affinity") or {}).items():
        if any(term.startswith("required") for term in terms):
            yield f"its {kind} is required"
    for key in ("schedulerName", "priorityClassName", "runtimeClassName"):
        if given.get(key):
            yield f"there is no {key} {given[key]!r}"


def _volumes(given: Mapping[str, Any], made: set[str]) -> Iterator[str]:
    volumes: Sequence[Mapping[str, Any]] = given.get("volumes") or ()
    for volume in volumes:
        (kind,) = set(volume) - {"name"}
        claim = volume[kind].get("claimName", "") if kind == "persistentVolumeClaim" else ""
        if kind not in VOLUMES and claim not in made:
            name = claim or volume[kind].get("secretName") or volume[kind].get("name") or ""
            yield f"it mounts {kind} {name}".rstrip()


def _resource(resource: Mapping[str, Any]) -> Iterator[str]:
    kinds = re.findall(r"^kind: (\S+)", resource.get("manifest", ""), re.MULTILINE)
    for kind in kinds:
        if kind not in KINDS:
            yield f"it makes a {kind}"
    for image in re.findall(r"image: (\S+)", resource.get("manifest", "")):
        if image not in PYTHON_NAMES:
            yield f"the image {image} isn't there"
