"""Dockerfile → image. The public name is KFP v1's ``kfp.compiler.build_docker_image``.

Source: ``build_docker_image`` in ``kfp/containers/_component_builder.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from kfp_jupyter.errors import UsageError
from kfp_jupyter.images.builder import Builder, chosen
from kfp_jupyter.images.staging import Staging


def build_docker_image(
    staging_gcs_path: str | Staging | None,
    target_image: str,
    dockerfile_path: str | os.PathLike[str],
    timeout: float = 600,
    namespace: str | None = None,
    *,
    builder: Builder | str | None = None,
) -> str:
    """Build the image that a Dockerfile describes and push it; return its name with its digest.

    The Dockerfile is all that the build sees; it can't copy files beside it.

    Args:
        staging_gcs_path: Where the Dockerfile is put for kaniko: ``gs://bucket/path``, ``s3://bucket/path``, or None
            for a secret of the namespace.
        target_image: Where the image goes.
        dockerfile_path: The Dockerfile.
        timeout: Seconds after which the build is given up.
        namespace: Where kaniko's pod runs.
        builder: ``"local"`` for docker or podman, ``"kaniko"`` for a pod in the cluster, or a builder such as
            `ContainerBuilder`. Unless given it is kaniko when a staging place or a namespace is given, else docker
            or podman if one answers, else kaniko.

    Raises:
        UsageError: There is no such Dockerfile.
        EngineError: The build failed.
    """
    builds = chosen(builder, staging=staging_gcs_path, namespace=namespace)
    with tempfile.TemporaryDirectory() as directory:
        dockerfile = Path(directory) / "Dockerfile"
        try:
            shutil.copyfile(dockerfile_path, dockerfile)
        except OSError as error:
            raise UsageError(f"{os.fspath(dockerfile_path)!r} can't be read: {error.strerror}.") from None
        return builds.build(directory, dockerfile.name, target_image, timeout)
