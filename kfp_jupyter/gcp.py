"""Modifiers for Google Cloud: credentials, TPUs, kinds of nodes. The public names are KFP v1's ``kfp.gcp``.

Source: ``kfp/gcp.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from kfp_jupyter.onprem import Modifier

if TYPE_CHECKING:
    from kubernetes.client import V1Toleration

__all__ = ["add_gpu_toleration", "use_gcp_secret", "use_preemptible_nodepool", "use_tpu"]

CREDENTIAL_VARIABLES = ("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE")
"""Where Google's libraries, and gcloud, look for the path of a service account's key."""


def use_gcp_secret(
    secret_name: str = "user-gcp-sa",  # noqa: S107  (the name of a secret, not a secret)
    secret_file_path_in_volume: str | None = None,
    volume_name: str | None = None,
    secret_volume_mount_path: str = "/secret/gcp-credentials",  # noqa: S107  (a path)
) -> Modifier:
    """Give a step the key of a Google service account from a secret.

    Args:
        secret_name: The secret; it must exist when the step starts.
        secret_file_path_in_volume: The key's file in the secret, with a slash before it; named after the secret
            unless given.
        volume_name: Made of the secret's name unless given; giving it is deprecated in KFP v1.
        secret_volume_mount_path: Where the container sees the secret.
    """
    if volume_name is not None:
        warnings.warn(
            "volume_name is deprecated: the volume is named after the secret.", DeprecationWarning, stacklevel=2
        )
    volume = volume_name if volume_name is not None else f"gcp-credentials-{secret_name}"
    file = secret_file_path_in_volume if secret_file_path_in_volume is not None else f"/{secret_name}.json"

    def modify(task: Any) -> Any:
        # Weighs half a second, and few pipelines use a modifier.
        from kubernetes import client  # noqa: PLC0415  (lazy, see above)

        source = client.V1SecretVolumeSource(secret_name=str(secret_name))
        task.add_volume(client.V1Volume(name=str(volume), secret=source))
        mount = client.V1VolumeMount(name=str(volume), mount_path=str(secret_volume_mount_path))
        task.container.add_volume_mount(mount)
        for name in CREDENTIAL_VARIABLES:
            value = f"{secret_volume_mount_path}{file}"
            task.container.add_env_variable(client.V1EnvVar(name=name, value=value))
        return task

    return modify


def use_tpu(tpu_cores: int, tpu_resource: str, tf_version: str) -> Modifier:
    """Give a step TPUs.

    Args:
        tpu_cores: How many cores, such as 8.
        tpu_resource: Kind of TPU, such as ``v3`` or ``preemptible-v3``.
        tf_version: Version of TensorFlow on the TPU nodes.
    """

    def modify(task: Any) -> Any:
        task.add_pod_annotation("tf-version.cloud-tpus.google.com", tf_version)
        task.container.add_resource_limit(f"cloud-tpus.google.com/{tpu_resource}", str(tpu_cores))
        return task

    return modify


def use_preemptible_nodepool(toleration: V1Toleration | None = None, hard_constraint: bool = False) -> Modifier:
    """Let a step run on preemptible nodes.

    Args:
        toleration: Of the nodes' taint; of ``preemptible=true:NoSchedule`` unless given.
        hard_constraint: Whether it must run there; otherwise it should.
    """

    def modify(task: Any) -> Any:
        # Weighs half a second, and few pipelines use a modifier.
        from kubernetes import client  # noqa: PLC0415  (lazy, see above)

        task.add_toleration(toleration or _toleration("preemptible"))
        preemptible = client.V1NodeSelectorRequirement(
            key="cloud.google.com/gke-preemptible", operator="In", values=["true"]
        )
        term = client.V1NodeSelectorTerm(match_expressions=[preemptible])
        if hard_constraint:
            node_affinity = client.V1NodeAffinity(
                required_during_scheduling_ignored_during_execution=client.V1NodeSelector(node_selector_terms=[term])
            )
        else:
            node_affinity = client.V1NodeAffinity(
                preferred_during_scheduling_ignored_during_execution=[
                    client.V1PreferredSchedulingTerm(preference=term, weight=50)
                ]
            )
        task.add_affinity(client.V1Affinity(node_affinity=node_affinity))
        return task

    return modify


def add_gpu_toleration(toleration: V1Toleration | None = None) -> Modifier:
    """Let a step run on nodes with GPUs, which GKE taints.

    Args:
        toleration: Of the nodes' taint; of ``nvidia.com/gpu=true:NoSchedule`` unless given.
    """

    def modify(task: Any) -> Any:
        task.add_toleration(toleration or _toleration("nvidia.com/gpu"))
        return task

    return modify


def _toleration(key: str) -> V1Toleration:
    # Weighs half a second, and few pipelines use a modifier.
    from kubernetes import client  # noqa: PLC0415  (lazy, see above)

    return client.V1Toleration(effect="NoSchedule", key=key, operator="Equal", value="true")
