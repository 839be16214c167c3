"""What people do to runs, said in a cell."""

from __future__ import annotations

import re

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.runs import Phase
from tests.cluster.running import Cluster
from tests.magics.conftest import Notebook, Ran

ADD = "%%component\ndef add(a: float) -> float:\n    return a"
FAIL = "%%component\ndef fail(a: float):\n    raise ValueError('no')"
CALC = "%%pipeline\ndef calc(x: float = 1):\n    fail(add(x).output)"


def named(ran: Ran) -> str:
    """The run that a cell has named; its view may have shown more by then."""
    found = re.search(r"^Run (\S+)$", ran.text, re.MULTILINE)
    assert found, ran.text
    return found[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("suspend x", "The engine local can't suspend and resume runs. Engines that can: argo."),
        ("resume x", "The engine local can't suspend and resume runs. Engines that can: argo."),
        ("resubmit x", "The engine local can't resubmit a run."),
        ("schedule", "The engine local can't start runs on a schedule."),
        ("schedule calc @daily", "The engine local can't start runs on a schedule."),
    ],
)
def test_an_engine_that_can_not_says_so(notebook: Notebook, line: str, said: str) -> None:
    assert notebook.fails(f"%kfp {line}").startswith(said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("stop", "%kfp stop takes the id of one run, or a prefix of it."),
        ("stop a b", "'b' is not a key=value"),
        ("stop a now=perhaps", "now='perhaps' is neither true nor false"),
        ("stop nothing-here", "nothing-here"),
        ("retry a b", "%kfp retry takes the id of one run"),
    ],
)
def test_words_that_can_not_be_understood_are_explained(notebook: Notebook, line: str, said: str) -> None:
    assert said in notebook.fails(f"%kfp {line}")


def test_a_cluster_takes_a_pipeline_that_it_could_not_store_in_the_form_of_kfp(
    notebook: Notebook, cluster: Cluster, namespace: str
) -> None:
    engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace)
    # Data in the component make it large with few tasks, of which one starts.
    component = ADD.replace("    return", f"    data = {'x' * 20_000!r}\n    return")
    tasks = "%%pipeline name=large\ntask = add(1)\nfor _ in range(60):\n    task = add(task.output)"
    for cell in (f"%kfp engine argo kubeconfig={cluster.kubeconfig} namespace={namespace}", component):
        assert notebook.run(cell).error is None
    assert "it is compiled in the compact form" in notebook.run(tasks).text
    ran = notebook.run("%kfp submit large")
    assert ran.error is None, ran.printed
    run = engine.get(named(ran))
    assert len(engine.workflow(run)["spec"]["templates"]) == 3
    assert notebook.run(f"%kfp stop {run.id}").error is None


def test_runs_on_a_cluster_are_suspended_resumed_stopped_and_resubmitted(
    notebook: Notebook, cluster: Cluster, namespace: str
) -> None:
    engine = ArgoEngine(kubeconfig=str(cluster.kubeconfig), namespace=namespace)
    for cell in (f"%kfp engine argo kubeconfig={cluster.kubeconfig} namespace={namespace}", ADD, FAIL, CALC):
        assert notebook.run(cell).error is None
    run = engine.get(named(notebook.run("%kfp submit calc")))
    assert notebook.run(f"%kfp suspend {run.id}").error is None
    assert next(state for state in engine.watch(run, CancelToken()) if state.held).id == run.id
    assert notebook.run(f"%kfp resume {run.id}").error is None
    assert "isn't suspended" in notebook.fails(f"%kfp resume {run.id}")
    assert list(engine.watch(run, CancelToken()))[-1].phase is Phase.FAILED
    ran = notebook.run(f"%kfp resubmit {run.id} memoized=true")
    assert ran.error is None, ran.printed
    new = engine.get(named(ran))
    assert new != run
    assert any("image/svg+xml" in shown for shown in ran.shown)
    assert new.id in notebook.run("%kfp").text
    end = list(engine.watch(new, CancelToken()))[-1]
    assert {step.display_name: step.cached for step in end.steps} == {"add": True, "fail": False}
    assert notebook.run(f"%kfp stop {new.id}").error is None
    assert notebook.run(f"%kfp delete {new.id}").error is None
