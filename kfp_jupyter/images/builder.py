"""The protocol of image builders, and the choice of the default one."""

from __future__ import annotations

import os
from typing import Protocol

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.images.container_builder import ContainerBuilder
from kfp_jupyter.images.local_builder import LocalBuilder, local_program
from kfp_jupyter.images.staging import Staging


class Builder(Protocol):
    """Builds an image of a directory and pushes it."""

    def build(
        self,
        local_dir: str | os.PathLike[str],
        docker_filename: str = "Dockerfile",
        target_image: str | None = None,
        timeout: float = 1000,
    ) -> str:
        """Build and push an image; return its name with its digest.

        Args:
            local_dir: The build context.
            docker_filename: The Dockerfile, relative to the context.
            target_image: Where the image goes.
            timeout: Seconds after which the build is given up.

        Raises:
            EngineError: The build failed.
        """


def chosen(
    builder: Builder | str | None, *, staging: str | Staging | None = None, namespace: str | None = None
) -> Builder:
    """Return the requested builder.

    Args:
        builder: ``"local"`` for docker or podman, ``"kaniko"`` for a pod in the cluster, or a builder itself. None
            leaves the choice: kaniko when a staging place or a namespace is given, since both are of use to it alone;
            else docker or podman where one answers; else kaniko.
        staging: Where kaniko finds the build context.
        namespace: Where kaniko's pod runs.

    Raises:
        UsageError: There is no such builder.
        EngineError: A local build was asked for, and neither docker nor podman answers.
    """
    if builder is not None and not isinstance(builder, str):
        return builder
    if builder not in (None, "local", "kaniko"):
        raise UsageError(f"{builder!r} is not a valid builder.", remedy='Pass "local", "kaniko" or a builder.')
    if builder == "kaniko" or (builder is None and (staging or namespace)):
        return ContainerBuilder(staging, namespace=namespace)
    program = local_program()
    if program:
        return LocalBuilder(program)
    if builder == "local":
        raise EngineError(
            "Neither docker nor podman responds on this machine.",
            remedy='Start one of them, or build in the cluster with builder="kaniko".',
        )
    return ContainerBuilder()
