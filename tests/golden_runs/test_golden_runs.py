"""Golden pipelines run to their ends on the real Argo as recorded.

Not all of them: those that can't run on the test cluster are in `register.yaml`, each with what hinders it. Of the
others, as few run as show every feature of Argo that any of them uses. ``--all-goldens`` runs every one that can, and
takes some ten minutes. ``--regenerate --all-goldens`` records anew, a second time writes the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import pytest
import yaml

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from tests.cluster.running import Cluster
from tests.cluster.side_by_side import parameters, side_by_side
from tests.golden_runs.fitness import arguments
from tests.golden_runs.goldens import compiled
from tests.golden_runs.register import (
    LOADER,
    current_register,
    outcome_file,
    read_register,
    runnable,
    write_register,
)
from tests.semantics.outcome import out_of_turn, outcome_of
from tests.semantics.question import written

NEVER = CancelToken()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "golden" in metafunc.fixturenames:
        metafunc.parametrize("golden", runnable(every=metafunc.config.getoption("--all-goldens")))


@pytest.fixture(scope="session")
def argo(cluster: Cluster, namespace: str) -> ArgoEngine:
    """The cluster."""
    return ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, s3_endpoint=cluster.s3)


@pytest.fixture(scope="session")
def ended(argo: ArgoEngine, request: pytest.FixtureRequest) -> dict[str, Future[Mapping[str, Any]]]:
    """What became of each pipeline; all run before the first test."""
    asked = parameters(request.session, "test_a_golden_pipeline_runs_as_recorded", "golden")
    # Not side by side: each is compiled in its folder.
    workflows = {str(golden): compiled(str(golden)) for golden in asked}

    def finished(golden: str) -> Mapping[str, Any]:
        run = argo.submit(workflows[golden], arguments=arguments(workflows[golden]))
        for _ in argo.watch(run, NEVER):
            pass
        return argo.workflow(run)

    return side_by_side(finished, workflows)


def test_a_golden_pipeline_runs_as_recorded(
    golden: str, ended: dict[str, Future[Mapping[str, Any]]], regenerate: bool
) -> None:
    workflow = ended[golden].result()
    recorded = outcome_file(golden)
    outcome = outcome_of(workflow)
    # So many as the machine had room for: `tests/semantics` asks where it is the question.
    outcome.pop("at_once", None)
    if regenerate:
        recorded.parent.mkdir(parents=True, exist_ok=True)
        recorded.write_text(written(outcome), encoding="utf-8")
    assert outcome == yaml.load(recorded.read_text(encoding="utf-8"), LOADER)
    assert out_of_turn(workflow) == []


def test_the_register_is_true(regenerate: bool) -> None:
    entries = current_register()
    if regenerate:
        write_register(entries)
    assert read_register() == entries


def test_every_pipeline_that_does_not_succeed_has_its_reason_in_the_register() -> None:
    assert [name for name, entry in read_register().items() if entry.get("why") == ""] == []
