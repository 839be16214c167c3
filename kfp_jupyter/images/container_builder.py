"""Builds in the cluster, with kaniko. The public name is KFP v1's ``kfp.containers.ContainerBuilder``."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.images.cluster import Cluster, default_namespace
from kfp_jupyter.images.google import google_image_name
from kfp_jupyter.images.kaniko import CONTAINER, Context, kaniko_pod
from kfp_jupyter.images.local_builder import write_line
from kfp_jupyter.images.pod_run import run_pod
from kfp_jupyter.images.reference import target, with_digest
from kfp_jupyter.images.staging import Staging, staging_at

if TYPE_CHECKING:
    from kubernetes.client import Configuration

SERVICE_ACCOUNT = "kubeflow-pipelines-container-builder"
"""What Kubeflow Pipelines on Google Cloud sets up for builds."""


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
        """Build and push an image, as `Builder.build` says.

        Raises:
            EngineError: The build failed, took too long or could not be started; the pod and the stored context are
                removed all the same.
            UsageError: Nobody said where the image goes, or there is no Dockerfile.
        """
        if not (Path(local_dir) / docker_filename).is_file():
            raise UsageError(f"There is no {docker_filename} in {os.fspath(local_dir)!r}.")
        image = target(target_image or self._default_image_name or google_image_name())
        cluster = Cluster(self._namespace or default_namespace(), self._configuration)
        with tempfile.TemporaryDirectory() as directory:
            tarball = Path(directory) / "context.tar.gz"
            _pack(Path(local_dir), tarball)
            with self._staging.stored(tarball, cluster, self._show) as context:
                pod = self._pod(context, docker_filename, image, cluster.namespace)
                state = run_pod(cluster, pod, CONTAINER, timeout=timeout, show=self._show)
        built = with_digest(image, state.last_words)
        self._show(f"Built and pushed {built}.")
        return built

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
    """Files of an image belong to root, not to whoever built it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
