"""Builds container images, in the cluster or on this machine.

The public names are those of KFP v1's ``kfp.containers``, and those about images of ``kfp.compiler``.

A build's data flow: files and a Dockerfile → a builder (`builder.py` chooses) → the image's name with its digest.
`ContainerBuilder` runs a kaniko pod: `staging` stores the files for it, `kaniko` writes the pod,
`pod_run` follows it. `LocalBuilder` runs docker or podman.
"""

from kfp_jupyter.images.builder import Builder
from kfp_jupyter.images.container_builder import ContainerBuilder
from kfp_jupyter.images.dependency import VersionedDependency
from kfp_jupyter.images.docker_image import build_docker_image
from kfp_jupyter.images.local_builder import LocalBuilder
from kfp_jupyter.images.python_component import build_python_component
from kfp_jupyter.images.staging import GcsStaging, S3Staging, SecretStaging, Staging
from kfp_jupyter.images.working_dir import build_image_from_working_dir

default_image_builder = ContainerBuilder()
"""KFP v1's default builder, for builds that name none."""

__all__ = [
    "Builder",
    "ContainerBuilder",
    "GcsStaging",
    "LocalBuilder",
    "S3Staging",
    "SecretStaging",
    "Staging",
    "VersionedDependency",
    "build_docker_image",
    "build_image_from_working_dir",
    "build_python_component",
    "default_image_builder",
]
