"""Workflow and arguments → the first state of a run."""

from __future__ import annotations

import json
import re
import secrets
import string
import uuid
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.arguments import bind_arguments
from kfp_jupyter.engines.local.status import now
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.workflow.dialect import API_VERSION, EXPERIMENT_NAME, RUN_NAME

_ALPHABET = string.ascii_lowercase + string.digits
_RANDOM = 5
_LONGEST = 63
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def new_name(metadata: Mapping[str, Any]) -> str:
    """Return the name of a new run, made as Kubernetes makes one of ``generateName``.

    The rules are Kubernetes' (RFC 1123 subdomains, `validation.IsDNS1123Subdomain` of k8s.io/apimachinery; what is
    generated has 63 characters at most, `names.SimpleNameGenerator` of k8s.io/apiserver) and Argo's (a Workflow's name
    has 63 characters at most, `validate.ValidateWorkflow`).

    Args:
        metadata: The Workflow's.

    Raises:
        EngineError: The name that it asks for is none that Kubernetes accepts.
    """
    key = "generateName" if metadata.get("generateName") else "name"
    given = metadata.get(key) or "run"
    base = given if key == "generateName" or not isinstance(given, str) else f"{given}-"
    name = f"{str(base)[: _LONGEST - _RANDOM]}{''.join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))}"
    if not isinstance(given, str) or not _SUBDOMAIN.fullmatch(name):
        raise EngineError(
            f"The workflow's {key} {repr(given)[:80]} is not a name that Kubernetes accepts.",
            remedy='Use lower-case letters, digits, "-" and "."; begin with a letter or a digit.',
        )
    return name


def new_run(
    workflow: Mapping[str, Any], arguments: Mapping[str, str], run_name: str | None, experiment: str | None
) -> dict[str, Any]:
    """Return the Workflow object of a run that is about to start.

    Args:
        workflow: The compiled pipeline, checked.
        arguments: Values that replace the parameters' defaults.
        run_name: Name of the run to display.
        experiment: What it belongs to.

    Raises:
        EngineError: A name that Kubernetes refuses, an unknown parameter, or one without a value or too large.
    """
    given = section(workflow, "metadata")
    name = new_name(given)
    created = now()
    annotations = dict(section(given, "annotations"))
    if run_name:
        annotations[RUN_NAME] = run_name
    if experiment:
        annotations[EXPERIMENT_NAME] = experiment
    metadata = dict(given) | {"name": name, "uid": str(uuid.uuid4()), "namespace": given.get("namespace") or "local"}
    metadata |= {"creationTimestamp": created, "annotations": annotations}
    # A copy as plain JSON: YAML may have made a date of what was meant as text.
    spec = json.loads(json.dumps(workflow["spec"], default=str))
    spec["arguments"] = {**section(spec, "arguments"), "parameters": bind_arguments(workflow, arguments)}
    return {
        "apiVersion": workflow.get("apiVersion", API_VERSION),
        "kind": "Workflow",
        "metadata": metadata,
        "spec": spec,
        "status": {"phase": "Pending", "startedAt": created, "nodes": {}},
    }
