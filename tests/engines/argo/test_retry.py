"""What is done again in a retry, and what a resubmitted run is: as Argo's own code decides it.

Argo's answers are kept beside the failed workflows they are about, in ``argo_answers.json``. ``--regenerate`` runs the
workflows on the cluster and asks Argo's code anew, and about many more grown workflows than are kept.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.actions.resubmit import resubmitted
from kfp_jupyter.engines.argo.actions.retry import retried
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.naming import node_id
from kfp_jupyter.runs import NodeState, Phase, RunState
from tests.engines.argo.argo_actions import ArgoActions
from tests.engines.argo.argo_answers import IN_VAIN, REFUSED, comparable, our_answer
from tests.engines.argo.conftest import NEVER
from tests.engines.argo.failing_workflows import FAILING, STOPPED
from tests.engines.argo.grown_workflows import grown_workflow


def _recorded(name: str) -> dict[str, Any]:
    """Return a run recorded for other tests, with a label: Argo's code fails where a run has none."""
    found: dict[str, Any] = json.loads((Path(__file__).parent.parent.parent / "runs" / f"{name}.json").read_text())
    found["metadata"]["labels"] = {"workflows.argoproj.io/completed": "true"}
    return found


GOLDEN = Path(__file__).parent / "argo_answers.json"
OTHERS = {name: _recorded(name) for name in ("argo_groups_failed", "argo_groups_retried", "argo_workflow")}
"""Failed runs that were recorded for other tests."""
ACTIONS = ("retry", "resubmit")
KEPT = [seed for seed in range(130) if 3 <= len(grown_workflow(seed)["status"]["nodes"]) <= 12]
"""Seeds of grown workflows whose answers are kept."""
ASKED, MANY = range(1000), 100
"""Seeds of grown workflows that Argo is asked about, and how many answers to one are enough."""

UNIMPORTANT = ("resourcesDuration", "hostNodeName", "progress", "inputs", "templateScope", "taskResultSynced")
"""Fields of nodes that nothing here looks at."""


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Failed workflows by name, and Argo's answers by name and action."""
    if request.config.getoption("--regenerate"):
        GOLDEN.write_text(_dumped(_asked(_failed(request), tmp_path_factory.mktemp("argo"))))
    kept: dict[str, Any] = json.loads(GOLDEN.read_text())
    return kept


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("name", [*FAILING, *OTHERS])
def test_our_answer_about_a_run_that_failed_on_argo_is_argos(golden: dict[str, Any], name: str, action: str) -> None:
    workflow = golden["workflows"].get(name) or OTHERS[name]
    _check(our_answer(action, workflow), golden["answers"][name][action])


@pytest.mark.parametrize("seed", KEPT)
def test_our_answer_about_a_grown_workflow_is_argos(golden: dict[str, Any], seed: int) -> None:
    for action, answers in golden["grown"][str(seed)].items():
        _check(our_answer(action, grown_workflow(seed)), answers)


def test_a_run_that_argo_would_find_as_failed_as_before_is_not_retried(golden: dict[str, Any]) -> None:
    name = f"{STOPPED} in a Suspend step"
    assert golden["answers"][name]["retry"] == [IN_VAIN]
    with pytest.raises(EngineError, match=r"it has no step to run again\. Submit it again"):
        retried(golden["workflows"][name])


def test_steps_that_lead_nowhere_or_come_from_nowhere_are_named() -> None:
    nodes = {"r": {"id": "r", "name": "r", "type": "DAG", "phase": "Failed", "children": ["r-1"]}}
    workflow = {"metadata": {"name": "r"}, "spec": {}, "status": {"phase": "Failed", "nodes": nodes}}
    with pytest.raises(EngineError, match="its step 'r' is followed by 'r-1', which isn't there"):
        retried(workflow)
    nodes |= {
        key: {"id": key, "name": key.replace("-", "."), "type": "Pod", "phase": "Failed"} for key in ("r-1", "r-2")
    }
    with pytest.raises(EngineError, match=r"no node leads to its step 'r\.2'"):
        retried(workflow)


