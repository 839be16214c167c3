"""Each question has one answer, at both engines. `--regenerate` asks the real Argo for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import kubernetes
import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.base import Engine
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.errors import EngineError
from tests.cluster.running import Cluster
from tests.cluster.side_by_side import parameters, side_by_side
from tests.semantics.outcome import out_of_turn, outcome_of
from tests.semantics.question import Question

QUESTIONS = sorted(Path(__file__).parent.glob("*.yaml"))
NEVER = CancelToken()

questions = pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)


@pytest.fixture(scope="session")
def argo(cluster: Cluster, namespace: str) -> ArgoEngine:
    """The cluster, with a ConfigMap that questions ask for."""
    labels = {"workflows.argoproj.io/configmap-type": "Parameter"}
    body = {"metadata": {"name": "semantics", "labels": labels}, "data": {"key": "value of the key"}}
    with cluster.client() as client:
        kubernetes.client.CoreV1Api(client).create_namespaced_config_map(namespace, body)
    return ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace, s3_endpoint=cluster.s3)


@pytest.fixture(scope="session")
def answers(argo: ArgoEngine, request: pytest.FixtureRequest) -> dict[Path, Future[Mapping[str, Any]]]:
    """What Argo made of each question; all are asked before the first test."""
    asked = [path for path in QUESTIONS if path in parameters(request.session, "test_argo_answers", "path")]
    return side_by_side(lambda path: finished(argo, Question(path).workflow), asked)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalEngine]:
    """This machine."""
    made = LocalEngine(tmp_path / "runs")
    yield made
    for summary in made.runs():
        made.terminate(summary.ref)


def finished(engine: Engine, workflow: Mapping[str, Any]) -> Mapping[str, Any]:
    """Run a Workflow to its end; return it as it is then."""
    run = engine.submit(workflow)
    for _ in engine.watch(run, NEVER):
        pass
    return engine.workflow(run)


def refusal(engine: LocalEngine, workflow: Mapping[str, Any]) -> str:
    """With which words an engine refuses a Workflow; empty if it takes it."""
    try:
        engine.terminate(engine.submit(workflow))
    except EngineError as error:
        return error.message
    return ""


@questions
def test_argo_answers(
    path: Path, answers: dict[Path, Future[Mapping[str, Any]]], local: LocalEngine, regenerate: bool
) -> None:
    question = Question(path)
    ended = answers[path].result()
    if regenerate:
        question.record(outcome_of(ended), refusal(local, question.workflow))
    assert outcome_of(ended) == question.outcome
    assert out_of_turn(ended) == []


@questions
def test_the_local_engine_answers_the_same_or_says_why_not(
    path: Path, local: LocalEngine, regenerate: bool, request: pytest.FixtureRequest
) -> None:
    if regenerate:
        pytest.skip("the answers are being written")
    question = Question(path)
    if question.differs:
        request.applymarker(pytest.mark.xfail(reason=question.differs, strict=True))
    if question.refused:
        assert refusal(local, question.workflow) == question.refused
    else:
        ended = finished(local, question.workflow)
        assert outcome_of(ended) == question.local_outcome
        assert out_of_turn(ended) == []
