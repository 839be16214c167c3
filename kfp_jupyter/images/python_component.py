"""Python function → image and component. The public name is KFP v1's ``kfp.compiler.build_python_component``.

Source: ``build_python_component`` in ``kfp/containers/_component_builder.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from kfp_jupyter.components.component import Component
from kfp_jupyter.components.function_source import source_for_step
from kfp_jupyter.components.functions import create_component_from_func
from kfp_jupyter.components.program import program_text
from kfp_jupyter.components.signature import interface_of
from kfp_jupyter.components.structures import ComponentSpec, ContainerImplementation
from kfp_jupyter.errors import UsageError
from kfp_jupyter.images.builder import Builder, chosen
from kfp_jupyter.images.dependency import VersionedDependency, requirements_text
from kfp_jupyter.images.dockerfile import REQUIREMENTS, for_program
from kfp_jupyter.images.staging import Staging

PROGRAM = "ml/main.py"
"""The program in the build context, and under / in the image, as in KFP v1."""


def build_python_component(  # noqa: PLR0913, PLR0917  (KFP v1's)
    component_func: Callable[..., Any],
    target_image: str,
    base_image: str | None = None,
    dependency: Sequence[VersionedDependency] | None = None,
    staging_gcs_path: str | Staging | None = None,
    timeout: float = 600,
    namespace: str | None = None,
    target_component_file: str | os.PathLike[str] | None = None,
    is_v2: bool = False,
    *,
    builder: Builder | str | None = None,
) -> Component:
    """Build and push an image that holds a Python function; return the component that runs it.

    Args:
        component_func: The function; annotations of its signature declare the types of inputs and outputs.
        target_image: Where the image goes.
        base_image: What it is made from; what the function's decorator says unless given.
        dependency: Python packages that it must have.
        staging_gcs_path: Where the build context is put for kaniko: ``gs://bucket/path``, ``s3://bucket/path``, or
            None for a secret of the namespace.
        timeout: Seconds after which the build is given up.
        namespace: Where kaniko's pod runs.
        target_component_file: Where the component.yaml is written, if anywhere.
        is_v2: Components of KFP v2, which are not for here.
        builder: ``"local"`` for docker or podman, ``"kaniko"`` for a pod in the cluster, or a builder such as
            `ContainerBuilder`. Unless given it is kaniko when a staging place or a namespace is given, else docker
            or podman if one answers, else kaniko.

    Raises:
        UsageError: A component of KFP v2 was asked for.
        ComponentError: The function can't be a component.
        EngineError: The build failed.
    """
    if is_v2:
        raise UsageError("is_v2=True asks for a KFP v2 component, which can't run in an Argo Workflow.")
    base_image = base_image or getattr(component_func, "_component_base_image", None)
    component = create_component_from_func(component_func, base_image=base_image)
    spec = component.component_spec
    builds = chosen(builder, staging=staging_gcs_path, namespace=namespace)
    with tempfile.TemporaryDirectory() as directory:
        context = Path(directory)
        _write_context(context, component_func, spec, requirements_text(dependency or ()))
        image = builds.build(context, "Dockerfile", target_image, timeout)
    built = _started_from_image(spec, image)
    file = target_component_file or getattr(component_func, "_component_target_component_file", None)
    if file:
        Path(file).write_text(yaml.safe_dump(built.to_dict(), sort_keys=False, allow_unicode=True))
    return Component(built, component.python_func, component.settings)


def _write_context(context: Path, function: Callable[..., Any], spec: ComponentSpec, requirements: str) -> None:
    program = program_text(source_for_step(function), function.__name__, spec.title, interface_of(function))
    (context / PROGRAM).parent.mkdir()
    (context / PROGRAM).write_text(program)
    if requirements:
        (context / REQUIREMENTS).write_text(requirements)
    dockerfile = for_program(spec.container.image, {PROGRAM: f"/{PROGRAM}"}, bool(requirements))
    (context / "Dockerfile").write_text(dockerfile)


def _started_from_image(spec: ComponentSpec, image: str) -> ComponentSpec:
    """Return the component with the program taken out of its command: the image has it."""
    # python3, since that is what the image is made sure to have; KFP v1 says python, which many have not.
    command = ("python3", "-u", f"/{PROGRAM}")
    container = dataclasses.replace(spec.container, image=image, command=command)
    return dataclasses.replace(spec, implementation=ContainerImplementation(container))
