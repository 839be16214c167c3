"""The API server dies, forgets, and no longer believes us while a run is followed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import WORKFLOWS, connect
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.runs import Phase
from tests.cluster import control
from tests.cluster.running import Cluster
from tests.engines.argo.accounts import Account, kubeconfig, new_account
from tests.faults.conftest import QUICK, Submit, waits
from tests.faults.following import Following

RBAC = "rbac.authorization.k8s.io"


class Forgetful(Objects):
    """Says of the first list that it was of long ago, as after a night's sleep of a laptop."""

    asked = 0

    def find_workflow(self, name: str) -> tuple[dict[str, Any] | None, str]:
        self.asked += 1
        workflow, version = super().find_workflow(name)
        return workflow, "1" if self.asked == 1 else version


@pytest.fixture
def nobody(truth: Objects) -> Iterator[Account]:
    with new_account(truth) as made:
        yield made


def test_a_version_that_the_cluster_has_forgotten_is_looked_up_anew(
    submit: Submit, quick: Objects, truth: Objects
) -> None:
    following = Following(Forgetful(quick.connection), submit(waits(2)))
    assert following.ended(truth).phase is Phase.SUCCEEDED
    assert following.troubles == []


def test_the_cluster_says_of_versions_that_it_has_forgotten_that_they_are_gone(
    whole_cluster: Cluster, quick: Objects
) -> None:
    control.compact()
    action = Action("list", WORKFLOWS, quick.namespace)
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{quick.namespace}/workflows"
    with pytest.raises(ApiError) as caught:
        quick.connection.ask(action, path, query={"resourceVersion": "1", "resourceVersionMatch": "Exact"})
    assert caught.value.status == 410


def test_an_api_server_that_dies_and_forgets_loses_nothing(
    whole_cluster: Cluster, submit: Submit, quick: Objects, truth: Objects
) -> None:
    following = Following(quick, submit(waits(2, 20)))
    following.until_running()
    with control.stopped("kube-apiserver"):
        following.until(lambda state: state.trouble)
        control.compact()
    assert following.ended(truth).phase is Phase.SUCCEEDED
    assert following.troubles


def test_an_api_server_that_hangs_loses_nothing(
    whole_cluster: Cluster, submit: Submit, quick: Objects, truth: Objects
) -> None:
    following = Following(quick, submit(waits(1, 15)))
    following.until_running()
    with control.frozen("kube-apiserver"):
        following.until(lambda state: state.trouble)
    assert following.ended(truth).phase is Phase.SUCCEEDED


def test_a_token_that_is_revoked_is_told_and_its_successor_taken(
    cluster: Cluster, submit: Submit, nobody: Account, truth: Objects, tmp_path: Path
) -> None:
    nobody.allow()
    file = kubeconfig(cluster, tmp_path / "k", {"token": nobody.token()})
    watched = Objects(connect(kubeconfig=str(file), namespace=truth.namespace, timeouts=QUICK))
    following = Following(watched, submit(waits(5, 60)))
    following.until_running()
    nobody.delete()
    told = following.until(lambda state: state.trouble).trouble
    assert told
    assert "doesn't accept the credentials" in told.text
    assert "Log in again" in told.text

    nobody.create()
    kubeconfig(cluster, file, {"token": nobody.token()})
    seen = len(following.states)
    following.until(lambda state: state in following.states[seen:] and not state.trouble)
    following.stop.set()


def test_rights_that_are_taken_away_are_told_and_waited_for(
    cluster: Cluster, submit: Submit, nobody: Account, truth: Objects, tmp_path: Path
) -> None:
    nobody.allow()
    file = kubeconfig(cluster, tmp_path / "k", {"token": nobody.token()})
    watched = Objects(connect(kubeconfig=str(file), namespace=truth.namespace, timeouts=QUICK))
    following = Following(watched, submit(waits(5, 5)))
    following.until_running()
    bindings = f"/apis/{RBAC}/v1/namespaces/{truth.namespace}/rolebindings/{nobody.name}"
    truth.connection.ask(Action("delete", "rolebindings", truth.namespace, nobody.name), bindings)
    told = following.until(lambda state: state.trouble).trouble
    assert told
    assert "kubectl create rolebinding" in told.text
    nobody.allow()
    assert following.ended(truth).phase is Phase.SUCCEEDED


def test_a_role_without_watch_still_sees_the_end(
    cluster: Cluster, submit: Submit, nobody: Account, truth: Objects, tmp_path: Path
) -> None:
    rules = [{"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["get", "list"]}]
    place = f"/apis/{RBAC}/v1/namespaces/{truth.namespace}"
    create = Action("create", "roles", truth.namespace, nobody.name)
    truth.connection.ask(create, f"{place}/roles", body={"metadata": {"name": nobody.name}, "rules": rules})
    nobody.allow(role=nobody.name)
    file = kubeconfig(cluster, tmp_path / "k", {"token": nobody.token()})
    watched = Objects(connect(kubeconfig=str(file), namespace=truth.namespace, timeouts=QUICK))
    following = Following(watched, submit(waits(3, 3)))
    assert following.ended(truth).phase is Phase.SUCCEEDED
    assert "may not watch workflows.argoproj.io" in following.troubles[0]
