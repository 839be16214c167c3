"""The cluster's own way to the Kubernetes API."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from tests.cluster.places import KUBECTL_CACHE, NAMESPACE, PROGRAMS, RUN, TLS
from tests.cluster.shell import run

CERTIFICATE = TLS / "apiserver.crt"
OWN = RUN / "kubeconfig-own"
"""The administrator's, inside."""


def write_kubeconfig(path: Path, token: str, server: str) -> Path:
    """Write a kubeconfig.

    Args:
        path: Where to.
        token: Who one is.
        server: The API's address.
    """
    authority = base64.b64encode(CERTIFICATE.read_bytes()).decode()
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": {"server": server, "certificate-authority-data": authority}}],
        "users": [{"name": "test", "user": {"token": token}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test", "namespace": NAMESPACE}}],
        "current-context": "test",
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(content))
    return path


def kubectl(*words: str | Path, stdin: str | None = None) -> str:
    """Run kubectl as the administrator."""
    return run(PROGRAMS / "kubectl", f"--kubeconfig={OWN}", f"--cache-dir={KUBECTL_CACHE}", *words, stdin=stdin)


def apply(*objects: dict[str, Any]) -> None:
    """Create objects, or change them."""
    together = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    kubectl("apply", "--server-side", "-f", "-", stdin=json.dumps(together))


def service(name: str, port: int, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a service of what is no pod, as a Kubeflow installation would have it."""
    metadata = {"name": name, "namespace": NAMESPACE}
    ports = [{"name": "http", "port": port}]
    return (
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": ports}},
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "addressType": "IPv4",
            "metadata": {**metadata, "labels": {"kubernetes.io/service-name": name}},
            "ports": ports,
            "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
        },
    )
