"""An unchanged step with unchanged inputs is not run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.local.cache import digest, max_age
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.runs import Phase, RunState
from tests.engines.conftest import Runs
from tests.engines.workflows import Workflow, python_step, task, workflow

OUT, FILE = "/tmp/outputs/Output/data", "/tmp/outputs/file/data"
WRITE = "import sys; open(sys.argv[1], 'w').write(sys.argv[3]); open(sys.argv[2], 'w').write('file'); print('ran')"


def flow(program: str = WRITE, value: str = "v", **options: Any) -> Workflow:
    step = python_step(
        "step", program, OUT, FILE, "{{inputs.parameters.v}}",
        parameters=["v"], outputs={"out": OUT}, files={"file": FILE}, **({"cached": True} | options),
    )  # fmt: skip
    return workflow(step, tasks=[task("step", parameters={"v": "{{inputs.parameters.v}}"})], v=value)


def cached(state: RunState) -> bool:
    assert state.phase is Phase.SUCCEEDED, state
    return state.by_path()["step"].cached


def test_the_second_run_takes_outputs_and_log_of_the_first(runs: Runs) -> None:
    first, second = runs.run(flow()), runs.run(flow())
    assert (cached(first), cached(second)) == (False, True)
    step = second.by_path()["step"]
    assert (step.outputs, step.exit_code) == ({"out": "v"}, 0)
    run = runs.engine.get(second.id)
    assert runs.engine.read_artifact(run, step.id, "file") == b"file"
    assert runs.log(second) == "ran\n"


def test_the_copy_lives_on_when_the_first_run_is_deleted(runs: Runs) -> None:
    first, second = runs.run(flow()), runs.run(flow())
    runs.engine.delete(runs.engine.get(first.id))
    run = runs.engine.get(second.id)
    assert runs.engine.read_artifact(run, second.by_path()["step"].id, "file") == b"file"
    assert not cached(runs.run(flow()))


@pytest.mark.parametrize(
    "changed",
    [
        flow(program=WRITE + "\n"),
        flow(value="w"),
        flow(cached=False),
        flow(annotations={"kfp-jupyter/isolated": "true"}),
    ],
)
def test_a_changed_step_runs_again(runs: Runs, changed: Workflow) -> None:
    runs.run(flow())
    assert not cached(runs.run(changed))


def test_a_changed_image_runs_again(runs: Runs) -> None:
    runs.run(flow())
    changed = flow()
    changed["spec"]["templates"][1]["container"]["image"] = "python:3.12"
    assert not cached(runs.run(changed))


def test_the_content_of_input_files_counts(runs: Runs, tmp_path: Path) -> None:
    source, there = tmp_path / "source", "/tmp/inputs/x/data"
    make = f"import shutil, sys; shutil.copy({str(source)!r}, sys.argv[1])"
    use = python_step("step", "", there, artifacts={"x": there}, cached=True)
    tasks = [task("make"), task("step", "make", artifacts={"x": "{{tasks.make.outputs.artifacts.file}}"})]
    made = workflow(python_step("make", make, FILE, files={"file": FILE}), use, tasks=tasks)
    seen = []
    for content in ("1", "1", "2"):
        source.write_text(content)
        seen.append(cached(runs.run(made)))
    assert seen == [False, True, False]


def test_a_step_that_failed_is_not_kept(runs: Runs) -> None:
    failing = flow(program="raise SystemExit(1)")
    assert [runs.run(failing).phase for _ in range(2)] == [Phase.FAILED] * 2


@pytest.mark.parametrize(("staleness", "hit"), [("P0D", False), ("P30D", True), ("PT0.0S", False), ("a day", False)])
def test_the_age_that_a_step_accepts_counts(runs: Runs, staleness: str, hit: bool) -> None:
    aged = flow(annotations={"pipelines.kubeflow.org/max_cache_staleness": staleness})
    runs.run(aged)
    assert cached(runs.run(aged)) is hit


def test_an_engine_without_cache_runs_everything(tmp_path: Path) -> None:
    runs = Runs(LocalEngine(tmp_path / "runs", cache=False))
    runs.run(flow())
    assert not cached(runs.run(flow()))


def test_durations_are_read_as_iso_8601_says() -> None:
    def seconds(text: str) -> float | None:
        return max_age({"annotations": {"pipelines.kubeflow.org/max_cache_staleness": text}})

    assert [seconds(text) for text in ("P1D", "PT1H30M", "P1W", "PT5S", "P0D", "")] == [86400, 5400, 604800, 5, 0, None]


def test_a_digest_tells_directories_apart_by_names_and_content(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name / "in").mkdir(parents=True)
        (tmp_path / name / "in" / ("other" if name == "b" else "file")).write_text("2" if name == "c" else "1")
    assert len({digest(tmp_path / name) for name in ("a", "b", "c")}) == 3
    assert digest(tmp_path / "a") == digest(tmp_path / "a")
