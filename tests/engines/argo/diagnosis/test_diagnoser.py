"""How often the cluster is asked why steps wait or failed, and what for."""

from __future__ import annotations

import collections
from collections.abc import Collection, Mapping
from datetime import datetime, timezone
from typing import Any

import pytest

from kfp_jupyter.engines.argo.diagnosis.cluster_queries import ClusterQueries, Pods
from kfp_jupyter.engines.argo.diagnosis.diagnoser import Diagnoser
from kfp_jupyter.engines.argo.diagnosis.step_facts import Event
from kfp_jupyter.errors import EngineError
from kfp_jupyter.pacing import FIRST_REASON_PAUSE_SECONDS, LONGEST_REASON_PAUSE_SECONDS, REASON_GRACE_SECONDS
from kfp_jupyter.runs import NodeState, Phase, RunState, Trouble, parse_workflow

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
MOUNT = Event("FailedMount", 'MountVolume.SetUp failed for volume "v" : secret "s" not found', "2026-01-01T00:00:00Z")


class FakeAsking(ClusterQueries):
    """A cluster whose pods are all in one phase, empty for no pods, and which counts what it is asked."""

    def __init__(self, *events: Event, broken: bool = False, phase: str = "Pending", complete: bool = True) -> None:
        self.asked: collections.Counter[str] = collections.Counter()
        self.phase, self.complete = phase, complete
        self._events, self._broken = events, broken

    @property
    def namespace(self) -> str:
        return "team"

    def refused(self, resource: str) -> str:
        return ""

    def workflow(self, run: str) -> Mapping[str, Any]:
        self.asked["workflow"] += 1
        if self._broken:
            raise EngineError("It doesn't answer.")
        return {"spec": {"templates": [{"name": "step", "container": {"resources": {"limits": {"memory": "1Gi"}}}}]}}

    def pods(self, run: str, without: Collection[str]) -> Pods:
        self.asked["pods"] += 1
        there = range(2000) if self.phase and self.phase not in without else ()
        return Pods(
            {f"run-{n}": {"metadata": {"name": f"pod-{n}"}, "status": {"phase": self.phase}} for n in there},
            self.complete,
        )

    def events(self, pods: Collection[str]) -> dict[str, tuple[Event, ...]]:
        self.asked["events"] += 1
        return dict.fromkeys(pods, self._events)

    def nodes(self) -> tuple[Mapping[str, str], ...]:
        self.asked["nodes"] += 1
        return ()


