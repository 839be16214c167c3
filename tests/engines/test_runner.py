"""The detached process: it outlives its starter, and its death is noticed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import RunNotFoundError
from kfp_jupyter.runs import Phase
from tests.engines.conftest import NEVER, Runs, gone
from tests.engines.workflows import python_step, task, workflow

SLEEP = python_step("step", "import os, time; print(os.getpid(), flush=True); time.sleep(600)")
FLOW = workflow(SLEEP, python_step("next", ""), tasks=[task("step"), task("next", "step")])


def runner_pid(runs: Runs, run: RunRef) -> int:
    return int((runs.directory(run) / "runner.pid").read_text())


def step_pid(runs: Runs, run: RunRef) -> int:
    step = runs.running(run)
    return int(next(runs.engine.logs(run, step.id, follow=True, stop=NEVER)).text)


def test_a_run_outlives_the_process_that_started_it(runs: Runs, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    wait = f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.02)"
    code = f"""
        from pathlib import Path
        from kfp_jupyter.engines.local.engine import LocalEngine
        print(LocalEngine(Path({str(runs.engine.root)!r})).submit({workflow(python_step("step", wait))!r}).id)
    """
    repository = str(Path(__file__).parents[2])
    starter = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {repository!r})\n" + textwrap.dedent(code)],
        capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    run = runs.engine.get(starter.stdout.strip())
    runs.running(run)
    flag.touch()
    assert runs.finish(run).phase is Phase.SUCCEEDED


def test_a_killed_runner_ends_the_run_as_error_and_its_steps_with_it(runs: Runs) -> None:
    run = runs.start(FLOW)
    step = step_pid(runs, run)
    os.kill(runner_pid(runs, run), signal.SIGKILL)
    state = runs.finish(run)
    assert state.phase is Phase.ERROR
    assert state.message == "The process that ran this pipeline has died."
    assert {node.phase for node in state.nodes.values()} == {Phase.ERROR}
    assert gone(step)


def test_whoever_lists_runs_learns_of_a_dead_runner_too(runs: Runs) -> None:
    run = runs.start(FLOW)
    step_pid(runs, run)
    os.kill(runner_pid(runs, run), signal.SIGKILL)
    other = LocalEngine(runs.engine.root)
    limit = time.monotonic() + 10
    # A process that is killed takes a moment to let its lock go.
    while other.runs()[0].phase is Phase.RUNNING and time.monotonic() < limit:
        time.sleep(0.02)
    assert [summary.phase for summary in other.runs()] == [Phase.ERROR]


def test_the_last_words_of_a_runner_that_breaks_are_told(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "")))
    runs.finish(run)
    directory = RunDirectory(runs.directory(run))
    flow = directory.read()
    flow["status"] = {"phase": "Running", "nodes": {}}
    directory.write(flow)
    directory.runner_log.write_text("Traceback …\nModuleNotFoundError: No module named 'x'\n")
    runs.engine._await_runner(directory)
    assert "has died (ModuleNotFoundError: No module named 'x')" in runs.finish(run).message


def test_a_run_can_be_stopped_although_its_runner_hangs(runs: Runs) -> None:
    run = runs.start(FLOW)
    step = step_pid(runs, run)
    os.kill(runner_pid(runs, run), signal.SIGSTOP)
    runs.engine.terminate(run)
    state = runs.finish(run)
    assert (state.phase, state.message) == (Phase.FAILED, "Stopped with strategy 'Terminate'")
    assert gone(step)


def test_a_runner_that_is_told_to_end_stops_its_run(runs: Runs) -> None:
    run = runs.start(FLOW)
    step_pid(runs, run)
    os.kill(runner_pid(runs, run), signal.SIGTERM)
    assert runs.finish(run).message == "Stopped with strategy 'Terminate'"


def test_the_children_of_a_step_are_stopped_with_it(runs: Runs) -> None:
    program = (
        "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(p.pid, flush=True); p.wait()"
    )
    run = runs.start(workflow(python_step("step", program)))
    child = step_pid(runs, run)
    runs.engine.terminate(run)
    assert gone(child)


def test_the_runner_is_no_child_that_the_kernel_must_wait_for(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "")))
    pid = runner_pid(runs, run)
    runs.finish(run)
    limit = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    assert not psutil.pid_exists(pid)


def test_a_retried_run_can_be_stopped_and_retried_again(runs: Runs) -> None:
    run = runs.start(FLOW)
    for _ in range(2):
        step_pid(runs, run)
        runs.engine.terminate(run)
        assert runs.finish(run).phase is Phase.FAILED
        runs.engine.retry(run)
    runs.running(run)


def test_many_threads_may_use_one_engine(runs: Runs) -> None:
    flow = workflow(python_step("step", "print('x')"))
    phases: list[Phase] = []
    threads = [threading.Thread(target=lambda: phases.append(runs.run(flow).phase)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert phases == [Phase.SUCCEEDED] * 6


def test_the_events_of_a_run_are_kept(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "")))
    runs.finish(run)
    events = [json.loads(line) for line in (runs.directory(run) / "events.jsonl").read_text().splitlines()]
    assert [event["phase"] for event in events if event.get("name", "").endswith(".step")] == [
        "Pending",
        "Running",
        "Succeeded",
    ]


@pytest.mark.parametrize("path", ["../x", "../outside/{run}", "{folder}/outside/{run}", "", ".cache", "a/b"])
def test_what_is_no_run_id_finds_no_run(runs: Runs, tmp_path: Path, path: str) -> None:
    run = runs.start(workflow(python_step("step", "")))
    runs.finish(run)
    runs.engine._await_runner(RunDirectory(runs.directory(run)))
    shutil.copytree(runs.directory(run), tmp_path / "outside" / run.id)
    ref = RunRef("local", path.format(run=run.id, folder=tmp_path))
    for ask in (runs.engine.workflow, runs.engine.retry, runs.engine.terminate, runs.engine.delete):
        with pytest.raises(RunNotFoundError, match="There is no run"):
            ask(ref)
    with pytest.raises(RunNotFoundError):
        runs.engine.summary(ref)
    assert (tmp_path / "outside" / run.id / "workflow.json").exists()
