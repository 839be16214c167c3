"""Which service a host names, and what is said when no port of a pod can be reached behind it."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.errors import ApiError, PortForwardError
from kfp_jupyter.kubernetes.objects import CoreObjects
from kfp_jupyter.kubernetes.services import Service, forwarded, parse_service, service_at

STORE = Service("minio", "kubeflow", 9000)
RUNNING: dict[str, Any] = {
    "metadata": {"name": "minio-0"},
    "spec": {"containers": [{"ports": [{"name": "api", "containerPort": 9001}]}]},
    "status": {"phase": "Running"},
}


class Known(CoreObjects):
    """A cluster of one service and its pods.

    Args:
        service: The service; None for none, an error for one that may not be read.
        pods: The pods behind it.
    """

    def __init__(self, service: dict[str, Any] | ApiError | None, *pods: dict[str, Any]) -> None:
        super().__init__(Connection(namespace="team"))
        self._service, self._pods = service, pods

    def service(self, name: str, namespace: str) -> dict[str, Any] | None:
        if isinstance(self._service, ApiError):
            raise self._service
        return self._service

    def pods(self, selector: str, namespace: str = "") -> list[dict[str, Any]]:
        assert (selector, namespace) == ("app=minio", "kubeflow")
        return list(self._pods)


def service(target: object = "api") -> dict[str, Any]:
    return {"spec": {"selector": {"app": "minio"}, "ports": [{"port": 9000, "targetPort": target}]}}


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("minio", Service("minio", "team", 80)),
        ("minio:9000", Service("minio", "team", 9000)),
        ("minio.kubeflow:9000", STORE),
        ("minio.kubeflow.svc.cluster.local.:9000", STORE),
        ("s3.eu.amazonaws.com", None),
        ("localhost:9000", None),
        ("10.0.0.1:9000", None),
        ("", None),
    ],
)
def test_a_host_and_port_may_mean_a_service(endpoint: str, expected: Service | None) -> None:
    assert parse_service(endpoint, "team") == expected


def test_a_name_of_two_words_is_a_service_only_if_there_is_one() -> None:
    assert service_at(Known(service()), "minio.kubeflow:9000") == STORE
    assert service_at(Known(None), "minio.kubeflow:9000") is None
    assert service_at(Known(None), "minio.kubeflow.svc:9000") == STORE
    assert service_at(Known(ApiError("no", status=403)), "minio.kubeflow:9000") is None


def test_inside_the_cluster_names_of_services_resolve_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")

    assert service_at(Known(service()), "minio.kubeflow.svc:9000") is None


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        (Known(None), "There is no service 'minio' in the namespace 'kubeflow'"),
        (Known(service()), "No pod of the service 'minio' in the namespace 'kubeflow' runs"),
        (Known(service(), {"status": {"phase": "Pending"}}), "No pod of the service 'minio' in the namespace"),
        (Known(service("metrics"), RUNNING), "The pod 'minio-0' has no port 'metrics'"),
    ],
    ids=["no service", "no pod", "none that runs", "no such port"],
)
def test_what_hinders_a_port_forward_is_told(objects: Known, words: str) -> None:
    with pytest.raises(PortForwardError, match=words), forwarded(objects, STORE):
        pass


@pytest.mark.parametrize(("target", "port"), [("api", 9001), (9002, 9002)])
def test_a_service_leads_to_the_port_that_its_pod_calls_so(
    target: object, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def refuse(_: Connection, *where: object) -> None:
        opened.append(where)
        raise PortForwardError("far enough")

    monkeypatch.setattr("kfp_jupyter.kubernetes.services.open_port_forward", refuse)
    with pytest.raises(PortForwardError, match="far enough"), forwarded(Known(service(target), RUNNING), STORE):
        pass
    assert opened == [("kubeflow", "minio-0", port)]
