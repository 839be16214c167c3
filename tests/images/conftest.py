"""A build context, a Kubernetes API that answers at once, and what a build showed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.images import ContainerBuilder, pod_run
from tests.images.kubernetes_api import KubernetesApi, served

IMAGE = "registry.example:5000/team/model:1"


class Build:
    """A builder in the cluster, and the words tests say to it."""

    def __init__(self, api: KubernetesApi, context: Path) -> None:
        self.api = api
        self.context = context
        self.shown: list[str] = []

    def __call__(self, timeout: float = 60, **settings: Any) -> str:
        """Build."""
        builder = ContainerBuilder(
            namespace="team",
            k8s_client_configuration=self.api.configuration(),
            **{"show": self.shown.append, **settings},
        )
        return builder.build(self.context, target_image=IMAGE, timeout=timeout)


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A directory with a Dockerfile and a file beside it."""
    directory = tmp_path / "context"
    (directory / "data").mkdir(parents=True)
    (directory / "Dockerfile").write_text("FROM scratch\nCOPY data/table.csv /table.csv\n")
    (directory / "data" / "table.csv").write_text("a,b\n1,2\n")
    return directory


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[KubernetesApi]:
    """A Kubernetes API whose pods hurry."""
    monkeypatch.setattr(pod_run, "POLL_SECONDS", 0.01)
    with served() as api:
        yield api


@pytest.fixture
def build(api: KubernetesApi, context: Path) -> Build:
    """Builds the context with a pod."""
    return Build(api, context)
