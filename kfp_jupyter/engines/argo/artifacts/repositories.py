"""Which store a run keeps artifacts in, where the artifacts themselves name only their key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.parsing import MANIFEST, UnreadableError
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.parsing.yaml_reader import read_yaml
from kfp_jupyter.workflow.dialect import DEFAULT_REPOSITORY

CONFIG_MAP = "artifact-repositories"
"""Where Argo looks for repositories unless a run names another ConfigMap."""


def repository_of(objects: Objects, workflow: Mapping[str, Any], node_id: str) -> Mapping[str, Any]:
    """Return the repository of a step's artifacts: kind of store to its fields; empty where nothing tells.

    Args:
        objects: Where the run is.
        workflow: The run's Workflow object.
        node_id: The step.
    """
    status, spec = section(workflow, "status"), section(workflow, "spec")
    node = section(status, "nodes").get(node_id) or {}
    own = _location_of_template(status, spec, node)
    if own:
        return own
    noted = section(status, "artifactRepositoryRef")
    found = noted.get("artifactRepository")
    if isinstance(found, Mapping) and found:
        return found
    # Older controllers note only where it is described, or nothing at all.
    return _described(objects, noted or section(spec, "artifactRepositoryRef"))


def _location_of_template(
    status: Mapping[str, Any], spec: Mapping[str, Any], node: Mapping[str, Any]
) -> Mapping[str, Any]:
    name = node.get("templateName") or section(node, "templateRef").get("template")
    for template in _templates(status, spec):
        location: Mapping[str, Any] = section(template, "archiveLocation")
        # One that only says whether to keep logs names no store.
        if template.get("name") == name and any(isinstance(fields, Mapping) for fields in location.values()):
            return location
    return {}


def _templates(status: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from entries(spec, "templates")
    yield from entries(status, "storedWorkflowTemplateSpec", "templates")
    yield from section(status, "storedTemplates").values()


def _described(objects: Objects, reference: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the repository that a ConfigMap describes."""
    try:
        found = objects.config_map(
            str(reference.get("configMap") or CONFIG_MAP), str(reference.get("namespace") or objects.namespace)
        )
    except ApiError:
        # Then the repository is unknown, and the caller that needs it reports that.
        found = None
    if found is None:
        return {}
    key = reference.get("key") or (section(found, "metadata", "annotations")).get(DEFAULT_REPOSITORY) or ""
    try:
        repository = read_yaml(section(found, "data").get(key) or "", MANIFEST)
    except UnreadableError:
        return {}
    return repository if isinstance(repository, Mapping) else {}
