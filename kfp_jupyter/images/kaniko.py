"""The pod that builds an image in the cluster: kaniko's, as KFP v1 makes it.

Source: ``_generate_kaniko_spec`` in ``kfp/containers/_container_builder.py`` of kfp 1.8.24;
https://github.com/GoogleContainerTools/kaniko (archived).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

CONTAINER = "kaniko"

EXECUTOR = "gcr.io/kaniko-project/executor@sha256:78d44ec4e9cb5545d7f85c1924695c89503ded86a59f92c7ae658afa3cff5400"
"""KFP v1's kaniko, v0.10.0. It reads contexts from Google Cloud Storage, and little else."""

NEWER_EXECUTOR = "gcr.io/kaniko-project/executor:v1.23.2"
"""Reads contexts from files of its own pod and from MinIO too."""

DOCKER_CONFIG = "/kaniko/.docker"
"""Where kaniko looks for what it pushes with."""


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """A build context where kaniko finds it.

    Attributes:
        url: Kaniko's name for it.
        env: Environment variables that kaniko needs to read it.
        volumes: Volumes that the pod needs.
        mounts: How kaniko's container sees those.
    """

    url: str
    env: Sequence[Mapping[str, Any]] = ()
    volumes: Sequence[Mapping[str, Any]] = ()
    mounts: Sequence[Mapping[str, Any]] = ()


def kaniko_pod(
    context: Context,
    dockerfile: str,
    image: str,
    *,
    namespace: str,
    service_account: str,
    executor: str,
    registry_secret: str | None = None,
) -> dict[str, Any]:
    """Return the pod, as the Kubernetes API takes it.

    Args:
        context: The build context.
        dockerfile: The Dockerfile, relative to the context.
        image: Where the image goes.
        namespace: Where the pod runs.
        service_account: What it runs as, which may be what it pushes with.
        executor: Kaniko's image.
        registry_secret: A secret of type ``kubernetes.io/dockerconfigjson`` to push with.
    """
    container: dict[str, Any] = {
        "name": CONTAINER,
        "args": [
            "--cache=true",
            f"--dockerfile={dockerfile}",
            f"--context={context.url}",
            f"--destination={image}",
            # What is written there can be read in the pod's status.
            "--digest-file=/dev/termination-log",
        ],
        "image": executor,
    }
    volumes, mounts = list(context.volumes), list(context.mounts)
    if registry_secret:
        items = [{"key": ".dockerconfigjson", "path": "config.json"}]
        volumes.append({"name": "registry", "secret": {"secretName": registry_secret, "items": items}})
        mounts.append({"name": "registry", "mountPath": DOCKER_CONFIG, "readOnly": True})
    if context.env:
        container["env"] = list(context.env)
    if mounts:
        container["volumeMounts"] = mounts
    spec = {"restartPolicy": "Never", "containers": [container], "serviceAccountName": service_account}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "generateName": "kaniko-",
            "namespace": namespace,
            # With a sidecar the pod would never end.
            "annotations": {"sidecar.istio.io/inject": "false"},
        },
        "spec": {**spec, "volumes": volumes} if volumes else spec,
    }
