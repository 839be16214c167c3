"""What the Argo engine does beyond what every engine does, on a real cluster."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, RunNotFoundError, UsageError
from kfp_jupyter.runs import Phase
from tests.engines.argo.conftest import NEVER, Runs
from tests.engines.workflows import python_step, workflow

WAITS = workflow(python_step("step", "import time; print('up', flush=True); time.sleep(600)"))


def test_a_run_bears_our_labels(runs: Runs, argo: ArgoEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/My notebook.ipynb")
    run = argo.submit(WAITS, experiment="Größe 1", run_name="Mine")
    metadata = argo.workflow(run)["metadata"]
    assert run.id.startswith("test-")
    assert metadata["labels"]["app.kubernetes.io/managed-by"] == "kfp-jupyter"
    assert metadata["labels"]["kfp-jupyter/pipeline"] == "test"
    assert metadata["labels"]["kfp-jupyter/notebook"] == "My-notebook.ipynb"
    assert metadata["labels"]["kfp-jupyter/experiment"] == "Gr-e-1"
    assert metadata["annotations"]["pipelines.kubeflow.org/experiment_name"] == "Größe 1"


def test_an_unknown_parameter_is_refused_before_anything_starts(argo: ArgoEngine) -> None:
    with pytest.raises(EngineError, match=r"no parameter 'wrod'.*'word'"):
        argo.submit(workflow(python_step("step", ""), word="a", other="b"), arguments={"wrod": "x"})
    assert not argo.runs()


def test_a_watch_ends_soon_after_it_is_told(runs: Runs) -> None:
    run = runs.start(WAITS)
    runs.until(run, lambda state: any(node.phase is Phase.RUNNING for node in state.steps))
    stop = CancelToken()
    done = threading.Event()

    def watch() -> None:
        for _ in runs.engine.watch(run, stop):
            pass
        done.set()

    threading.Thread(target=watch, daemon=True).start()
    assert not done.wait(1.0)
    stop.set()
    assert done.wait(10)


def test_a_run_that_is_deleted_under_us_is_told(runs: Runs, objects: Objects) -> None:
    run = runs.start(WAITS)
    watched = runs.engine.watch(run, NEVER)
    next(state for state in watched if state.nodes)
    objects.delete_workflow(run.id, runs.engine.workflow(run)["metadata"]["uid"])
    with pytest.raises(RunNotFoundError, match="was deleted"):
        list(watched)


@pytest.mark.parametrize("name", ["nothing", "a,b", "a=b", "a/b", "../pods", "a b", "x\\y"])
def test_watching_what_is_not_there_is_told(argo: ArgoEngine, name: str) -> None:
    for look in (lambda: list(argo.watch(RunRef("argo", name), NEVER)), lambda: argo.workflow(RunRef("argo", name))):
        with pytest.raises(RunNotFoundError, match="There is no run"):
            look()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"namespace": 3}, "The argo engine's namespace=3 must be a string."),
        ({"labels": "x"}, "The argo engine's labels='x' must be a mapping of names to values."),
    ],
)
def test_options_that_cant_be_right_are_told_at_once(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as raised:
        ArgoEngine(**options)
    assert raised.value.format_message() == words
