"""What a pod's status says of one of its containers."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.kubernetes.pods import ContainerState, container_state

UNSCHEDULED = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no"}


def pod(**status: Any) -> dict[str, Any]:
    return {"status": status}


def containers(**states: Any) -> dict[str, Any]:
    return pod(containerStatuses=[{"name": name, "state": state} for name, state in states.items()])


@pytest.mark.parametrize(
    ("status", "started", "ended", "explanation"),
    [
        (pod(), False, False, ""),
        (pod(conditions=[UNSCHEDULED]), False, False, "Unschedulable: no"),
        (containers(main={"waiting": {"reason": "ErrImagePull"}}), False, False, "ErrImagePull"),
        (containers(wait={}, main={"running": {}}), True, False, ""),
        (containers(main={"terminated": {"exitCode": 1}}), True, True, ""),
        (pod(phase="Failed", reason="Evicted"), False, True, "Evicted"),
    ],
    ids=["new", "unschedulable", "no image", "running", "ended", "evicted"],
)
def test_a_pod_says_what_its_container_does(
    status: dict[str, Any], started: bool, ended: bool, explanation: str
) -> None:
    state = container_state(status, "main")

    assert (state.started, state.ended, state.explanation) == (started, ended, explanation)


def test_an_eviction_is_told_in_the_nodes_words() -> None:
    evicted = pod(phase="Failed", reason="Evicted", message="The node was low on resource: memory.")
    state = container_state(evicted, "kaniko")

    assert state.pod_ended
    assert state.explanation == "Evicted: The node was low on resource: memory."


def test_a_lack_of_memory_is_told_with_the_exit_code() -> None:
    state = container_state(containers(kaniko={"terminated": {"reason": "OOMKilled", "exitCode": 137}}), "kaniko")

    assert (state.explanation, state.exit_code) == ("OOMKilled", 137)


def test_other_containers_of_the_pod_do_not_count() -> None:
    state = container_state(containers(proxy={"running": {}}, kaniko={"waiting": {"reason": "X"}}), "kaniko")

    assert not state.started
    assert state.reason == "X"


def test_init_containers_count_too() -> None:
    status = pod(initContainerStatuses=[{"name": "prep", "state": {"terminated": {"exitCode": 9}}}])

    assert container_state(status, "prep").exit_code == 9
    assert container_state(status, "main").exit_code is None


def test_a_container_that_ended_leaves_its_last_words() -> None:
    state = container_state(containers(kaniko={"terminated": {"exitCode": 0, "message": "sha256:1\n"}}), "kaniko")

    assert state.termination_message == "sha256:1"


@pytest.mark.parametrize("status", [{}, {"status": None}, {"status": {"containerStatuses": None}}])
def test_a_pod_that_no_node_has_taken_is_pending(status: dict[str, Any]) -> None:
    assert container_state(status, "main") == ContainerState(phase="Pending")