class Clock:
    """Stands still until a test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def state(*messages: str, phase: str = "Pending", run: str = "Running") -> RunState:
    nodes = {
        f"run-{n}": {
            "id": f"run-{n}",
            "name": f"run.step-{n}",
            "type": "Pod",
            "templateName": "step",
            "phase": phase,
            "message": message,
        }
        for n, message in enumerate(messages)
    }
    return parse_workflow({"metadata": {"name": "run"}, "status": {"phase": run, "nodes": nodes}})


def first(found: RunState) -> NodeState:
    return found.nodes["run-0"]


def looks(asking: ClusterQueries) -> tuple[Diagnoser, Clock]:
    clock = Clock()
    return Diagnoser(asking, "run", clock), clock


def test_what_a_message_explains_is_told_without_asking() -> None:
    asking = FakeAsking()
    found, _ = looks(asking)
    seen = state('CreateContainerConfigError: secret "s" not found')
    found.take(seen)
    assert first(found.attached(seen)).reason.startswith("The step needs the secret 's'")
    assert found.due(seen) is None
    assert not asking.asked


def test_a_step_that_has_just_begun_to_wait_is_left_alone() -> None:
    found, clock = looks(FakeAsking())
    seen = state("PodInitializing")
    found.take(seen)
    assert found.due(seen) == REASON_GRACE_SECONDS
    clock.now += REASON_GRACE_SECONDS
    assert found.due(seen) == 0.0


def test_a_look_tells_what_the_pods_events_say() -> None:
    found, _ = looks(FakeAsking(MOUNT))
    seen = state("PodInitializing")
    found.take(seen)
    assert found.look(seen)
    assert first(found.attached(seen)).reason.startswith("The step needs the secret 's'")
    assert found.due(seen) is None


def test_a_step_that_goes_on_waiting_is_looked_at_ever_more_rarely() -> None:
    found, clock = looks(FakeAsking())
    seen = state("PodInitializing")
    found.take(seen)
    pauses = []
    for _ in range(10):
        clock.now += found.due(seen) or 0.0
        found.look(seen)
        pauses.append(found.due(seen))
    assert pauses[0] is not None
    assert pauses[0] >= FIRST_REASON_PAUSE_SECONDS
    assert pauses == sorted(pauses, key=lambda pause: pause or 0.0)
    assert pauses[-1] == LONGEST_REASON_PAUSE_SECONDS


def test_a_thousand_steps_cost_a_handful_of_requests() -> None:
    asking = FakeAsking(MOUNT)
    found, _ = looks(asking)
    seen = state(*["PodInitializing"] * 1000)
    found.take(seen)
    found.look(seen)
    assert asking.asked.total() == 3


def test_a_failure_is_looked_at_once() -> None:
    asking = FakeAsking()
    found, clock = looks(asking)
    seen = state("main: Error (exit code 137)", phase="Failed")
    found.take(seen)
    assert found.due(seen) == 0.0
    found.look(seen)
    clock.now += 100
    assert found.due(seen) is None


def test_the_limit_of_a_step_that_used_it_up_is_taken_from_its_template() -> None:
    asking = FakeAsking()
    found, _ = looks(asking)
    seen = state("main: OOMKilled (exit code 137)", phase="Failed", run="Failed")
    found.take(seen)
    found.look(seen)
    assert "limit of 1Gi" in first(found.attached(seen)).reason
    assert asking.asked == {"workflow": 1}


def test_a_reason_goes_with_the_message_that_it_explained() -> None:
    found, _ = looks(FakeAsking(MOUNT))
    found.take(state("PodInitializing"))
    found.look(state("PodInitializing"))
    running = state("", phase="Running")
    found.take(running)
    assert first(found.attached(running)).reason == ""


def test_a_look_that_ends_when_the_step_has_gone_on_changes_nothing() -> None:
    found, _ = looks(FakeAsking(MOUNT))
    old, new = state("PodInitializing"), state("main: Error (exit code 139)", phase="Failed")
    found.take(old)

    class Late(FakeAsking):
        def pods(self, run: str, without: Collection[str]) -> Pods:
            found.take(new)
            return super().pods(run, without)

    found._asking = Late(MOUNT)
    found.look(old)
    assert first(found.attached(new)).reason.startswith("The step's program crashed")


def test_a_cluster_that_does_not_answer_leaves_what_was_known() -> None:
    found, clock = looks(FakeAsking(broken=True))
    seen = state("Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.")
    found.take(seen)
    assert not found.look(seen)
    assert first(found.attached(seen)).reason.startswith("No node can run the step")
    clock.now += LONGEST_REASON_PAUSE_SECONDS
    assert found.due(seen) == 0.0


def test_while_the_run_cannot_be_followed_nobody_looks() -> None:
    found, clock = looks(FakeAsking())
    seen = state("PodInitializing")
    found.take(seen)
    clock.now += REASON_GRACE_SECONDS
    lost = RunState("run", "run", Phase.RUNNING, nodes=seen.nodes, trouble=Trouble(since=NOW, text="no network"))
    assert found.due(lost) is None


def test_a_finished_run_is_not_asked_about_steps_that_waited() -> None:
    found, clock = looks(FakeAsking())
    seen = state("PodInitializing", run="Failed")
    found.take(seen)
    clock.now += 100
    assert found.due(seen) is None


CONTROLLER = "%kfp doctor checks whether the controller is running."


@pytest.mark.parametrize("message", ["", "PodInitializing"])
@pytest.mark.parametrize(
    ("phase", "complete", "told"),
    [
        ("Pending", True, ""),
        ("Running", True, f"The step's pod is running, but Argo's controller hasn't recorded that yet. {CONTROLLER}"),
        (
            "Succeeded",
            False,
            f"The step's pod has ended, but Argo's controller hasn't recorded that yet. {CONTROLLER}",
        ),
        ("", True, f"The step has no pod yet; Argo's controller hasn't created it. {CONTROLLER}"),
        ("", False, ""),
    ],
)
def test_a_step_whose_pod_is_not_to_be_seen_says_only_what_is_known(
    message: str, phase: str, complete: bool, told: str
) -> None:
    asking = FakeAsking(phase=phase, complete=complete)
    found, clock = looks(asking)
    seen = state(message)
    found.take(seen)
    found.look(seen)
    assert first(found.attached(seen)).reason == ""
    clock.now += 11
    found.look(seen)
    # There was a pod once, where Argo has said that it is being prepared.
    assert first(found.attached(seen)).reason == ("" if message and "no pod" in told else told)
