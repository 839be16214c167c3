"""Golden pipelines run to their ends on the real Argo as recorded.

Not all of them: those that can't run on the test cluster are in `register.yaml`, each with what hinders it. Of the
others, as few run as show every feature of Argo that any of them uses. ``--all-goldens`` runs every one that can, and
takes some ten minutes. ``--regenerate --all-goldens`` records anew, a second time writes the register.
"""

from __future__ import annotations

import threading

import pytest
import yaml

from kfp_jupyter.engines.argo.engine import ArgoEngine
from tests.cluster.running import Cluster
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

NEVER = threading.Event()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "golden" in metafunc.fixturenames:
        metafunc.parametrize("golden", runnable(every=metafunc.config.getoption("--all-goldens")))


@pytest.fixture(scope="session")
def argo(cluster: Cluster, namespace: str) -> ArgoEngine:
    """The cluster."""
    return ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, s3_endpoint=cluster.s3)


def test_a_golden_pipeline_runs_as_recorded(golden: str, argo: ArgoEngine, regenerate: bool) -> None:
    workflow = compiled(golden)
    run = argo.submit(workflow, arguments=arguments(workflow))
    for _ in argo.watch(run, NEVER):
        pass
    ended = argo.workflow(run)
    recorded = outcome_file(golden)
    outcome = outcome_of(ended)
    # So many as the machine had room for: `tests/semantics` asks where it is the question.
    outcome.pop("at_once", None)
    if regenerate:
        recorded.parent.mkdir(parents=True, exist_ok=True)
        recorded.write_text(written(outcome), encoding="utf-8")
    assert outcome == yaml.load(recorded.read_text(encoding="utf-8"), LOADER)
    assert out_of_turn(ended) == []


def test_the_register_is_true(regenerate: bool) -> None:
    entries = current_register()
    if regenerate:
        write_register(entries)
    assert read_register() == entries


def test_every_pipeline_that_does_not_succeed_has_its_reason_in_the_register() -> None:
    assert [name for name, entry in read_register().items() if entry.get("why") == ""] == []
