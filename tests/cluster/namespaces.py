"""What a namespace must hold before workflows can run in it."""

from __future__ import annotations

import json
from typing import Any

from tests.cluster.places import BUCKET, S3_PASSWORD, S3_SERVICE, S3_USER

ACCOUNT = "pipeline-runner"
"""The service account of runs, as in Kubeflow Pipelines."""

S3_SECRET = "mlpipeline-minio-artifact"

RULES = [
    {"apiGroups": ["argoproj.io"], "resources": ["*"], "verbs": ["*"]},
    {
        "apiGroups": [""],
        "resources": ["configmaps", "persistentvolumeclaims", "pods", "pods/log", "secrets", "services"],
        "verbs": ["*"],
    },
    {"apiGroups": ["apps", "batch"], "resources": ["*"], "verbs": ["*"]},
]
"""What steps may do: report to Argo, and all that resource steps make."""


def artifact_repository() -> dict[str, Any]:
    """Return the repository that runs keep artifacts and logs in."""
    day = "{{workflow.creationTimestamp.Y}}/{{workflow.creationTimestamp.m}}/{{workflow.creationTimestamp.d}}"
    return {
        "archiveLogs": True,
        "s3": {
            "endpoint": S3_SERVICE,
            "insecure": True,
            "bucket": BUCKET,
            "keyFormat": f"artifacts/{{{{workflow.name}}}}/{day}/{{{{pod.name}}}}",
            "accessKeySecret": {"name": S3_SECRET, "key": "accesskey"},
            "secretKeySecret": {"name": S3_SECRET, "key": "secretkey"},
        },
    }


def objects_for_runs(namespace: str) -> list[dict[str, Any]]:
    """Return the objects that make a namespace fit for runs: rights, and a place for artifacts."""
    rbac = "rbac.authorization.k8s.io"
    role = {"apiVersion": f"{rbac}/v1", "metadata": _named(ACCOUNT, namespace)}
    repositories = _named("artifact-repositories", namespace)
    repositories["annotations"] = {"workflows.argoproj.io/default-artifact-repository": "default"}
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _named(ACCOUNT, namespace)},
        {**role, "kind": "Role", "rules": RULES},
        {
            **role,
            "kind": "RoleBinding",
            "roleRef": {"apiGroup": rbac, "kind": "Role", "name": ACCOUNT},
            "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": namespace}],
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": _named(S3_SECRET, namespace),
            "stringData": {"accesskey": S3_USER, "secretkey": S3_PASSWORD},
        },
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": repositories,
            "data": {"default": json.dumps(artifact_repository())},
        },
    ]


def _named(name: str, namespace: str) -> dict[str, Any]:
    return {"name": name, "namespace": namespace}
