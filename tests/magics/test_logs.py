"""``%kfp logs`` in a real shell, with a real run on the local engine."""

from __future__ import annotations

import pytest

from kfp_jupyter.errors import UsageError
from kfp_jupyter.magics.logs import find_step
from kfp_jupyter.runs import NodeState, Phase, RunState
from tests.magics.conftest import Notebook
from tests.magics.test_kfp import submitted


def state(*paths: str) -> RunState:
    nodes = {path: NodeState(path, f"run.{path}", path.rpartition(".")[2], "Pod", "", Phase.RUNNING) for path in paths}
    return RunState("run", "run", Phase.RUNNING, nodes=nodes)


def test_a_step_s_log_is_printed(notebook: Notebook) -> None:
    run = submitted(notebook)
    ran = notebook.run(f"%kfp logs {run} add follow=true")
    assert ran.error is None, ran.printed
    assert ran.printed == "adding\n"
    assert notebook.fails(f"%kfp logs {run} ad").endswith("has no step 'ad'. Did you mean 'add'?")
    assert "no container 'wait'. It has main." in notebook.fails(f"%kfp logs {run} add container=wait")


@pytest.mark.parametrize("words", ["", "run", "run step more", "run step tail=3", "run step follow=perhaps"])
def test_words_that_make_no_sense_are_answered_with_how_it_is_typed(notebook: Notebook, words: str) -> None:
    assert "%kfp logs RUN STEP [container=NAME] [follow=true]" in notebook.fails(f"%kfp logs {words}")


def test_a_step_is_found_by_its_task_or_by_its_path() -> None:
    run = state("train", "loop.fit", "loop.score")
    assert find_step(run, "fit").path == find_step(run, "loop.fit").path == "loop.fit"


def test_steps_of_the_same_name_are_told_apart_by_their_paths() -> None:
    with pytest.raises(
        UsageError, match=r"2 steps of the run run are called 'fit'\. Give the path of one: a\.fit, b\.fit"
    ):
        find_step(state("a.fit", "b.fit"), "fit")


def test_a_run_without_steps_says_so() -> None:
    with pytest.raises(UsageError, match=r"has no step 'fit'\. It has none yet"):
        find_step(state(), "fit")
