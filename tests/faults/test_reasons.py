"""Why a step waits or failed, on the real cluster: from what Argo, its pods and the cluster's Events say."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import kubernetes
import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.runs import Phase
from tests.cluster.places import PROGRAMS
from tests.cluster.running import Cluster
from tests.engines.argo.accounts import kubeconfig, new_account
from tests.engines.workflows import command_step, python_step
from tests.faults.conftest import Submit
from tests.faults.reasons import all_at_once, beginnings, from_secret, last_state, mounting, states, step, told


@pytest.fixture
def engine(cluster: Cluster, namespace: str) -> ArgoEngine:
    return ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, s3_endpoint=cluster.s3)


@pytest.fixture
def own(cluster: Cluster) -> Iterator[ArgoEngine]:
    """An engine in a namespace of the test's own."""
    with cluster.new_namespace("reasons") as name:
        yield ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=name, s3_endpoint=cluster.s3)


def test_steps_that_wait_say_for_what(cluster: Cluster, engine: ArgoEngine, namespace: str, submit: Submit) -> None:
    with cluster.client() as client:
        kubernetes.client.CoreV1Api(client).create_namespaced_persistent_volume_claim(namespace, UNBOUND)
    run = engine.get(
        submit(
            all_at_once(
                step("cpu", resources={"requests": {"cpu": "64"}}),
                step("memory", resources={"requests": {"memory": "4000Gi"}}),
                step("gpu", resources={"limits": {"nvidia.com/gpu": "1"}}),
                step("selector") | {"nodeSelector": {"disk": "ssd"}},
                from_secret("no-secret", "nothing"),
                from_secret("no-key", "mlpipeline-minio-artifact", "nokey"),
                mounting("secret-volume", secret={"secretName": "nothing"}),
                mounting("config-volume", configMap={"name": "nothing"}),
                mounting("no-claim", persistentVolumeClaim={"claimName": "nothing"}),
                mounting("unbound", persistentVolumeClaim={"claimName": "unbound"}),
                mounting("mount", hostPath={"path": "/nosuchdir", "type": "Directory"}),
                step("no-registry", image="127.0.0.1:1/team/image:1"),
                step("no-image-name", image="Not A Name"),
            )
        )
    )
    expected = {
        "cpu": "No node can run the step: 1 of 1: too little cpu free. It requests cpu 64.01; the largest node has",
        "memory": "No node can run the step: 1 of 1: too little memory free. It requests memory 3.906Ti; the",
        "gpu": "No node can run the step: 1 of 1: too little nvidia.com/gpu free. It requests nvidia.com/gpu 1; no",
        "selector": "No node can run the step: 1 of 1: labels that the step requires are missing (disk=ssd).",
        "no-secret": f"The step needs the secret 'nothing', which doesn't exist in the namespace {namespace!r}.",
        "no-key": "The step needs the key 'nokey' of the secret 'mlpipeline-minio-artifact'",
        "secret-volume": f"The step needs the secret 'nothing', which doesn't exist in the namespace {namespace!r}.",
        "config-volume": "The step needs the ConfigMap 'nothing', which doesn't exist",
        "no-claim": "The step mounts the PersistentVolumeClaim 'nothing', which doesn't exist",
        "unbound": "The step waits for the PersistentVolumeClaim 'unbound', which isn't bound to a volume yet.",
        "mount": "The volume 'v' can't be mounted: hostPath type check failed: /nosuchdir is not a directory.",
        "no-registry": "The image '127.0.0.1:1/team/image:1' can't be pulled: the registry 127.0.0.1:1 can't be",
        "no-image-name": "'Not A Name' is not a valid image name",
    }
    assert told(engine, run, expected) == expected


UNBOUND = {
    "metadata": {"name": "unbound"},
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "none",
        "resources": {"requests": {"storage": "1Gi"}},
    },
}

FAILED = {
    "oom": "The step used more memory than its limit of 48Mi and was killed.",
    "crash": "The step's program crashed (exit code 139, segmentation fault).",
    "no-command": "The step's shell didn't find a command (exit code 127).",
    "no-program": "There is no program 'nosuchprogram' in the image 'python:3.11'.",
    "no-output": "The step ended well but didn't write its output 'no-output-Output' (/tmp/outputs/o/data).",
    "no-input": "The input artifact 'data' couldn't be loaded: the store has no such object 'no/such/key'.",
    "deadline": "The step exceeded its deadline of 3 s (activeDeadlineSeconds),",
    "no-account": "The step runs as the service account 'nobody', which doesn't exist in the namespace ",
    "no-priority": "The cluster has no priority class 'nothing'.",
    "too-much": "The step's pod is not valid: ",
    "plain": "",
}