@pytest.mark.parametrize("seed", range(60))
def test_a_run_that_takes_steps_over_has_what_a_retry_keeps_under_its_own_name(seed: int) -> None:
    workflow = grown_workflow(seed)
    try:
        kept = retried(workflow)[0]["status"]["nodes"]
    except EngineError as refused:
        with pytest.raises(EngineError, match=re.escape(refused.message)):
            resubmitted(workflow, memoized=True, labels={})
        return
    made = resubmitted(workflow, memoized=True, labels={})
    old, new, nodes = workflow["metadata"]["name"], made["metadata"]["name"], made["status"]["nodes"]
    assert {node["name"].removeprefix(new) for node in nodes.values()} == {
        node["name"].removeprefix(old) for node in kept.values()
    }
    for key, node in nodes.items():
        assert key == node["id"] == node_id(new, node["name"])
        linked = {*(node.get("children") or ()), *(node.get("outboundNodes") or ())}
        assert linked | {node.get("boundaryID", key)} <= set(nodes)
        assert (node["type"], node["phase"]) != ("Pod", "Succeeded")


def test_a_resubmitted_runs_long_name_is_cut_as_kubernetes_cuts_it() -> None:
    metadata = {"name": "n" * 63, "generateName": "n" * 62 + "-", "labels": {"a": "b"}}
    workflow = {"metadata": metadata, "spec": {}, "status": {"phase": "Failed"}}
    made = resubmitted(workflow, memoized=True, labels={"c": "d"})["metadata"]
    assert (len(made["name"]), made["labels"]["a"], made["labels"]["c"]) == (63, "b", "d")


def _check(ours: Any, argos: list[Any]) -> None:
    if ours == REFUSED:
        assert argos in ([REFUSED], [IN_VAIN])
    elif len(argos) == 1:
        assert ours == argos[0]
    else:
        assert ours in argos


def _failed(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Run all that fails on the cluster; return it at its end, without what is of no interest."""
    cluster = request.getfixturevalue("cluster")
    engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=request.getfixturevalue("namespace"))
    runs = {name: engine.submit(workflow) for name, workflow in FAILING.items()}
    for name, run in runs.items():
        if name.startswith(STOPPED):
            next(s for s in engine.watch(run, NEVER) if s.held or s.by_path().get("slow") in _at_work(s))
            engine.stop(run)
    for run in runs.values():
        assert list(engine.watch(run, NEVER))[-1].phase.bad
    return {name: _trimmed(engine.workflow(run)) for name, run in runs.items()}


def _at_work(state: RunState) -> list[NodeState]:
    return [step for step in state.steps if step.phase is Phase.RUNNING]


def _trimmed(workflow: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: workflow["metadata"].get(key) for key in ("name", "generateName", "labels", "annotations")}
    status = dict(workflow["status"])
    for field in ("artifactGCStatus", "artifactRepositoryRef", "resourcesDuration", "taskResultsCompletionStatus"):
        status.pop(field, None)
    status["nodes"] = {
        key: {field: value for field, value in node.items() if field not in UNIMPORTANT}
        for key, node in status["nodes"].items()
    }
    spec = {key: value for key, value in workflow["spec"].items() if key != "templates"}
    kind = {key: workflow[key] for key in ("apiVersion", "kind")}
    return kind | {"metadata": kept, "spec": spec, "status": status}


def _asked(failed: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    argo = ArgoActions(folder)
    try:

        def answers(workflow: Mapping[str, Any]) -> dict[str, list[Any]]:
            found = {a: [comparable(answer, workflow) for answer in argo.ask(a, workflow)] for a in ACTIONS}
            return {a: [one for at, one in enumerate(every) if one not in every[:at]] for a, every in found.items()}

        grown = {seed: answers(grown_workflow(seed)) for seed in KEPT}
        for seed, action in itertools.product(ASKED, ACTIONS):
            workflow = grown_workflow(seed)
            found: list[Any] = []
            ours = our_answer(action, workflow)
            # Among several answers ours may be one that chance seldom takes.
            while not found or (len(found) > 1 and ours not in found and len(found) < MANY):
                found += [comparable(answer, workflow) for answer in argo.ask(action, workflow)]
            _check(ours, found[:1] if found[1:] == found[:-1] else found)
        asked = {name: answers(workflow) for name, workflow in (dict(failed) | OTHERS).items()}
    finally:
        argo.close()
    return {"workflows": dict(failed), "answers": asked, "grown": grown}


def _dumped(golden: Mapping[str, Any]) -> str:
    """Return JSON with a line for each workflow and answer."""
    parts = [
        f'"{part}": {{\n'
        + ",\n".join(f"{json.dumps(str(key))}: {json.dumps(value)}" for key, value in entries.items())
        + "\n}"
        for part, entries in golden.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"
