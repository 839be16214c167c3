"""Names of parameters, outputs and loop items in a Workflow.

Source: ``full_name`` in ``kfp/dsl/_pipeline_param.py`` and ``sanitize_k8s_name`` in ``kfp/compiler/_k8s_helper.py`` of
kfp 1.8.24.
"""

from __future__ import annotations

import functools

from kfp_jupyter.dsl.placeholders import Reference
from kfp_jupyter.naming import parameter_name


@functools.lru_cache(maxsize=100_000)
def full_name(reference: Reference) -> str:
    """Return a reference's name in the Workflow: ``task-output``, or the parameter's own name."""
    name = parameter_name(reference.name)
    return f"{reference.task}-{name}" if reference.task else name
