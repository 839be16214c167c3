"""Variables of a Workflow, its tasks and their number, known before the run starts.

Sources: https://argo-workflows.readthedocs.io/en/release-3.7/variables/#global and ``setGlobalParameters`` in
https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/controller/operator.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow import tags
from kfp_jupyter.workflow.values import json_parameters


def lone_task(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the task that runs a template with inputs of the same names."""
    inputs = entries(template, "inputs", "parameters")
    parameters = [{"name": p["name"], "value": f"{{{{inputs.parameters.{p['name']}}}}}"} for p in inputs]
    return {"name": template["name"], "template": template["name"], "arguments": {"parameters": parameters}}


def count_steps(workflow: Mapping[str, Any]) -> int:
    """Return how many steps a Workflow has when nothing fails."""
    templates = {template["name"]: template for template in workflow["spec"]["templates"]}

    def count(name: str) -> int:
        dag = templates[name].get("dag")
        return sum(count(task["template"]) for task in entries(dag, "tasks")) if dag else 1

    return count(workflow["spec"]["entrypoint"])


def workflow_variables(workflow: Mapping[str, Any]) -> dict[str, str]:
    """Return what ``{{workflow.…}}`` tags mean."""
    metadata, spec = workflow["metadata"], workflow["spec"]
    created = metadata["creationTimestamp"]
    date, _, clock = created.partition("T")
    parts = dict(zip("YmdHMS", (*date.split("-"), *clock[:8].split(":")), strict=True))
    variables = {
        "workflow.name": metadata["name"],
        "workflow.namespace": metadata["namespace"],
        "workflow.uid": metadata["uid"],
        "workflow.serviceAccountName": spec.get("serviceAccountName", ""),
        "workflow.mainEntrypoint": spec["entrypoint"],
        "workflow.creationTimestamp": f"{date} {clock[:8]} +0000 UTC",
        "workflow.creationTimestamp.RFC3339": f"{date}T{clock[:8]}Z",
    }
    variables |= {f"workflow.creationTimestamp.{letter}": text for letter, text in parts.items()}
    # As Argo does: a value such as gs://bucket/{{workflow.uid}} is meant for this run.
    values = {p["name"]: tags.substitute(p["value"], variables) for p in spec["arguments"]["parameters"]}
    variables |= {f"workflow.parameters.{name}": value for name, value in values.items()}
    variables |= dict.fromkeys(("workflow.parameters", "workflow.parameters.json"), json_parameters(values))
    for kind in ("labels", "annotations"):
        variables |= {f"workflow.{kind}.{key}": str(value) for key, value in (metadata.get(kind) or {}).items()}
    return variables


def entry_inputs(workflow: Mapping[str, Any], variables: Mapping[str, str]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the parameters and artifacts that a Workflow's arguments hand to its entrypoint.

    Args:
        workflow: The Workflow object of a run.
        variables: What `workflow_variables` returned.
    """
    arguments = workflow["spec"]["arguments"]
    parameters = {p["name"]: variables[f"workflow.parameters.{p['name']}"] for p in arguments["parameters"]}
    artifacts = {
        a["name"]: tags.substitute(str(section(a, "raw").get("data", "")), variables).encode(errors="surrogatepass")
        for a in entries(arguments, "artifacts")
    }
    return parameters, artifacts
