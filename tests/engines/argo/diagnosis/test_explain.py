"""What is made of what a cluster says: recorded from a real one, and after its sources where it can't be had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.diagnosis.explain import explain
from kfp_jupyter.engines.argo.diagnosis.step_facts import Event, StepFacts
from kfp_jupyter.engines.argo.diagnosis.waiting import run_waits
from kfp_jupyter.runs import Phase

RECORDED: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("recorded.json").read_text())
"""Node, template, pod and Events of a step on Kubernetes 1.34 with Argo 3.7, and the reason they are."""


def failed(message: str, exit_code: int | None = None, **more: Any) -> str:
    return str(explain(StepFacts(message, Phase.FAILED, "team", exit_code, **more)) or "")


def pending(message: str, **more: Any) -> str:
    return str(explain(StepFacts(message, Phase.PENDING, "team", **more)) or "")


def pod(state: str = "Failed", **status: Any) -> dict[str, Any]:
    return {"spec": {}, "status": {"phase": state, **status}}


@pytest.mark.parametrize("name", RECORDED)
def test_what_was_recorded_is_explained(name: str) -> None:
    seen = RECORDED[name]
    case = StepFacts(
        message=seen["message"],
        phase=Phase(seen["phase"]),
        namespace="team",
        exit_code=seen["exitCode"],
        seconds=5,
        template=seen["template"],
        spec=seen["spec"],
        pod=seen["pod"],
        events=tuple(Event(**event) for event in seen["events"]),
    )
    assert str(explain(case) or "") == seen["reason"]


def test_what_runs_or_went_well_needs_no_reason() -> None:
    for phase in (Phase.RUNNING, Phase.SUCCEEDED, Phase.SKIPPED, Phase.OMITTED):
        assert explain(StepFacts("main: Error (exit code 137)", phase)) is None


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (
            "pull access denied, repository does not exist or may require authorization: server message: denied",
            "docker.io has no such image, or denies the cluster access to it",
        ),
        ("no match for platform in manifest: not found", "it isn't built for the node's platform"),
        ("write /var/lib/containerd/x: no space left on device", "the node's disk is full"),
        (
            "toomanyrequests: You have reached your pull rate limit",
            "docker.io throttles the cluster (too many requests)",
        ),
        ("manifest for team/image:1 not found: manifest unknown", "docker.io has no such image or tag"),
        ('Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout', "docker.io can't be reached"),
    ],
)
def test_what_a_registry_says_is_told_apart(cause: str, words: str) -> None:
    assert words in pending(f'ErrImagePull: failed to pull and unpack image "team/image:1": {cause}')


def test_older_clusters_tell_the_cause_of_a_pull_only_in_events() -> None:
    event = Event("Failed", 'Failed to pull image "quay.io/a/b:1": quay.io/a/b:1: not found', "2026-01-01T00:00:00Z")
    message = 'ImagePullBackOff: Back-off pulling image "quay.io/a/b:1"'
    assert "the registry quay.io has no such image or tag" in pending(message, events=(event,))
    assert pending(message).startswith("The image 'quay.io/a/b:1' can't be pulled.")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 2 Insufficient cpu. ",
            "1 of 3: untolerated taint dedicated: gpu, 2 of 3: too little cpu free.",
        ),
        ("0/1 nodes are available: 1 node(s) had untolerated taint(s).", "1 of 1: untolerated taint"),
        (
            "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.",
            "1 of 1: not ready",
        ),
        ("0/2 nodes are available: 2 node(s) were unschedulable.", "2 of 2: cordoned"),
        ("0/1 nodes are available: 1 Too many pods.", "1 of 1: maximum number of pods reached"),
        ("0/1 nodes are available: 1 node(s) had volume node affinity conflict.", "no access to the step's volume"),
        ("no nodes available to schedule pods", "The cluster has no schedulable node."),
    ],
)
def test_what_the_scheduler_says_is_told_by_node(said: str, words: str) -> None:
    assert words in pending(f"Unschedulable: {said}")


def test_a_pod_that_a_node_has_taken_meanwhile_is_not_unscheduled() -> None:
    taken = pod("Pending", conditions=[{"type": "PodScheduled", "status": "True"}])
    assert pending("Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.", pod=taken) == ""


def test_a_mount_that_failed_before_it_went_well_is_no_reason() -> None:
    old = Event("FailedMount", 'MountVolume.SetUp failed for volume "v" : secret "s" not found', "2026-01-01T00:00:00Z")
    new = Event("Pulling", 'Pulling image "team/image:1"', "2026-01-01T00:00:09Z")
    assert "secret 's'" in pending("PodInitializing", pod=pod("Pending"), events=(old,))
    assert (
        pending("PodInitializing", pod=pod("Pending"), events=(new, old)) == "The image 'team/image:1' is being pulled."
    )


def test_a_volume_in_use_on_another_node_is_told() -> None:
    said = 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) other-1'
    event = Event("FailedAttachVolume", said, "2026-01-01T00:00:00Z")
    assert "'pvc-1' is in use on another node" in pending("ContainerCreating", pod=pod("Pending"), events=(event,))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Pod ephemeral local storage usage exceeds the total limit of containers 8Mi. ", "than its limit of 8Mi"),
        ('Container main exceeded its local ephemeral storage limit "1Gi". ', "than its limit of 1Gi"),
        ('Usage of EmptyDir volume "tmp" exceeds the limit "1Gi". ', "its volume 'tmp' than its limit of 1Gi"),
        (
            "The node was low on resource: memory. Container main was using 700Mi, request is 0, ",
            "its node ran out of memory; the step used 700Mi",
        ),
        ("The node had condition: [DiskPressure]. ", "its node ran out of DiskPressure"),
    ],
)
def test_an_eviction_tells_what_ran_out(message: str, words: str) -> None:
    assert words in failed(message, pod=pod(reason="Evicted", message=message))
    assert words in failed(message)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("PreemptionByScheduler", "A pod of higher priority preempted the step's pod"),
        ("DeletionByTaintManager", "The step's node failed or was taken out of service"),
        ("SomethingNew", "The step's pod was disrupted: told so"),
    ],
)
def test_a_pod_that_was_taken_away_tells_by_whom(reason: str, words: str) -> None:
    target = {"type": "DisruptionTarget", "status": "True", "reason": reason, "message": "told so."}
    assert words in failed("main: Error (exit code 137)", 137, pod=pod(conditions=[target]))


def test_a_lost_node_and_a_deleted_pod_are_told() -> None:
    assert "node was lost" in failed("Node is lost", pod=pod(reason="NodeLost", message="Node is lost"))
    assert "pod was deleted" in failed("pod deleted")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            'pods "x" is forbidden: admission webhook "policy.example.org" denied the request: no latest tags here',
            "webhook 'policy.example.org' of the cluster refused the step's pod: no latest tags here.",
        ),
        (
            'Internal error occurred: failed calling webhook "sidecar.istio.io": connection refused',
            "can't call its admission webhook 'sidecar.istio.io'",
        ),
        (
            "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'owners' with binding 'all' denied request: no owner",
            "The admission policy 'owners' of the cluster refused the step's pod: no owner.",
        ),
        ('pods is forbidden: User "system:serviceaccount:argo:argo" cannot create resource "pods" in API group ""',
         "Argo's controller (system:serviceaccount:argo:argo) may not create pods in the namespace 'team'."),
        ('pods "x" is forbidden: something new', "doesn't admit the step's pod: something new."),
    ],
)  # fmt: skip
def test_who_keeps_a_pod_out_is_named(message: str, words: str) -> None:
    assert words in failed(f"task 'run.step' errored: {message}")


def test_room_in_a_quota_is_waited_for_where_it_may_come() -> None:
    message = 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1'
    assert (
        "waits for free capacity in the quota 'q' of the namespace 'team' (pods: 1 of 1 in use, 1 requested)"
        in pending(message)
    )


def test_memory_is_told_with_the_limit_where_that_is_known() -> None:
    template = {"container": {"image": "a", "resources": {"limits": {"memory": "1Gi"}}}}
    assert "limit of 1Gi" in failed("main: OOMKilled (exit code 137)", 137, template=template)
    assert "its node had no memory left" in failed(
        "main: OOMKilled (exit code 137)", 137, template={"container": {"image": "a"}}
    )
    killed = pod(containerStatuses=[{"name": "main", "state": {"terminated": {"reason": "OOMKilled"}}}])
    assert "limit of 1Gi" in failed("main: Error (exit code 1)", 1, template=template, pod=killed)


def test_a_stopped_step_and_a_plain_exit_code_need_no_reason() -> None:
    assert failed("workflow shutdown with strategy:  Terminate") == ""
    assert failed("main: Error (exit code 2)", 2) == ""
    assert failed("No more retries left") == ""


def test_a_deadline_of_the_run_is_told_apart_from_that_of_the_step() -> None:
    message = "Pod was active on the node longer than the specified deadline"
    own, spec = {"activeDeadlineSeconds": 60}, {"activeDeadlineSeconds": 90}
    assert failed(message, template=own).startswith("The step exceeded its deadline of 60 s")
    assert failed(message, spec=spec).startswith("The run exceeded its deadline of 90 s")
    left = {"spec": {"activeDeadlineSeconds": 10}, "status": {}}
    assert failed(message, template=own, spec=spec, pod=left).startswith("The run exceeded its deadline of 90 s")


def test_an_input_that_nothing_gives_is_told() -> None:
    assert "needs the input artifact 'data'" in failed(
        "init: Error (exit code 64): required artifact 'data' not supplied"
    )


def test_a_step_whose_inputs_are_being_loaded_says_so_after_a_while() -> None:
    loading = pod("Pending", initContainerStatuses=[{"name": "init", "state": {"running": {}}}])
    template = {"inputs": {"artifacts": [{"name": "data"}]}}
    assert pending("PodInitializing", pod=loading, template=template, seconds=2) == ""
    assert pending("PodInitializing", pod=loading, template=template, seconds=60).startswith("The inputs of the step")


@pytest.mark.parametrize(
    "text", ["", ":", "()", "main: ", "main: Error (exit code 99999)", "\x00", "x" * 100_000, "0/0"]
)
def test_nothing_that_a_cluster_says_is_stumbled_over(text: str) -> None:
    odd = {"spec": {"containers": [{}]}, "status": {"conditions": [{}], "containerStatuses": [{"state": None}, {}]}}
    for phase in (Phase.PENDING, Phase.FAILED, Phase.ERROR):
        explain(StepFacts(text, phase))
        explain(StepFacts(text, phase, pod=odd, template={"container": None}, events=(Event("", "", ""),)))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Waiting for team/Mutex/m lock. Lock status: 0/1", "The run waits for the mutex 'm' (0 of 1 free), which"),
        ("Waiting for team/ConfigMap/limits/runs lock. Lock status: 0/2", "the semaphore 'limits/runs' (0 of 2 free)"),
        (
            "Workflow processing has been postponed because too many workflows are already running",
            "The run waits until others have ended: Argo's controller runs as many as it is allowed to.",
        ),
    ],
)
def test_a_whole_run_that_waits_says_for_what(message: str, words: str) -> None:
    assert words in run_waits(message)
    assert run_waits("child 'x' failed") == ""


def test_a_container_that_failed_before_the_steps_own_is_told() -> None:
    template = {"initContainers": [{"name": "prep"}], "container": {"image": "a"}, "sidecars": [{"name": "beside"}]}
    said = failed("prep: Error (exit code 9)", template=template)
    assert said == "The step's program did not start: the container 'prep' before it ended with exit code 9."
    assert "next to the step's own" in failed("beside: Error (exit code 9)", template=template)
    assert not getattr(explain(StepFacts("prep: Error (exit code 9)", Phase.FAILED)), "sure", True)


@pytest.mark.parametrize(
    "said",
    [
        "etcdserver: request is too large",
        "Request entity too large: limit is 3145728",
        "rpc error: code = ResourceExhausted desc = trying to send message larger than max (3000000 vs. 2097152)",
    ],
)
def test_an_output_that_is_too_large_for_a_parameter_is_told_with_its_remedy(said: str) -> None:
    told = failed(f"wait: Error (exit code 64): {said}")
    assert "too large for a parameter" in told
    assert "OutputPath(…)" in told


def test_a_value_that_is_too_long_for_a_command_line_is_told_with_its_remedy() -> None:
    said = "failed to create task: exec /var/run/argo/argoexec: argument list too long: unknown"
    assert "InputPath(…) in this one" in failed(f"main: StartError (exit code 128): {said}")
