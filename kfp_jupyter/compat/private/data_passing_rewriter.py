"""KFP v1's ``kfp.compiler._data_passing_rewriter``: large data as files rather than parameters."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.errors import CompileError, author_position
from kfp_jupyter.workflow.dialect import SDK_VERSION, sdk_version


def fix_big_data_passing(workflow: dict[str, Any]) -> dict[str, Any]:
    """Return a Workflow that hands on by value what is taken by value alone: this package's compiler makes it so.

    Args:
        workflow: A Workflow that this package has compiled.

    Raises:
        CompileError: Another compiler made it.
    """
    if workflow.get("metadata", {}).get("labels", {}).get(SDK_VERSION) != sdk_version():
        raise CompileError(
            "Only Workflows that this package has compiled pass large data as files.",
            remedy="Compile the pipeline with kfp.compiler.Compiler().",
            position=author_position(),
        )
    return workflow
