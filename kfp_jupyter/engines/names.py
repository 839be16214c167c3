"""What a compiled pipeline is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def pipeline_name(workflow: Mapping[str, Any]) -> str:
    """Return the name of the pipeline that a Workflow was compiled from."""
    metadata = workflow.get("metadata", {})
    text = (metadata.get("annotations") or {}).get("pipelines.kubeflow.org/pipeline_spec", "")
    try:
        name = json.loads(text)["name"] if text else ""
    except (ValueError, KeyError, TypeError):
        name = ""
    return str(name or (metadata.get("generateName") or metadata.get("name") or "").rstrip("-"))
