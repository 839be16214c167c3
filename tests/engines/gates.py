"""Steps that fail until a test lets them pass, for each place where runs happen."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Protocol

import kubernetes

from tests.cluster.running import Cluster
from tests.engines.workflows import Template, python_step


class Gate(Protocol):
    """Makes steps that fail until it is opened."""

    def step(self, name: str) -> Template:
        """Return a template that fails while the gate is shut."""

    def open(self) -> None:
        """Let steps pass."""


class FileGate:
    """For steps on this machine.

    Args:
        flag: A file that isn't there yet.
    """

    def __init__(self, flag: Path) -> None:
        self._flag = flag

    def step(self, name: str) -> Template:
        """Return a template that fails while the file isn't there."""
        return python_step(name, f"import os, sys; sys.exit(not os.path.exists({str(self._flag)!r}))")

    def open(self) -> None:
        """Make the file."""
        self._flag.touch()


class ConfigMapGate:
    """For steps in a cluster.

    Args:
        cluster: The cluster.
        namespace: Where its runs are; the ConfigMap goes with it.
    """

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._cluster, self._namespace = cluster, namespace
        self._name = f"gate-{uuid.uuid4().hex[:8]}"
        self._set("1")

    def step(self, name: str) -> Template:
        """Return a template that ends with the code which the ConfigMap holds, and says ``attempt``."""
        step = python_step(name, "import os, sys; print('attempt', flush=True); sys.exit(int(os.environ['CODE']))")
        reference = {"configMapKeyRef": {"name": self._name, "key": "code"}}
        step["container"]["env"] = [{"name": "CODE", "valueFrom": reference}]
        return step

    def open(self) -> None:
        """Let steps pass."""
        self._set("0")

    def _set(self, code: str) -> None:
        body = {"metadata": {"name": self._name}, "data": {"code": code}}
        with self._cluster.client() as client:
            core = kubernetes.client.CoreV1Api(client)
            if code == "1":
                core.create_namespaced_config_map(self._namespace, body)
            else:
                core.patch_namespaced_config_map(self._name, self._namespace, body)
