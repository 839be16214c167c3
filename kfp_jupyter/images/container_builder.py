"""Builds in the cluster, with kaniko. The public name is KFP v1's ``kfp.containers.ContainerBuilder``.

Source: ``kfp/containers/_container_builder.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.images.google import google_image_name
from kfp_jupyter.images.kaniko import CONTAINER, Context, kaniko_pod
from kfp_jupyter.images.local_builder import write_line
from kfp_jupyter.images.pod_run import run_pod
from kfp_jupyter.images.reference import target, with_digest
from kfp_jupyter.images.staging import Staging, staging_at
from kfp_jupyter.kubernetes.connection import Connection, Timeouts
from kfp_jupyter.kubernetes.errors import ClusterConfigError
from kfp_jupyter.kubernetes.objects import CoreObjects
from kfp_jupyter.kubernetes.rbac import Requirements
from kfp_jupyter.kubernetes.sources import own_namespace

if TYPE_CHECKING:
    from kubernetes.client import Configuration

SERVICE_ACCOUNT = "kubeflow-pipelines-container-builder"
"""What Kubeflow Pipelines on Google Cloud sets up for builds."""

TIMEOUTS = Timeouts(connect=20.0, answer=20.0)

REQUIREMENTS = Requirements(
    verbs={"pods": "create,get,delete", "pods/log": "get", "secrets": "create,get,delete", "events": "list"}
)
"""The verbs that a build needs of each resource, as in KFP v1: pods can't be watched with them."""


class ContainerBuilder:
    """Builds with a kaniko pod in the cluster, which pushes what it built.

    Args:
        gcs_staging: Where the build context is put for kaniko: ``gs://bucket/path`` as in KFP v1, ``s3://bucket/path``,
            or a `Staging`. Unless given it is a secret of the namespace, which holds up to 1 MiB and needs no bucket.
        default_image_name: Where images go unless the build says so. On Google Cloud it can be left out.
        namespace: Where the pod runs; the notebook's own unless given, and outside of a cluster ``kubeflow``.
        service_account: What the pod runs as. In a profile of a full Kubeflow that is often ``default-editor``.
        kaniko_executor_image: Kaniko's image; one that can read the context unless given.
        k8s_client_configuration: How to reach the Kubernetes API.
        registry_secret: A secret of type ``kubernetes.io/dockerconfigjson`` to push with, where the service account
            isn't enough.
        show: Takes the progress and the pod's log, line by line.
    """

    def __init__(
        self,
        gcs_staging: str | Staging | None = None,
        default_image_name: str | None = None,
        namespace: str | None = None,
        service_account: str = SERVICE_ACCOUNT,
        kaniko_executor_image: str | None = None,
        k8s_client_configuration: Configuration | None = None,
        *,
        registry_secret: str | None = None,
        show: Callable[[str], None] = write_line,
    ) -> None:
        self._staging = staging_at(gcs_staging)
        self._default_image_name = default_image_name
        self._namespace = namespace
        self._service_account = service_account
        self._executor = kaniko_executor_image or self._staging.executor
        self._configuration = k8s_client_configuration
        self._registry_secret = registry_secret
        self._show = show

    def build(
        self,
        local_dir: str | os.PathLike[str],
        docker_filename: str = "Dockerfile",
        target_image: str | None = None,
        timeout: float = 1000,
    ) -> str:
        """Build and push an image; see `Builder.build`.

        Raises:
            EngineError: The build failed, took too long or could not be started; the pod and the stored context are
                removed even so.
            UsageError: The image has no name, or there is no Dockerfile.
        """
        if not (Path(local_dir) / docker_filename).is_file():
            raise UsageError(f"There is no {docker_filename} in {os.fspath(local_dir)!r}.")
        image = target(target_image or self._default_image_name or google_image_name())
        objects = self._cluster()
        with tempfile.TemporaryDirectory() as directory:
            tarball = Path(directory) / "context.tar.gz"
            _pack(Path(local_dir), tarball)
            with self._staging.stored(tarball, objects, self._show) as context:
                pod = self._pod(context, docker_filename, image, objects.namespace)
                state = run_pod(objects, pod, CONTAINER, timeout=timeout, show=self._show)
        built = with_digest(image, state.termination_message)
        self._show(f"Built and pushed {built}.")
        return built

    def _cluster(self) -> CoreObjects:
        connection = Connection(
            # As in KFP v1.
            namespace=self._namespace or own_namespace() or "kubeflow",
            timeouts=TIMEOUTS,
            requirements=REQUIREMENTS,
            configuration=self._configuration,
        )
        try:
            # So a missing kubeconfig ends the build before the context is packed.
            _ = connection.host
        except ClusterConfigError as error:
            local = 'Or build on this machine with docker or podman: builder="local".'
            raise ClusterConfigError(error.message, remedy=f"{error.remedy} {local}".strip()) from None
        return CoreObjects(connection)

    def _pod(self, context: Context, dockerfile: str, image: str, namespace: str) -> dict[str, Any]:
        return kaniko_pod(
            context,
            dockerfile,
            image,
            namespace=namespace,
            service_account=self._service_account,
            executor=self._executor,
            registry_secret=self._registry_secret,
        )


def _pack(directory: Path, tarball: Path) -> None:
    try:
        with tarfile.open(tarball, "w:gz") as tar:
            for path in sorted(directory.iterdir()):
                tar.add(path, arcname=path.name, filter=_anonymous)
    except OSError as error:
        raise EngineError(f"The build context {os.fspath(directory)!r} can't be read: {error}.") from None


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Make files of an image belong to root, not to the user who built it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
