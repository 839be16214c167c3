"""Where the cluster keeps what it has built and what it runs on, and the versions it is built of."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import platformdirs

KUBERNETES = "1.34.4"
ARGO = "3.7.4"
KFP = "v0.0.0-20231208180049-c5658f09ec38"
"""Kubeflow Pipelines 2.0.5, whose tags Go can't read as versions."""
MINIO = "v0.0.0-20260212201848-7aac2a2c5b7c"

ARCHIVED = "kfp-jupyter-test/archived"
"""Workflows with this label, ``true``, are kept in Argo's archive."""

PAUSE_IMAGE = "cluster.test/pause:1"
EXECUTOR_IMAGE = f"cluster.test/argoexec:v{ARGO}"

NAMESPACE = "kubeflow"
"""Where Argo, MinIO's secret and Kubeflow Pipelines are at home."""

S3_SERVICE = f"minio-service.{NAMESPACE}:9000"
"""MinIO as pods know it."""
BUCKET, S3_USER, S3_PASSWORD = "mlpipeline", "minio", "minio123"
"""As Kubeflow Pipelines' own manifests have them."""

HOME = Path(os.environ.get("KFP_JUPYTER_TEST_CLUSTER") or Path(platformdirs.user_cache_dir("kfp-jupyter"), "cluster"))
PROGRAMS = HOME / "programs"
IMAGES = HOME / "images"
MANIFESTS = HOME / "manifests"
MODULES = HOME / "modules"
RUN = HOME / "run"
"""The running cluster's files: logs, sockets, data."""

LOGS = RUN / "logs"
DATA = RUN / "data"
TLS = RUN / "tls"
CONTROL = RUN / "control.sock"
READY = RUN / "ready"
KUBECONFIG = RUN / "kubeconfig"
KUBECTL_CACHE = RUN / "kubectl-cache"
"""By itself kubectl takes a directory below $HOME, or, where that isn't set, below the current one."""

STATE = RUN / "state.json"

CONTROL_GROUP = f"kfp-jupyter-{zlib.crc32(bytes(HOME)):08x}"
"""Above those of all pods. A kubelet removes groups that it doesn't know: two of them must not share one."""

DOORS = ("api", "s3", "kfp", "argo")
"""The ways into the cluster."""


def door(name: str) -> Path:
    """Return the socket behind which the cluster has one of `DOORS`."""
    return RUN / f"{name}.sock"