def test_steps_that_failed_say_why_in_the_last_state_and_when_their_pods_are_gone(
    cluster: Cluster, engine: ArgoEngine, namespace: str, submit: Submit
) -> None:
    no_input = step("no-input")
    no_input["inputs"] = {"artifacts": [{"name": "data", "path": "/tmp/in", "s3": {"key": "no/such/key"}}]}
    eats = "x = []\nwhile True: x.append(bytearray(1 << 20))"
    image = {"image": "python:3.11"}
    no_program, no_command = (
        command_step("no-program", "nosuchprogram"),
        command_step("no-command", "sh", "-c", "nosuch"),
    )
    for made in (no_program, no_command):
        made["container"].update(image)
    run = engine.get(
        submit(
            all_at_once(
                step("oom", eats, resources={"limits": {"memory": "48Mi"}}),
                step("crash", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"),
                no_command,
                no_program,
                python_step("no-output", "pass", outputs={"no-output-Output": "/tmp/outputs/o/data"}),
                no_input,
                step("deadline", "import time; time.sleep(600)") | {"activeDeadlineSeconds": 3},
                step("no-account") | {"serviceAccountName": "nobody"},
                step("no-priority") | {"priorityClassName": "nothing"},
                step("too-much", resources={"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}),
                step("plain", "import sys; sys.exit(3)"),
            )
        )
    )
    assert beginnings(last_state(engine, run), FAILED) == FAILED
    with cluster.client() as client:
        kubernetes.client.CoreV1Api(client).delete_collection_namespaced_pod(
            namespace, label_selector=f"workflows.argoproj.io/workflow={run.id}", grace_period_seconds=0
        )
    later = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace)
    (state,) = states(later, run)
    assert beginnings(state, FAILED) == FAILED


def test_a_run_that_passes_its_deadline_says_so_at_each_step(engine: ArgoEngine, submit: Submit) -> None:
    run = engine.get(submit(all_at_once(step("step", "import time; time.sleep(600)"), activeDeadlineSeconds=3)))
    last = last_state(engine, run)
    assert last.by_path()["step"].reason.startswith("The run exceeded its deadline of 3 s")


def test_an_account_that_may_not_report_is_told_with_the_commands_that_let_it(
    cluster: Cluster, engine: ArgoEngine, truth: Objects, submit: Submit, tmp_path: Path
) -> None:
    with new_account(truth) as nobody:
        made = all_at_once(step("step"), serviceAccountName=nobody.name)
        last = last_state(engine, engine.get(submit(made)))
        reason = last.by_path()["step"].reason
        assert reason.startswith(f"The step ran, but its service account {nobody.name!r} may not report to Argo")
        commands = reason.partition("allow it: ")[2]
        env = {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "KUBECONFIG": str(cluster.kubeconfig)}
        # kubectl keeps a cache in its home.
        env["HOME"] = str(tmp_path)
        subprocess.run(commands, shell=True, check=True, env=env, capture_output=True)
        again = last_state(engine, engine.get(submit(made)))
        assert again.phase is Phase.SUCCEEDED


def test_a_step_waits_for_room_in_a_quota_and_then_runs(cluster: Cluster, own: ArgoEngine) -> None:
    quota = {"metadata": {"name": "one-pod"}, "spec": {"hard": {"pods": "1"}}}
    with cluster.client() as client:
        kubernetes.client.CoreV1Api(client).create_namespaced_resource_quota(own.namespace, quota)
    run = own.submit(all_at_once(step("a"), step("b")))
    waits = (
        f"The step waits for free capacity in the quota 'one-pod' of the namespace {own.namespace!r} (pods: 1 "
        "of 1 in use, "
    )
    seen = set()
    for state in states(own, run):
        seen |= {node.reason[: len(waits)] for node in state.steps}
    assert waits in seen
    assert state.phase is Phase.SUCCEEDED
    assert not any(node.reason for node in state.steps)


def test_where_events_may_not_be_read_a_step_that_waits_long_says_so(
    cluster: Cluster, namespace: str, truth: Objects, submit: Submit, tmp_path: Path
) -> None:
    with new_account(truth) as account:
        account.allow()
        file = kubeconfig(cluster, tmp_path / "kubeconfig", {"token": account.token()}, namespace=namespace)
        engine = ArgoEngine(kubeconfig=str(file))
        made = all_at_once(mounting("volume", secret={"secretName": "nothing"}), from_secret("variable", "nothing"))
        expected = {
            "volume": "The step's pod is being prepared; the reason for the delay is unknown, as your account may "
            "not list",
            "variable": "The step needs the secret 'nothing'",
        }
        assert told(engine, engine.get(submit(made)), expected) == expected
