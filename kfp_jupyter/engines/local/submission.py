"""Workflow and arguments → the first state of a run."""

from __future__ import annotations

import difflib
import json
import secrets
import string
import uuid
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.engines.local.status import now
from kfp_jupyter.engines.local.values import PARAMETER_LIMIT, text_of
from kfp_jupyter.errors import EngineError

_ALPHABET = string.ascii_lowercase + string.digits


def new_run(
    workflow: Mapping[str, Any], arguments: Mapping[str, str], run_name: str | None, experiment: str | None
) -> dict[str, Any]:
    """Return the Workflow object of a run that is about to start.

    Args:
        workflow: The compiled pipeline, checked.
        arguments: Values that replace the parameters' defaults.
        run_name: What people call the run.
        experiment: What it belongs to.

    Raises:
        EngineError: An unknown parameter, or one without a value or too large.
    """
    given = workflow.get("metadata") or {}
    base = given.get("generateName") or f"{given.get('name') or 'run'}-"
    name = base + "".join(secrets.choice(_ALPHABET) for _ in range(5))
    created = now()
    annotations = dict(given.get("annotations") or {})
    annotations["pipelines.kubeflow.org/run_name"] = run_name or name
    if experiment:
        annotations["pipelines.kubeflow.org/experiment_name"] = experiment
    metadata = dict(given) | {"name": name, "uid": str(uuid.uuid4()), "namespace": given.get("namespace") or "local"}
    metadata |= {"creationTimestamp": created, "annotations": annotations}
    # A copy as plain JSON: YAML may have made a date of what was meant as text.
    spec = json.loads(json.dumps(workflow["spec"], default=str))
    spec["arguments"] = (spec.get("arguments") or {}) | {"parameters": bind_arguments(workflow, arguments)}
    return {
        "apiVersion": workflow.get("apiVersion", "argoproj.io/v1alpha1"),
        "kind": "Workflow",
        "metadata": metadata,
        "spec": spec,
        "status": {"phase": "Pending", "startedAt": created, "nodes": {}},
    }


def bind_arguments(workflow: Mapping[str, Any], arguments: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the parameters of a Workflow with their values."""
    spec = workflow["spec"]
    declared = {p["name"]: p.get("value") for p in (spec.get("arguments") or {}).get("parameters") or ()}
    template = next(t for t in spec["templates"] if t["name"] == spec["entrypoint"])
    for parameter in (template.get("inputs") or {}).get("parameters") or ():
        default = parameter.get("value", parameter.get("default"))
        if declared.get(parameter["name"]) is None:
            declared[parameter["name"]] = default
    for name in arguments:
        if name not in declared:
            raise _unknown(name, list(declared))
    values = {name: arguments.get(name, default) for name, default in declared.items()}
    for name, value in values.items():
        if value is None:
            raise EngineError(f"The parameter {name!r} has no value.", remedy="Give it one with the run's arguments.")
        size = len(text_of(value).encode(errors="surrogatepass"))
        if size > PARAMETER_LIMIT:
            raise EngineError(
                f"The value of the parameter {name!r} has {size:,} bytes; a parameter has {PARAMETER_LIMIT:,} at most.",
                remedy="Pass the place of the data instead, or make it in a step and hand it on as an InputPath file.",
            )
    return [{"name": name, "value": text_of(value)} for name, value in values.items()]


def _unknown(name: str, known: list[str]) -> EngineError:
    nearest = difflib.get_close_matches(name, known, 1, 0)
    if nearest:
        remedy = f"Did you mean {nearest[0]!r}?" if len(known) > 1 else f"It has {nearest[0]!r}."
    else:
        remedy = "It has none."
    return EngineError(f"The pipeline has no parameter {name!r}.", remedy=remedy)
