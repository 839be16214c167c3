"""What runs when."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs, phase
from tests.engines.workflows import Workflow, python_step, task, workflow

MEET = """
import os, sys, time
open(sys.argv[1], 'w').close()
limit = time.monotonic() + 60
while not os.path.exists(sys.argv[2]):
    assert time.monotonic() < limit
    time.sleep(0.01)
"""
FAIL = python_step("fail", "raise SystemExit(1)")


def meeting(folder: Path) -> Workflow:
    a, b = str(folder / "a"), str(folder / "b")
    return workflow(python_step("one", MEET, a, b), python_step("two", MEET, b, a))


def test_independent_steps_run_side_by_side(runs: Runs, tmp_path: Path) -> None:
    assert runs.run(meeting(tmp_path)).phase is Phase.SUCCEEDED


def test_parallelism_bounds_how_many(tmp_path: Path) -> None:
    runs = Runs(LocalEngine(tmp_path / "runs", parallelism=1))
    run = runs.start(meeting(tmp_path))
    state = runs.until(run, lambda state: phase(state, "one") == "Running")
    assert phase(state, "two") == "Pending"
    runs.engine.terminate(run)


def test_what_depends_on_a_failed_step_is_omitted(runs: Runs) -> None:
    steps = [python_step(name, "") for name in ("next", "last")]
    tasks = [task("fail"), task("next", "fail"), task("last", "next")]
    state = runs.run(workflow(FAIL, *steps, tasks=tasks))
    assert state.phase is Phase.FAILED
    for name in ("next", "last"):
        node = state.by_path()[name]
        assert (node.phase, node.type, node.message) == (Phase.OMITTED, "Skipped", "omitted: depends condition not met")


def test_after_a_failure_the_branches_beside_it_go_on(runs: Runs, tmp_path: Path) -> None:
    slow = python_step("slow", MEET, str(tmp_path / "x"), str(tmp_path / "go"))
    tasks = [task("fail"), task("slow"), task("later", "slow"), task("never", "fail", "slow")]
    run = runs.start(workflow(FAIL, slow, *(python_step(name, "") for name in ("later", "never")), tasks=tasks))
    runs.until(run, lambda state: phase(state, "fail") == "Failed" and phase(state, "slow") == "Running")
    (tmp_path / "go").touch()
    state = runs.finish(run)
    assert [phase(state, name) for name in ("slow", "later", "never")] == ["Succeeded", "Succeeded", "Omitted"]
    assert state.phase is Phase.FAILED


def test_a_step_gets_outputs_of_the_steps_before_it(runs: Runs) -> None:
    out = "/tmp/outputs/Output/data"
    write = "import sys; open(sys.argv[1], 'w').write(str(int(sys.argv[2]) + 1))"
    add = python_step("add", write, out, "{{inputs.parameters.n}}", parameters=["n"], outputs={"sum": out})
    tasks = [
        task("add", parameters={"n": "{{inputs.parameters.start}}"}),
        task("add", "add", name="add-2", parameters={"n": "{{tasks.add.outputs.parameters.sum}}"}),
        task("add", "add-2", name="add-3", parameters={"n": "{{tasks.add-2.outputs.parameters.sum}}0"}),
    ]
    state = runs.run(workflow(add, tasks=tasks, start="1"))
    assert state.by_path()["add-3"].outputs == {"sum": "31"}


def test_the_nodes_are_linked_as_argo_links_them(runs: Runs) -> None:
    steps = [python_step(name, "") for name in "abc"]
    state = runs.run(workflow(*steps, tasks=[task("a"), task("b", "a"), task("c", "a", "b")]))
    nodes = state.by_path()
    root = nodes[""]
    assert (root.id, root.type, root.children) == (state.name, "DAG", (nodes["a"].id,))
    assert nodes["a"].children == (nodes["b"].id, nodes["c"].id)
    assert nodes["b"].children == (nodes["c"].id,)
    assert {nodes[name].boundary_id for name in "abc"} == {root.id}


def test_dags_inside_dags_pass_values_and_files_in_and_out(runs: Runs) -> None:
    out, there = "/tmp/outputs/Output/data", "/tmp/inputs/x/data"
    double = "import sys; open(sys.argv[2], 'w').write(open(sys.argv[1]).read() + sys.argv[3])"
    step = python_step(
        "step", double, there, out, "{{inputs.parameters.p}}",
        parameters=["p"], artifacts={"x": there}, outputs={"both": out},
    )  # fmt: skip
    inner = {
        "name": "inner",
        "inputs": {"parameters": [{"name": "p"}], "artifacts": [{"name": "x"}]},
        "outputs": {
            "parameters": [{"name": "v", "valueFrom": {"parameter": "{{tasks.step.outputs.parameters.both}}"}}],
            "artifacts": [{"name": "f", "from": "{{tasks.step.outputs.artifacts.both}}"}],
        },
        "dag": {
            "tasks": [
                task(
                    "step",
                    parameters={"p": "{{inputs.parameters.p}}"},
                    artifacts={"x": "{{inputs.artifacts.x}}"},
                )
            ]
        },
    }
    first = python_step("first", "import sys; open(sys.argv[1], 'w').write('1')", out, outputs={"o": out})
    again = {
        "parameters": {"p": "{{tasks.in.outputs.parameters.v}}"},
        "artifacts": {"x": "{{tasks.in.outputs.artifacts.f}}"},
    }
    tasks = [
        task("first"),
        task(
            "inner", "first", name="in", parameters={"p": "2"}, artifacts={"x": "{{tasks.first.outputs.artifacts.o}}"}
        ),
        task("step", "in", name="end", **again),
    ]
    state = runs.run(workflow(first, step, inner, tasks=tasks))
    assert state.by_path()["end"].outputs == {"both": "1212"}
    assert state.by_path()["in"].outputs == {"v": "12"}
    assert state.by_path()["in.step"].boundary_id == state.by_path()["in"].id


def test_a_failure_in_an_inner_dag_fails_the_outer(runs: Runs) -> None:
    inner = {"name": "inner", "dag": {"tasks": [task("fail")]}}
    state = runs.run(workflow(FAIL, inner, python_step("after", ""), tasks=[task("inner"), task("after", "inner")]))
    assert state.phase is Phase.FAILED
    assert (phase(state, "inner"), phase(state, "after")) == ("Failed", "Omitted")


def test_a_container_may_be_the_entrypoint(runs: Runs) -> None:
    flow = workflow(python_step("main", "print(1)"))
    flow["spec"]["templates"] = [flow["spec"]["templates"][1]]
    assert runs.run(flow).phase is Phase.SUCCEEDED


@pytest.mark.parametrize("steps", [40])
def test_a_wide_workflow_ends(runs: Runs, steps: int) -> None:
    flow = workflow(python_step("step", ""), tasks=[task("step", name=f"step-{n}") for n in range(steps)])
    state = runs.run(flow)
    assert (state.phase, len(state.steps)) == (Phase.SUCCEEDED, steps)
