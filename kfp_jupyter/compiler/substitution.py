"""Replaces the references in a task's data by tags of its template's inputs."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.compiler.names import full_name
from kfp_jupyter.dsl.placeholders import Reference, fill
from kfp_jupyter.workflow.tags import input_of, input_tag, names


class Substitution:
    """Replaces the references in one task's data, and records the inputs that are used.

    Attributes:
        used: Names of the inputs that the data uses.
    """

    def __init__(self) -> None:
        self.used: set[str] = set()

    def __call__(self, value: Any) -> Any:
        """Return plain data with its references replaced by tags."""
        if isinstance(value, str):
            if "{{" not in value:
                return value
            if "inputs.parameters." in value:
                # An author may have written a tag by hand.
                self.used.update(name for tag in names(value) if (name := input_of(tag, "parameters")))
            return fill(value, self._tag)
        if isinstance(value, list):
            return [inner if type(inner) is str and "{{" not in inner else self(inner) for inner in value]
        if isinstance(value, dict):
            return {
                key if type(key) is str and "{{" not in key else self(key): self(inner) for key, inner in value.items()
            }
        return value

    def _tag(self, reference: Reference) -> str:
        name = full_name(reference)
        self.used.add(name)
        return input_tag(name)
