"""A build in the cluster, from the pod's beginning to its end."""

from __future__ import annotations

import re

import pytest

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.images import ContainerBuilder, pod_run
from tests.images.conftest import Build
from tests.images.kubernetes_api import ANSWERS, KubernetesApi

DIGEST = "sha256:" + "a" * 64


def test_the_image_is_named_by_the_digest_that_the_pod_leaves(build: Build) -> None:
    assert build() == f"registry.example:5000/team/model@{DIGEST}"


def test_a_build_creates_follows_and_deletes_a_pod(build: Build) -> None:
    build()

    assert build.api.requests == [
        "create secrets",
        "create pods",
        "get pods",
        "get pods/log",
        "delete pods",
        "delete secrets",
    ]


def test_the_log_is_shown_once_however_often_it_is_read(build: Build) -> None:
    build()

    log = ANSWERS["pods"]["built"]["log"].splitlines()
    assert [line for line in build.shown if line in log] == log


def test_a_failed_build_says_how_the_pod_ended_and_its_last_line(build: Build) -> None:
    build.api.pod = "failed"

    with pytest.raises(EngineError, match=r"failed with exit code 3 \(Error\): error building image: no space left\.$"):
        build()
    assert build.api.requests[-2:] == ["delete pods", "delete secrets"]
    assert build.api.secrets == {}


def test_an_image_without_the_program_is_told_in_the_words_of_the_container_runtime(build: Build) -> None:
    build.api.pod = "no program"

    with pytest.raises(
        EngineError, match=r"exit code 128 \(StartError: failed to create containerd task.*--cache=true"
    ):
        build()


def test_a_name_that_is_no_image_ends_the_build_at_once(build: Build) -> None:
    build.api.pod = "bad image"

    with pytest.raises(EngineError, match=r"can't start\. InvalidImageName: Failed to apply default image tag"):
        build()


def test_an_image_that_stays_out_of_reach_ends_the_build_after_a_while(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pod_run, "STUCK_SECONDS", 0.2)
    build.api.pod = "no image"

    with pytest.raises(EngineError, match=r"can't start\. ImagePullBackOff: Back-off pulling image"):
        build()
    waits = [line.partition(" is waiting. ")[2].partition(":")[0] for line in build.shown if " is waiting. " in line]
    assert waits == ["ContainerCreating", "ErrImagePull", "ImagePullBackOff"]


def test_a_pod_without_room_says_so_while_it_waits_and_when_time_is_up(build: Build) -> None:
    build.api.pod = "no room"

    with pytest.raises(EngineError, match=r"took too long: it had not started \(Unschedulable: .*Insufficient memory"):
        build(timeout=0.2)
    assert any("is waiting. Unschedulable: 0/1 nodes are available" in line for line in build.shown)
    assert build.api.requests[-2:] == ["delete pods", "delete secrets"]


def test_a_build_that_takes_too_long_is_given_up_and_removed(build: Build) -> None:
    build.api.stay = True

    with pytest.raises(EngineError, match=r"took too long: it was running.*timeout=…"):
        build(timeout=0.3)
    assert build.api.requests[-2:] == ["delete pods", "delete secrets"]


def test_a_pod_deleted_by_someone_else_is_told(build: Build) -> None:
    build.api.refusals["get pods"] = build.api.refusals["delete pods"] = "no such pod"

    with pytest.raises(EngineError, match="was deleted before it ended"):
        build()


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ("create pods", "may not create pods"),
        ("get pods", "may not get pods"),
        ("get pods/log", "may not read logs"),
        ("create secrets", "may not create secrets"),
    ],
)
def test_a_missing_permission_is_told_by_verb_and_resource(build: Build, what: str, refusal: str) -> None:
    build.api.refusals[what] = refusal
    verb, resource = what.split()

    with pytest.raises(EngineError) as caught:
        build()

    assert f"The account 'system:serviceaccount:team:default' may not {verb} {resource}" in str(caught.value)
    assert "in the namespace 'team'" in str(caught.value)
    assert re.search(rf"--verb=\S*\b{verb}\b\S* --resource={resource} -n team", caught.value.remedy)
    assert "--serviceaccount=team:default" in caught.value.remedy
    # It is no matter of trying again.
    assert [asked for asked, _ in build.api.asked].count(what) == 1


def test_a_pod_that_can_not_be_deleted_does_not_spoil_the_build(build: Build) -> None:
    build.api.refusals["delete pods"] = "may not delete pods"

    assert build().endswith(DIGEST)
    assert any("could not be deleted" in line and "delete pods" in line for line in build.shown)


def test_an_unknown_service_account_is_told_with_the_way_to_name_another(build: Build) -> None:
    build.api.refusals["create pods"] = "no service account"

    with pytest.raises(EngineError, match=r'serviceaccount "nobody" not found.*service_account= to'):
        build()


def test_an_unknown_namespace_is_told(build: Build) -> None:
    build.api.refusals["create pods"] = "no such namespace"

    with pytest.raises(EngineError, match=r'could not create pods .*namespaces "absent" not found'):
        build()


def test_a_cluster_that_does_not_answer_is_named(build: Build) -> None:
    build.api.url = "http://127.0.0.1:9"

    with pytest.raises(EngineError, match=r"The Kubernetes API at http://127.0.0.1:9 doesn't answer") as caught:
        build()
    # Options of an engine are none of a builder.
    assert caught.value.remedy == "Check the network, or choose another context of the kubeconfig."


def test_a_cluster_that_is_silent_for_a_moment_does_not_end_the_build(build: Build) -> None:
    build.api.refusals["get pods"] = "busy"

    def when_told(line: str) -> None:
        build.shown.append(line)
        if "etcd" in line:
            build.api.refusals.clear()

    assert build(show=when_told).endswith(DIGEST)


def test_a_cluster_that_is_silent_for_long_ends_it(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pod_run, "STUCK_SECONDS", 0.1)
    build.api.refusals["get pods"] = "busy"

    with pytest.raises(EngineError, match=r"could not get pods 'kaniko-.*etcdserver: request timed out"):
        build()


def test_without_any_cluster_the_remedy_is_a_kubeconfig_or_a_local_build(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(build.context / "absent"))

    with pytest.raises(EngineError, match=r'No Kubernetes cluster is known here.*KUBECONFIG.*builder="local"'):
        ContainerBuilder(namespace="team").build(build.context, target_image="a/b")


def test_a_context_without_a_dockerfile_is_refused_before_anything_is_started(build: Build) -> None:
    (build.context / "Dockerfile").unlink()

    with pytest.raises(UsageError, match="There is no Dockerfile in"):
        build()
    assert build.api.requests == []


def test_a_build_for_an_unnamed_image_is_refused(
    build: Build, api: KubernetesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kfp_jupyter.images.google.METADATA", api.url.replace("http", "nowhere"))

    with pytest.raises(UsageError, match="The image has no name"):
        ContainerBuilder(k8s_client_configuration=api.configuration()).build(build.context)
