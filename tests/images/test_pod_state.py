"""What a pod's status is read to say, where no build of the other tests gets to."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.images.pod_state import pod_state


def pod(**status: Any) -> dict[str, Any]:
    return {"status": status}


def test_an_eviction_is_told_in_the_nodes_words() -> None:
    state = pod_state(pod(phase="Failed", reason="Evicted", message="The node was low on resource: memory."), "kaniko")

    assert state.ended
    assert state.explanation == "Evicted: The node was low on resource: memory."


def test_a_lack_of_memory_is_told_with_the_exit_code() -> None:
    terminated = {"reason": "OOMKilled", "exitCode": 137}
    containers = [{"name": "kaniko", "state": {"terminated": terminated}}]
    state = pod_state(pod(phase="Failed", containerStatuses=containers), "kaniko")

    assert (state.explanation, state.exit_code) == ("OOMKilled", 137)


def test_other_containers_of_the_pod_do_not_count() -> None:
    containers = [
        {"name": "proxy", "state": {"running": {}}},
        {"name": "kaniko", "state": {"waiting": {"reason": "X"}}},
    ]
    state = pod_state(pod(phase="Running", containerStatuses=containers), "kaniko")

    assert not state.started
    assert state.reason == "X"


def test_a_pod_that_nobody_has_looked_at_yet_is_pending() -> None:
    state = pod_state({}, "kaniko")

    assert (state.phase, state.started, state.ended, state.explanation) == ("Pending", False, False, "")
