"""Which pod is a node's, and which of its containers failed before the step's own."""

from __future__ import annotations

from typing import Any

from kfp_jupyter.engines.argo.pods import failed_before, pod_name

RUN = {"metadata": {"name": "run-x7f2p"}}


def test_a_pod_is_named_by_run_template_and_hash() -> None:
    node = {"id": "run-x7f2p-1", "name": "run-x7f2p.train", "templateName": "fit"}
    assert pod_name(RUN, node) == "run-x7f2p-fit-816827176"


def test_the_template_may_be_a_reference() -> None:
    node = {"id": "n", "name": "run-x7f2p.train", "templateRef": {"name": "lib", "template": "fit"}}
    assert pod_name(RUN, node) == "run-x7f2p-fit-816827176"


def test_a_run_of_one_pod_has_its_name() -> None:
    assert pod_name(RUN, {"id": "run-x7f2p", "name": "run-x7f2p", "templateName": "fit"}) == "run-x7f2p"


def test_older_clusters_name_pods_by_the_node() -> None:
    run = {"metadata": {"name": "r", "annotations": {"workflows.argoproj.io/pod-name-format": "v1"}}}
    assert pod_name(run, {"id": "r-123", "name": "r.a", "templateName": "t"}) == "r-123"


def test_a_long_name_is_cut_before_the_hash() -> None:
    name = pod_name(RUN, {"id": "n", "name": "run-x7f2p.train", "templateName": "t" * 300})
    assert len(name) == 242 + len("-816827176")
    assert name.endswith("t-816827176")


def ended(name: str, code: int | None) -> dict[str, Any]:
    state = {"terminated": {"exitCode": code}} if code is not None else {"waiting": {"reason": "PodInitializing"}}
    return {"name": name, "state": state}


def test_a_container_of_the_authors_that_failed_before_the_steps_own_is_found() -> None:
    def pod(*inits: dict[str, Any]) -> dict[str, Any]:
        return {"status": {"initContainerStatuses": list(inits), "containerStatuses": [ended("main", None)]}}

    assert failed_before(pod(ended("init", 0), ended("prep", 9), ended("later", None))) == "prep"
    assert failed_before(pod(ended("init", 64), ended("prep", None))) == ""
    assert failed_before(pod(ended("init", 0), ended("prep", 0))) == failed_before({}) == ""
