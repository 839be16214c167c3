"""Where an artifact is, by what a Workflow object says of it."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.engines.argo.artifacts.read_artifact import place_of, unpack
from kfp_jupyter.engines.argo.artifacts.s3 import StoreUnreadableError, read_object
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.errors import ApiError


@pytest.mark.parametrize(
    ("store", "fields", "said"),
    [
        ("gcs", {"bucket": "b", "key": "k/x.tgz"}, "is in Google Cloud Storage, .*It is at gs://b/k/x.tgz"),
        ("azure", {"endpoint": "https://a.net", "container": "c", "blob": "x"}, "Azure.*at https://a.net/c/x"),
        ("oss", {"bucket": "b", "key": "x"}, "Alibaba.*oss://b/x"),
        ("hdfs", {"path": "/x"}, "HDFS.*at /x"),
        ("http", {"url": "https://w/x"}, "a web server.*at https://w/x"),
        ("artifactory", {"url": "https://a/x"}, "Artifactory.*at https://a/x"),
        ("git", {"repo": "https://g/x"}, "Git.*at https://g/x"),
        ("plugin", {"key": "x"}, "a plugin's store.*at x"),
        ("gcs", {"key": "x"}, "at gs://…/x"),
    ],
)
def test_a_store_of_another_kind_is_named_with_the_place(store: str, fields: dict[str, str], said: str) -> None:
    with pytest.raises(EngineError, match=said):
        place_of("x", {"name": "x", store: fields}, {})


def test_what_the_artifact_leaves_out_the_repository_says() -> None:
    repository = {"gcs": {"bucket": "ours"}}
    with pytest.raises(EngineError, match="gs://ours/x"):
        place_of("x", {"name": "x", "gcs": {"key": "x"}}, repository)


def test_what_the_artifact_says_itself_counts() -> None:
    repository = {"s3": {"endpoint": "there:1", "bucket": "theirs", "insecure": True, "keyFormat": "{{pod.name}}"}}
    place = place_of("x", {"s3": {"key": "k", "bucket": "mine"}}, repository)
    assert (place.endpoint, str(place), place.secure, place.user) == ("there:1", "s3://mine/k", False, None)


@pytest.mark.parametrize("endpoint", ["a b:9000", "[::1", "http://", "http://[::1"])
def test_an_endpoint_that_is_no_address_is_told(endpoint: str) -> None:
    place = place_of("x", {"s3": {"endpoint": "e", "bucket": "b", "key": "k"}}, {})
    with pytest.raises(EngineError) as caught:
        read_object(Objects(connect()), "x", place, endpoint, 10)
    assert str(caught.value).startswith("The artifact 'x' can't be read: its store at ")
    assert endpoint in str(caught.value)


def test_a_proxy_of_an_unknown_kind_before_a_store_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks4://alice:marked-pw@h:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    place = place_of("x", {"s3": {"endpoint": "e", "bucket": "b", "key": "k"}}, {})
    with pytest.raises(EngineError) as caught:
        read_object(Objects(connect()), "x", place, "store.invalid", 10)
    assert "store at https://store.invalid doesn't answer (Only http, https and socks5 proxies" in str(caught.value)
    assert "marked" not in str(caught.value)


@pytest.mark.parametrize("fields", [{}, {"key": "k"}, {"bucket": "b", "key": "k"}])
def test_a_place_that_nothing_tells_is_told(fields: dict[str, Any]) -> None:
    with pytest.raises(
        EngineError,
        match=r"doesn't record which store holds its artifact 'x': there is no endpoint.*artifact-repositories",
    ):
        place_of("x", {"s3": fields}, {})


def test_an_artifact_without_any_store_is_told() -> None:
    with pytest.raises(EngineError, match="'x' has no location in a store"):
        place_of("x", {"name": "x"}, {})


@pytest.mark.parametrize(("data", "archive"), [(b"PK", {"zip": {}}), (b"\x1f\x8bno", {}), (b"\x1f\x8b", {"tar": {}})])
def test_what_is_packed_badly_is_told(data: bytes, archive: dict[str, Any]) -> None:
    with pytest.raises(EngineError, match="'x' has a format that can't be read"):
        unpack("x", data, archive)


class Unreachable(Objects):
    """A cluster with a store to which no port leads.

    Args:
        error: What a question for the store's service ends with; None where the service isn't there.
    """

    def __init__(self, error: ApiError | None) -> None:
        super().__init__(connect(namespace="team"))
        self._error = error
        self._asked = 0

    def service(self, name: str, namespace: str) -> dict[str, Any] | None:
        self._asked += 1
        if self._error is not None and self._asked > 1:
            raise self._error
        return None

    def secret(self, name: str) -> dict[str, str]:
        return {"k": ""}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            None,
            r"can't be read: its store can't be reached\. There is no service 'minio' .* set s3_endpoint=…",
        ),
        (
            ApiError("The account 'u' may not get services.", status=403, remedy="An administrator can."),
            r"can't be reached\. The account 'u' may not get services\. An administrator can",
        ),
    ],
    ids=["no service", "no right"],
)
def test_a_store_in_the_cluster_that_cannot_be_reached_may_be_read_elsewhere(
    error: ApiError | None, words: str
) -> None:
    fields = {"endpoint": "minio.kubeflow.svc", "bucket": "b", "key": "k"}
    place = place_of("x", {"s3": fields}, {})
    with pytest.raises(StoreUnreadableError, match=words):
        read_object(Unreachable(error), "x", place, "", 10)
