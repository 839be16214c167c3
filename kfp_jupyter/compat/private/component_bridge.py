"""KFP v1's ``kfp.dsl._component_bridge``: a component and its arguments → a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.components.component import Component
from kfp_jupyter.components.structures import ComponentReference, ComponentSpec
from kfp_jupyter.dsl.component_op import make_task
from kfp_jupyter.dsl.container_op import ContainerOp


def _create_container_op_from_component_and_arguments(
    component_spec: ComponentSpec, arguments: Mapping[str, Any], component_ref: ComponentReference | None = None
) -> ContainerOp:
    return make_task(Component(component_spec, reference=component_ref), arguments)
