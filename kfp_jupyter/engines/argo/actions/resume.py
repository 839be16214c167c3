"""Which runs are suspended, and the Workflow of such a run once it is resumed.

Source: ``ResumeWorkflow`` and ``updateSuspendedNode`` in
https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/util/util.go
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.workflow.times import now


def resumed(workflow: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a workflow that waits no more, neither as a whole nor in a Suspend step; None for one that doesn't wait.

    Raises:
        EngineError: A step waits for a value that isn't set.
    """
    nodes = section(workflow, "status", "nodes")
    waiting = [key for key, node in nodes.items() if _waits(node)]
    suspended = bool(workflow["spec"].get("suspend"))
    if not suspended and not waiting:
        return None
    again = copy.deepcopy(dict(workflow))
    again["spec"].pop("suspend", None)
    moment = now()
    for key in waiting:
        node = again["status"]["nodes"][key]
        node["phase"], node["finishedAt"] = "Succeeded", moment
        _fill_in(node)
    return again


def _waits(node: Mapping[str, Any]) -> bool:
    return node.get("type") == "Suspend" and node.get("phase") == "Running"


def _fill_in(node: dict[str, Any]) -> None:
    """Give the outputs that a person may supply their defaults."""
    for parameter in (node.get("outputs") or {}).get("parameters") or ():
        source = section(parameter, "valueFrom")
        if "supplied" not in source:
            continue
        if source.get("default") is None:
            raise EngineError(
                f"The step {node.get('displayName') or node['name']!r} waits for a value of its output "
                f"{parameter['name']!r}, which has no default.",
                remedy="Set it with `argo node set`, or in the Argo UI.",
            )
        parameter["value"] = source["default"]
        del parameter["valueFrom"]
