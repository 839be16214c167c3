"""Modifiers for any cluster: volumes, secrets, resources. The public names are KFP v1's ``kfp.onprem``.

Every function returns a modifier for ``task.apply`` or ``PipelineConf.add_op_transformer``.

Source: ``kfp/onprem.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["add_default_resource_spec", "mount_pvc", "use_k8s_secret"]

Modifier = Callable[[Any], Any]
"""Takes a task, changes it and returns it."""


def mount_pvc(
    pvc_name: str = "pipeline-claim", volume_name: str = "pipeline", volume_mount_path: str = "/mnt/pipeline"
) -> Modifier:
    """Mount a volume claim in a step; what isn't a step of a container stays as it is.

    Args:
        pvc_name: The claim.
        volume_name: What the pod calls it.
        volume_mount_path: Where the container sees it.
    """

    def modify(task: Any) -> Any:
        # Weighs half a second, and few pipelines use a modifier.
        from kubernetes import client  # noqa: PLC0415  (lazy, see above)

        if not hasattr(task, "add_volume") or not hasattr(task, "container"):
            return task
        claim = client.V1PersistentVolumeClaimVolumeSource(claim_name=str(pvc_name))
        task.add_volume(client.V1Volume(name=str(volume_name), persistent_volume_claim=claim))
        task.container.add_volume_mount(client.V1VolumeMount(name=str(volume_name), mount_path=str(volume_mount_path)))
        return task

    return modify


def use_k8s_secret(
    secret_name: str = "k8s-secret",  # noqa: S107  (the name of a secret, not a secret)
    k8s_secret_key_to_env: Mapping[str, str] | None = None,
) -> Modifier:
    """Give a step values of a secret as environment variables.

    Args:
        secret_name: The secret; it must be there when the step starts.
        k8s_secret_key_to_env: Key in the secret to the name of the variable.
    """
    variables = dict(k8s_secret_key_to_env or {})

    def modify(task: Any) -> Any:
        # Weighs half a second, and few pipelines use a modifier.
        from kubernetes import client  # noqa: PLC0415  (lazy, see above)

        for key, variable in variables.items():
            reference = client.V1SecretKeySelector(name=str(secret_name), key=str(key))
            source = client.V1EnvVarSource(secret_key_ref=reference)
            task.container.add_env_variable(client.V1EnvVar(name=str(variable), value_from=source))
        return task

    return modify


def add_default_resource_spec(
    memory_limit: str | None = None,
    cpu_limit: str | None = None,
    memory_request: str | None = None,
    cpu_request: str | None = None,
) -> Modifier:
    """Give a step limits and requests where it has no limit of its own; what isn't a container's step stays as it is.

    Args:
        memory_limit: Such as ``512Mi``.
        cpu_limit: Such as ``500m``.
        memory_request: The limit unless given.
        cpu_request: The limit unless given.
    """
    defaults = {
        "cpu": (cpu_request if _given(cpu_request) else cpu_limit, cpu_limit),
        "memory": (memory_request if _given(memory_request) else memory_limit, memory_limit),
    }

    def modify(task: Any) -> Any:
        container = getattr(task, "container", None)
        if container is None:
            return task
        for resource, (request, limit) in defaults.items():
            if _given(container.get_resource_limit(resource)):
                # Kubernetes takes a limit as the request too, so a default request could contradict the limit.
                continue
            if _given(limit):
                container.add_resource_limit(resource, limit)
            if _given(request) and not _given(container.get_resource_request(resource)):
                container.add_resource_request(resource, request)
        return task

    return modify


def _given(amount: Any) -> bool:
    """A pipeline's parameter has no truth of its own, so it is asked for its text."""
    return amount is not None and str(amount) != ""
