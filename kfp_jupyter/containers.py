"""Image builds under the names of KFP v1's ``kfp.containers``."""

from kfp_jupyter.images import (
    ContainerBuilder,
    GcsStaging,
    LocalBuilder,
    S3Staging,
    SecretStaging,
    build_image_from_working_dir,
    default_image_builder,
)

__all__ = [
    "ContainerBuilder",
    "GcsStaging",
    "LocalBuilder",
    "S3Staging",
    "SecretStaging",
    "build_image_from_working_dir",
    "default_image_builder",
]
