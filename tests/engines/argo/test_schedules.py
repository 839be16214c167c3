"""Runs that start by the clock, on the real cluster."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.schedules.cron_workflows import create_schedule, list_schedules
from kfp_jupyter.engines.capabilities import Schedule
from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.kubernetes.api_errors import Asked, api_error
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.runs import Phase
from tests.cluster.running import Cluster
from tests.engines.argo.accounts import kubeconfig, new_account
from tests.engines.argo.conftest import NEVER
from tests.engines.workflows import Workflow, workflow

CRON = "cronworkflows.argoproj.io"


def waits(**parameters: Any) -> Workflow:
    """A workflow that waits for people and takes no pod."""
    return workflow({"name": "wait", "suspend": {}}, **parameters)


@pytest.fixture
def name(objects: Objects) -> Iterator[str]:
    """The name of a schedule that is gone afterwards."""
    made = f"s-{uuid.uuid4().hex[:8]}"
    yield made
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{objects.namespace}/cronworkflows/{made}"
    try:
        objects.connection.ask(Action("delete", CRON, objects.namespace, made), path)
    except EngineError as error:
        assert "not found" in error.message  # noqa: PT017  (most tests delete it themselves)


def stored(objects: Objects, name: str) -> dict[str, Any]:
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{objects.namespace}/cronworkflows/{name}"
    return objects.connection.ask(Action("get", CRON, objects.namespace, name), path)


def test_a_schedule_starts_runs_that_are_listed_and_stay_when_it_is_deleted(argo: ArgoEngine, name: str) -> None:
    argo.schedule(waits(word="a"), "* * * * *", name=name, arguments={"word": "b"})
    while not (runs := argo.runs()):
        time.sleep(1)
    assert argo.schedules()[0].active == (runs[0].ref,)
    assert argo.schedules()[0].last_run_at is not None
    run = argo.get(runs[0].ref.id)
    found = argo.workflow(run)
    assert found["spec"]["arguments"]["parameters"] == [{"name": "word", "value": "b"}]
    labels = found["metadata"]["labels"]
    assert (labels["app.kubernetes.io/managed-by"], labels["kfp-jupyter/pipeline"]) == ("kfp-jupyter", "test")
    assert runs[0].pipeline == "test"
    argo.delete_schedule(name)
    assert argo.schedules() == []
    argo.resume(run)
    assert list(argo.watch(run, NEVER))[-1].phase is Phase.SUCCEEDED


def test_a_schedule_is_held_and_let_go_and_its_name_is_free_again(
    argo: ArgoEngine, objects: Objects, name: str
) -> None:
    made = argo.schedule(waits(), "0 6 * * mon-fri", name=name, timezone="Europe/Berlin")
    assert made == Schedule(name, "0 6 * * 1-5", "Europe/Berlin", "test", suspended=False)
    spec = stored(objects, name)["spec"]
    assert (spec["concurrencyPolicy"], spec["schedule"]) == ("Forbid", "0 6 * * 1-5")
    argo.suspend_schedule(name, suspended=True)
    assert [schedule.suspended for schedule in argo.schedules()] == [True]
    argo.suspend_schedule(name, suspended=False)
    assert [schedule.suspended for schedule in argo.schedules()] == [False]
    with pytest.raises(EngineError, match=rf"already has a schedule '{name}'"):
        argo.schedule(waits(), "@daily", name=name)
    argo.delete_schedule(name)
    argo.schedule(waits(), "@daily", name=name)
    assert [schedule.cron for schedule in argo.schedules()] == ["@daily"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cron": "0 25 * * *"}, "The hour in"),
        ({"timezone": "europe/berlin"}, "no time zone 'europe/berlin'. Did you mean Europe/Berlin?"),
        ({"timezone": "Atlantis"}, "no time zone 'Atlantis'. Write one such as Europe/Berlin"),
        ({"name": "My job"}, "can't be called 'My job'.*Write name=my-job"),
        ({"name": "n" * 53}, "52 at most"),
        ({"arguments": {"wrod": "x"}}, "no parameter 'wrod'"),
        ({"arguments": {}}, "'word' has no value"),
    ],
)
def test_what_is_given_is_checked_before_anything_is_created(
    argo: ArgoEngine, given: dict[str, Any], said: str
) -> None:
    options: dict[str, Any] = {"cron": "@daily", "arguments": {"word": "a"}} | given
    with pytest.raises((UsageError, EngineError), match=said):
        argo.schedule(waits(word=None), options.pop("cron"), **options)
    assert argo.schedules() == []


def test_a_schedule_that_is_not_there_is_named(argo: ArgoEngine) -> None:
    said = r"There is no schedule 'nothing' in the namespace.*%kfp schedule"
    with pytest.raises(EngineError, match=said):
        argo.suspend_schedule("nothing", suspended=True)
    with pytest.raises(EngineError, match=said):
        argo.delete_schedule("nothing")


def test_who_may_not_schedule_gets_the_command_that_allows_it(
    cluster: Cluster, namespace: str, objects: Objects, tmp_path: Path
) -> None:
    with new_account(objects) as nobody:
        file = kubeconfig(cluster, tmp_path / "kubeconfig", {"token": nobody.token()})
        engine = ArgoEngine(kubeconfig=str(file), namespace=namespace)
        with pytest.raises(EngineError) as caught:
            engine.schedule(waits(), "@daily")
    assert "may not create cronworkflows.argoproj.io" in caught.value.message
    assert "--verb=create,get,list,patch,delete --resource=cronworkflows.argoproj.io" in caught.value.remedy


class NewApi:
    """The API of a cluster with Argo 4, which no cluster here has: it wants a list of times."""

    def __init__(self) -> None:
        self.connection, self.namespace = self, "ns"

    def ask(self, action: Action, _: str, *, body: Any) -> dict[str, Any]:
        if "schedules" not in body["spec"]:
            said = 'CronWorkflow.argoproj.io \\"s\\" is invalid: spec.schedules: Required value'
            raise api_error(Asked(action, "h"), 422, f'{{"message": "{said}"}}')
        assert "schedule" not in body["spec"]
        made: dict[str, Any] = body
        return made


def test_an_argo_from_4_on_gets_the_list_that_it_wants() -> None:
    objects: Any = NewApi()  # what is used of it
    made = create_schedule(objects, waits(), "@daily", "s", "", {}, {})
    assert (made.name, made.cron) == ("s", "@daily")


def test_what_argo_has_against_a_schedule_is_listed() -> None:
    condition = {"type": "SubmissionError", "status": "True", "message": "Failed to submit Workflow: too large"}
    metadata = {"name": "s", "labels": {}}
    item = {"metadata": metadata, "spec": {"schedule": "@daily"}, "status": {"conditions": [condition]}}

    class Listed:
        namespace = "ns"

        def ask(self, *_: Any, **__: Any) -> dict[str, Any]:
            return {"items": [item]}

    objects: Any = Listed()
    objects.connection = objects
    assert [made.problem for made in list_schedules(objects, "")] == ["Failed to submit Workflow: too large"]
