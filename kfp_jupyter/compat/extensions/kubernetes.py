"""KFP v1's ``kfp.dsl.extensions.kubernetes``."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable
from typing import Any

from kfp_jupyter.errors import PipelineError, author_position


def use_secret(
    secret_name: str,
    secret_volume_mount_path: str,
    env_variable: str | None = None,
    secret_file_path_in_volume: str | None = None,
) -> Callable[[Any], Any]:
    """Mount a secret in a step, and name one of its files in an environment variable.

    Args:
        secret_name: The secret; it must be there when the step starts.
        secret_volume_mount_path: Where the container sees it.
        env_variable: The variable that holds the file's path.
        secret_file_path_in_volume: The file in the secret; given when the variable is.

    Raises:
        PipelineError: A name is empty, or one of variable and file is missing.
    """
    for name, value in (("secret_name", secret_name), ("secret_volume_mount_path", secret_volume_mount_path)):
        if value == "":
            raise PipelineError(f"The {name} of use_secret is empty.", position=author_position())
    if bool(env_variable) != bool(secret_file_path_in_volume):
        raise PipelineError(
            "use_secret was given only one of env_variable and secret_file_path_in_volume.",
            remedy="Pass both or neither.",
            position=author_position(),
        )
    secret = str(secret_name)

    def modify(task: Any) -> Any:
        # Weighs half a second, and few pipelines use a modifier.
        from kubernetes import client  # noqa: PLC0415  (lazy, see above)

        volume = _volume_name(secret)
        task.add_volume(client.V1Volume(name=volume, secret=client.V1SecretVolumeSource(secret_name=secret)))
        task.add_volume_mount(client.V1VolumeMount(name=volume, mount_path=secret_volume_mount_path))
        if env_variable:
            path = posixpath.join(secret_volume_mount_path, str(secret_file_path_in_volume))
            task.container.add_env_variable(client.V1EnvVar(name=env_variable, value=path))
        return task

    return modify


def _volume_name(secret: str) -> str:
    """Return the secret's name, or one that is made of it where the secret is known only when the pipeline runs."""
    if "{{" in secret:
        return f"secret-{hashlib.sha256(secret.encode()).hexdigest()[:10]}"
    return secret
