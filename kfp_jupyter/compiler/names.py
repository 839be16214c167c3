"""How parameters, outputs and loop items are called in a Workflow."""

from __future__ import annotations

import functools

from kfp_jupyter.dsl.placeholders import Reference
from kfp_jupyter.naming import parameter_name


@functools.lru_cache(maxsize=100_000)
def full_name(reference: Reference) -> str:
    """Return the name under which a reference travels: ``task-output``, or the parameter's own."""
    name = parameter_name(reference.name)
    return f"{reference.task}-{name}" if reference.task else name
