"""The specs of a pipeline and of a step's component, which the KFP v1 dialect has in annotations.

``pipeline_spec`` and ``component_spec`` are JSON of kfp's ``PipelineSpec`` and ``ComponentSpec``
(``kfp/components/structures`` of kfp 1.8.24), ``arguments.parameters`` is a JSON object of names and texts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.objects import Object, entries, text
from kfp_jupyter.workflow.dialect import ARGUMENTS, COMPONENT_REF, COMPONENT_SPEC, PIPELINE_SPEC
from kfp_jupyter.workflow.views import Template, WorkflowView


@dataclasses.dataclass(frozen=True, slots=True)
class InputView:
    """An input of a pipeline or a component.

    Attributes:
        name: Its name.
        type: The type's name, or the plain data that it has instead of one; empty for none.
        description: Its author's description; empty for none.
        default: Its default as text; None for none.
        optional: Whether it may be left out.
    """

    name: str
    type: Any = ""
    description: str = ""
    default: str | None = None
    optional: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class SpecView:
    """The spec of a pipeline or a component in an annotation; empty if there is none.

    Attributes:
        raw: The plain data.
    """

    raw: Object

    @property
    def name(self) -> str:
        """Its title; empty for none."""
        return text(self.raw, "name")

    @property
    def description(self) -> str:
        """Its author's description; empty for none."""
        return text(self.raw, "description")

    @property
    def inputs(self) -> tuple[InputView, ...]:
        """Its inputs."""
        return tuple(
            InputView(
                text(item, "name"),
                item.get("type") or "",
                text(item, "description"),
                None if item.get("default") is None else text(item, "default"),
                bool(item.get("optional")),
            )
            for item in entries(self.raw, "inputs")
        )


def pipeline_spec(workflow: Object) -> SpecView:
    """Return the spec of a Workflow's pipeline."""
    return _spec(WorkflowView(workflow).annotations.get(PIPELINE_SPEC))


def component_spec(template: Template) -> SpecView:
    """Return the spec of a template's component."""
    return _spec(template.annotations.get(COMPONENT_SPEC))


def component_arguments(template: Template) -> dict[str, str] | None:
    """Return a component's arguments by its inputs' names, with tags in them; None for a template without component."""
    annotations = template.annotations
    if COMPONENT_SPEC not in annotations and COMPONENT_REF not in annotations:
        return None
    found = _read(annotations.get(ARGUMENTS, "{}"))
    return None if found is None else {str(name): str(value) for name, value in found.items()}


def _spec(annotation: object) -> SpecView:
    return SpecView(_read(annotation) or {})


def _read(annotation: object) -> Mapping[str, Any] | None:
    """Return the JSON object of an annotation; None if another tool wrote anything else there."""
    try:
        found = read_json(annotation) if isinstance(annotation, str) else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
