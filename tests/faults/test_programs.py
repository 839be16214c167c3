"""Argo's controller and the node's kubelet stop while a run is followed, and pods are taken away."""

from __future__ import annotations

import time

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.runs import Phase
from tests.cluster import control
from tests.cluster.running import Cluster
from tests.engines.workflows import python_step, workflow
from tests.faults.conftest import Submit, waits
from tests.faults.following import Following
from tests.faults.reasons import told


def test_a_controller_that_is_away_for_half_a_minute_only_delays_a_run(
    whole_cluster: Cluster, submit: Submit, quick: Objects, truth: Objects
) -> None:
    following = Following(quick, submit(waits(2, 1)))
    following.until_running()
    with control.stopped("workflow-controller"):
        time.sleep(30)
        assert not following.states[-1].phase.finished
    assert following.ended(truth).phase is Phase.SUCCEEDED
    assert following.troubles == []


def test_a_kubelet_that_stops_and_one_that_freezes_only_delay_a_step(
    whole_cluster: Cluster, submit: Submit, quick: Objects, truth: Objects
) -> None:
    following = Following(quick, submit(workflow(python_step("step", "import time; time.sleep(12)"))))
    following.until_running()
    with control.stopped("kubelet"):
        time.sleep(4)
    with control.frozen("kubelet"):
        time.sleep(4)
    assert following.ended(truth).phase is Phase.SUCCEEDED
    assert following.troubles == []


def test_a_pod_that_is_deleted_mid_step_fails_its_step(submit: Submit, quick: Objects, truth: Objects) -> None:
    following = Following(quick, submit(workflow(python_step("step", "import time; time.sleep(60)"))))
    following.until_running()
    (pod,) = truth.pods(f"workflows.argoproj.io/workflow={following.run}", truth.namespace)
    truth.delete_pod(pod["metadata"]["name"])
    last = following.ended(truth)
    assert last.phase in (Phase.FAILED, Phase.ERROR)
    assert last.by_path()["step"].phase.bad


def test_a_controller_that_stands_still_is_named_where_a_step_waits_for_it(
    whole_cluster: Cluster, submit: Submit, truth: Objects
) -> None:
    before = {"name": "before", "image": "alpine:3.19", "command": ["sleep", "4"]}
    following = Following(truth, submit(workflow(python_step("step", "pass") | {"initContainers": [before]})))
    following.until(lambda state: "step" in state.by_path())
    engine = ArgoEngine(kubeconfig=str(whole_cluster.kubeconfig), namespace=truth.namespace)
    with control.frozen("workflow-controller"):
        said = "The step's pod has ended, but Argo's controller hasn't recorded that yet. %kfp doctor"
        assert told(engine, engine.get(following.run), {"step": said}) == {"step": said}
    assert following.ended(truth).phase is Phase.SUCCEEDED
