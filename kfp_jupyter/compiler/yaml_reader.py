"""A Workflow read from YAML of unknown origin."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.compiler.archives import BadPackageError
from kfp_jupyter.parsing import WORKFLOW, UnreadableError
from kfp_jupyter.parsing.yaml_reader import read_yaml


def read_workflow(content: bytes) -> dict[str, Any]:
    """Return the Workflow in a YAML document.

    Raises:
        BadPackageError: It isn't one, or it is made to do harm.
    """
    try:
        workflow = read_yaml(content, WORKFLOW)
    except UnreadableError as error:
        where = f"line {error.line}: " if error.line else ""
        raise BadPackageError(f"{where}{error.reason}", "Compile the pipeline again.") from None
    if not isinstance(workflow, dict):
        raise BadPackageError("it doesn't contain an Argo Workflow", "Compile a pipeline.")
    if "pipelineInfo" in workflow:
        raise BadPackageError("it is a KFP v2 pipeline", "Compile the pipeline here, or with kfp 1.8.")
    if workflow.get("kind") != "Workflow":
        raise BadPackageError(f"its kind is {workflow.get('kind')!r:.80}, not 'Workflow'", "Compile a pipeline.")
    return workflow
