"""A running cluster: how tests reach it."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import kubernetes
import yaml

from kfp_jupyter.object_store import Account, S3Store
from tests.cluster.namespaces import objects_for_runs
from tests.cluster.places import S3_PASSWORD, S3_USER
from tests.cluster.relay import Relay
from tests.cluster.shell import ClusterError

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

SECONDS = 60
"""More than the API needs for anything."""


@dataclasses.dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Args:
        kubeconfig: The administrator's kubeconfig.
        s3: MinIO's address for this machine; empty if it isn't known.
        kfp: Kubeflow Pipelines' address for this machine; empty if it isn't known.
        ours: Whether it is the one of `tests.cluster`, whose programs can be stopped.
        argo: The Argo Server's address for this machine; empty if it isn't known.
    """

    kubeconfig: Path
    s3: str
    kfp: str
    ours: bool
    argo: str = ""

    def client(self) -> ApiClient:
        """Return a new client of the API."""
        return kubernetes.config.new_client_from_config(str(self.kubeconfig))

    @contextlib.contextmanager
    def store(self) -> Iterator[S3Store]:
        """Open MinIO."""
        opened = S3Store(self.s3, "The test cluster", account=Account(S3_USER, S3_PASSWORD))
        with contextlib.closing(opened):
            yield opened

    @contextlib.contextmanager
    def new_namespace(self, name: str = "") -> Iterator[str]:
        """Make a namespace that runs can use; delete it with all in it afterwards.

        Args:
            name: What its name is to begin with, beside ``test``.
        """
        namespace = "-".join(filter(None, ("test", name, uuid.uuid4().hex[:8])))
        with self.client() as client:
            core = kubernetes.client.CoreV1Api(client)
            core.create_namespace({"metadata": {"name": namespace}})
            try:
                kubernetes.utils.create_from_yaml(client, yaml_objects=objects_for_runs(namespace))
                _wait_for_default_account(core, namespace)
                yield namespace
            finally:
                # Kubernetes goes on with it by itself.
                core.delete_namespace(namespace, grace_period_seconds=0)

    @contextlib.contextmanager
    def relay(self, directory: Path) -> Iterator[tuple[Relay, Path]]:
        """Open a way to the API that can be disturbed.

        Args:
            directory: Where the kubeconfig is written that leads there.

        Yields:
            The relay, and the kubeconfig.
        """
        config = yaml.safe_load(self.kubeconfig.read_text())
        cluster = config["clusters"][0]["cluster"]
        address = urlsplit(cluster["server"])
        relay = Relay(address.hostname or "", address.port or 443)
        cluster["server"] = f"https://127.0.0.1:{relay.port}"
        cluster["tls-server-name"] = address.hostname
        path = directory / f"kubeconfig-{relay.port}"
        path.write_text(yaml.safe_dump(config))
        try:
            yield relay, path
        finally:
            relay.close()


def _wait_for_default_account(core: kubernetes.client.CoreV1Api, namespace: str) -> None:
    """Wait until pods are let in: that takes an account, which a controller makes."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if any(found.metadata.name == "default" for found in core.list_namespaced_service_account(namespace).items):
            return
        time.sleep(0.05)
    raise ClusterError(f"Kubernetes made no default service account in {namespace}.")
