"""What a compiled pipeline is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.parsing.json_reader import read_json


def pipeline_name(workflow: Mapping[str, Any]) -> str:
    """Return the name of the pipeline that a Workflow was compiled from."""
    metadata = workflow.get("metadata", {})
    text = (metadata.get("annotations") or {}).get("pipelines.kubeflow.org/pipeline_spec", "")
    try:
        name = read_json(text)["name"] if text else ""
    except (ValueError, KeyError, TypeError):
        name = ""
    return str(name or (metadata.get("generateName") or metadata.get("name") or "").rstrip("-"))
