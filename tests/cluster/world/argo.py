"""Argo's controller for workflows of all namespaces, its server and archive, and the default artifact repository."""

from __future__ import annotations

import json
from typing import Any

from tests.cluster.namespaces import artifact_repository, objects_for_runs
from tests.cluster.places import ARCHIVED, EXECUTOR_IMAGE, MANIFESTS, NAMESPACE, PROGRAMS
from tests.cluster.world import storage
from tests.cluster.world.control_plane import kubeconfig
from tests.cluster.world.kube import apply, kubectl
from tests.cluster.world.network import ARGO_PORT, listens
from tests.cluster.world.supervisor import Supervisor

# It looks again at a workflow after 10 s unless told otherwise, which tests would wait for at each step.
HURRY = {"DEFAULT_REQUEUE_TIME": "200ms", "LEADER_ELECTION_DISABLE": "true"}

EXECUTOR = {"imagePullPolicy": "IfNotPresent", "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}}}

DATABASE = "argo"
DATABASE_SECRET = "argo-database"

STORAGE_CLASS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    "provisioner": "kubernetes.io/host-path",
}


def start(supervisor: Supervisor) -> None:
    """Set Argo up, start its controller and its server."""
    kubectl("apply", "--server-side", "-f", MANIFESTS)
    storage.make_database(DATABASE)
    settings = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "workflow-controller-configmap", "namespace": NAMESPACE},
        "data": {
            "artifactRepository": json.dumps(artifact_repository()),
            "executor": json.dumps(EXECUTOR),
            "persistence": json.dumps(_persistence()),
        },
    }
    user = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": DATABASE_SECRET, "namespace": NAMESPACE},
        "stringData": {"user": "root", "password": ""},
    }
    apply(STORAGE_CLASS, settings, user, *objects_for_runs(NAMESPACE))
    own = (f"--kubeconfig={kubeconfig('own')}", f"--namespace={NAMESPACE}")
    supervisor.start(
        "workflow-controller",
        PROGRAMS / "workflow-controller",
        *(*own, f"--executor-image={EXECUTOR_IMAGE}"),
        env=HURRY,
    )
    # Who brings a token is that one, who brings none is the server itself. Its certificate is one that nobody knows.
    supervisor.start(
        "argo-server",
        PROGRAMS / "argo",
        *("server", *own, "--auth-mode=client", "--auth-mode=server", f"--port={ARGO_PORT}"),
        # Here it looks up where the API is, to go there with the token.
        env={"KUBECONFIG": str(kubeconfig("own"))},
    )
    supervisor.wait_for("the Argo Server", listens("127.0.0.1", ARGO_PORT))


def _persistence() -> dict[str, Any]:
    """Keep the nodes that are too many for an object, and the workflows that are meant to be kept.

    What is too large stays as Argo has it: a workflow of a thousand steps needs no server.
    """
    return {
        "nodeStatusOffLoad": True,
        "archive": True,
        "archiveLabelSelector": {"matchLabels": {ARCHIVED: "true"}},
        "mysql": {
            "host": "127.0.0.1",
            "port": storage.DATABASE_PORT,
            "database": DATABASE,
            "tableName": "argo_workflows",
            "userNameSecret": {"name": DATABASE_SECRET, "key": "user"},
            "passwordSecret": {"name": DATABASE_SECRET, "key": "password"},
        },
    }
