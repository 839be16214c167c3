"""The view of a run in groups: turns of loops, and what was skipped."""

from __future__ import annotations

import json
from typing import Any

from kfp_jupyter.runs import NodeState, parse_workflow
from tests.widget.groups import HEADS, argo_run, dag, made_of, steps, task
from tests.widget.memory_engine import MemoryEngine, node, run_state
from tests.widget.page import Page
from tests.widget.views import MakeView, end, until

METRICS = json.dumps({"metrics": [{"name": "accuracy", "numberValue": 0.9}]}).encode()
LOOPED = made_of(
    dag("main", task("for-loop-1", withItems=["a", "b"])), dag("for-loop-1", task("train")), *steps("train")
)


def iteration(item: str, phase: str, **more: Any) -> tuple[NodeState, NodeState]:
    """Return the nodes of one turn of the loop: its own, and that of the step in it."""
    path = f"for-loop-1({'ab'.index(item)}:{item})"
    return node(path, phase, type="DAG"), node(f"{path}.train", phase, **more)


def test_a_step_in_a_loop_is_one_box_and_its_turns_are_chosen_in_the_details(
    make_view: MakeView, engine: MemoryEngine
) -> None:
    view = make_view(lambda: LOOPED)
    view.submit()
    (loop_a, first), (loop_b, second) = iteration("a", "Succeeded", outputs={"rows": "1"}), iteration("b", "Running")
    engine.log(first.id, "working on a\n")
    engine.log(second.id, "working on b\n")
    engine.report(run_state("Running", loop_a, first, loop_b, second))
    until(lambda: "1 of 2 done" in Page(view).step("train").description)

    view.select("for-loop-1.train")
    until(lambda: "working on b" in Page(view).log)
    Page(view).iterations.value = first.id

    until(lambda: "working on a" in Page(view).log)
    assert "Log of train (1. a)" in Page(view).log_title
    assert "<code>1</code>" in Page(view).details


def test_metrics_of_turns_stand_side_by_side(make_view: MakeView, engine: MemoryEngine) -> None:
    view = make_view(lambda: LOOPED)
    view.submit()
    nodes = [one for item in "ab" for one in iteration(item, "Succeeded", output_artifacts=("mlpipeline-metrics",))]
    for one in nodes:
        engine.artifact(one.id, "mlpipeline-metrics", METRICS)
    end(engine, view, run_state("Succeeded", *nodes))

    assert "train (1. a)" in Page(view).summary
    assert "train (2. b)" in Page(view).summary


def test_a_failed_turn_is_named_and_shown(make_view: MakeView, engine: MemoryEngine) -> None:
    view = make_view(lambda: LOOPED)
    view.submit()
    loop, failed = iteration("b", "Failed", message="Error (exit code 1)", exit_code=1)
    engine.log(failed.id, 'Traceback\n  File "p.py", line 1, in f\nKeyError: 3\n')
    end(engine, view, run_state("Failed", *iteration("a", "Succeeded"), loop, failed))

    assert "<b>train (2. b)</b> failed: KeyError: 3 (exit code 1)" in Page(view).banner
    assert "KeyError: 3 (exit code 1)" in Page(view).details


def test_a_group_has_details_of_its_own(make_view: MakeView, engine: MemoryEngine) -> None:
    run = argo_run("running")
    view = make_view(dict, run=engine.add(run, parse_workflow(run)))
    until(lambda: view.state is not None)

    view.select(f"{HEADS}.condition-4")

    assert "If number.Output &lt;= threshold" in Page(view).details
    assert "when &#x27;10 &lt;= 5&#x27; evaluated false" in Page(view).details
    assert not Page(view).log_is_there
