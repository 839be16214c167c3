"""Argo's controller for workflows of all namespaces, and the artifact repository of those that name none."""

from __future__ import annotations

import json

from tests.cluster.namespaces import artifact_repository, objects_for_runs
from tests.cluster.places import EXECUTOR_IMAGE, MANIFESTS, NAMESPACE, PROGRAMS
from tests.cluster.world.control_plane import kubeconfig
from tests.cluster.world.kube import apply, kubectl
from tests.cluster.world.supervisor import Supervisor

# It looks again at a workflow after 10 s unless told otherwise, which tests would wait for at each step.
HURRY = {"DEFAULT_REQUEUE_TIME": "200ms", "LEADER_ELECTION_DISABLE": "true"}

EXECUTOR = {"imagePullPolicy": "IfNotPresent", "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}}}

STORAGE_CLASS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    "provisioner": "kubernetes.io/host-path",
}


def start(supervisor: Supervisor) -> None:
    """Set Argo up and start its controller."""
    kubectl("apply", "--server-side", "-f", MANIFESTS)
    settings = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "workflow-controller-configmap", "namespace": NAMESPACE},
        "data": {"artifactRepository": json.dumps(artifact_repository()), "executor": json.dumps(EXECUTOR)},
    }
    apply(STORAGE_CLASS, settings, *objects_for_runs(NAMESPACE))
    supervisor.start(
        "workflow-controller",
        PROGRAMS / "workflow-controller",
        *(f"--kubeconfig={kubeconfig('own')}", f"--namespace={NAMESPACE}", f"--executor-image={EXECUTOR_IMAGE}"),
        env=HURRY,
    )
