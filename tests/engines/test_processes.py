"""What a step has started ends with it, whatever process group, session or environment it has made for itself."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.engines.local.process_start import process_start
from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs, gone
from tests.engines.workflows import Template, python_step, workflow

DAEMON = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.execve(sys.executable, WORDS, {})
    os._exit(0)
os.wait()
"""

WAYS = {
    "timeout": "subprocess.Popen(['timeout', '600', *WORDS])",
    "setsid": "subprocess.Popen(['setsid', '--fork', *WORDS])",
    "job control": "subprocess.Popen(['bash', '-c', 'set -m; \"$@\" & \"$@\" & disown -a', 'bash', *WORDS])",
    "a session of its own": "subprocess.Popen(WORDS, start_new_session=True)",
    "a daemon without environment": DAEMON,
    "a child of a child": "subprocess.Popen(['sh', '-c', '\"$@\" & \"$@\" & exit', 'sh', *WORDS])",
}
"""How a step starts something that stays."""


class Stayer:
    """A program that never ends by itself, known by a word of its own."""

    def __init__(self) -> None:
        self.word = uuid.uuid4().hex

    def step(self, name: str, way: str, then: str) -> Template:
        """A step that starts it in some way, goes on when it runs, and then does something."""
        started = f"""
import os, signal, subprocess, sys, time
WORDS = [sys.executable, '-c', 'import os, time; open("up", "w").close(); time.sleep(600)', '{self.word}']
{WAYS[way]}
while not os.path.exists('up'):
    time.sleep(0.01)
{then}
"""
        return python_step(name, started)

    def running(self) -> list[psutil.Process]:
        """Its processes; those that are only waiting for their parent to notice their end don't count."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if self.word in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def until_gone(self) -> None:
        """Wait until it doesn't run any more."""
        limit = time.monotonic() + 30
        while self.running():
            assert time.monotonic() < limit, self.running()
            time.sleep(0.02)


@pytest.fixture
def stayer() -> Iterator[Stayer]:
    """Something that stays, ended afterwards."""
    made = Stayer()
    yield made
    for process in made.running():
        with contextlib.suppress(psutil.Error):
            process.kill()


SLEEP = "print('up', flush=True); time.sleep(600)"


def wait_for_step(runs: Runs, run: RunRef, name: str = "step") -> Path:
    """Wait until a step says that it is up; return its directory."""
    step = runs.running(run, name)
    directory = runs.directory(run) / "nodes" / step.id
    limit = time.monotonic() + 30
    while "up" not in (directory / "main.log").read_text():
        assert time.monotonic() < limit
        time.sleep(0.02)
    return directory


def family(runs: Runs, run: RunRef) -> list[psutil.Process]:
    """The runner of a run, and below it the processes that keep its steps, without the steps."""
    runner = psutil.Process(int((runs.directory(run) / "runner.pid").read_text()))
    found = [runner]
    for child in runner.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found += [child] if child.cmdline() == runner.cmdline() else []
    return found


@pytest.mark.parametrize("way", WAYS)
def test_what_a_step_started_ends_when_the_step_does(runs: Runs, stayer: Stayer, way: str) -> None:
    state = runs.run(workflow(stayer.step("step", way, "")))
    assert state.phase is Phase.SUCCEEDED
    assert stayer.running() == []


@pytest.mark.parametrize("way", WAYS)
def test_what_a_step_started_ends_when_the_run_is_stopped(runs: Runs, stayer: Stayer, way: str) -> None:
    run = runs.start(workflow(stayer.step("step", way, SLEEP)))
    wait_for_step(runs, run)
    assert stayer.running()
    runs.engine.terminate(run)
    assert stayer.running() == []
    assert runs.finish(run).message == "Stopped with strategy 'Terminate'"


@pytest.mark.parametrize("way", WAYS)
def test_what_a_step_started_ends_when_the_runner_is_killed_although_nobody_looks(
    runs: Runs, stayer: Stayer, way: str
) -> None:
    run = runs.start(workflow(stayer.step("step", way, SLEEP)))
    wait_for_step(runs, run)
    family(runs, run)[0].kill()
    stayer.until_gone()
    assert runs.finish(run).phase is Phase.ERROR


def test_a_step_is_an_error_when_its_supervisor_is_killed_and_nothing_of_it_goes_on(runs: Runs, stayer: Stayer) -> None:
    run = runs.start(workflow(stayer.step("step", "a daemon without environment", SLEEP)))
    wait_for_step(runs, run)
    _, _, supervisor = family(runs, run)
    supervisor.kill()
    state = runs.finish(run)
    assert state.by_path()["step"].message.startswith("The process that supervises this step was killed.")
    stayer.until_gone()


def test_whoever_looks_ends_the_steps_when_all_that_kept_them_was_killed_at_once(runs: Runs, stayer: Stayer) -> None:
    run = runs.start(workflow(stayer.step("step", "a session of its own", SLEEP)))
    wait_for_step(runs, run)
    killed = family(runs, run)
    for process in killed:
        process.suspend()
    for process in killed:
        process.kill()
    psutil.wait_procs(killed)
    assert stayer.running()
    assert runs.finish(run).phase is Phase.ERROR
    stayer.until_gone()


HANG = """
os.kill(os.getppid(), signal.SIGSTOP)
print('up', flush=True)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(600)
"""


def test_a_step_that_stops_what_watches_over_it_ends_with_its_run(runs: Runs, stayer: Stayer) -> None:
    run = runs.start(workflow(stayer.step("step", "a daemon without environment", HANG)))
    wait_for_step(runs, run)
    runs.engine.terminate(run)
    assert stayer.running() == []
    assert runs.finish(run).phase is Phase.FAILED


def test_a_step_that_stops_what_watches_over_it_ends_when_the_runner_is_killed(runs: Runs, stayer: Stayer) -> None:
    run = runs.start(workflow(stayer.step("step", "a daemon without environment", HANG)))
    wait_for_step(runs, run)
    family(runs, run)[0].kill()
    stayer.until_gone()
    assert runs.finish(run).phase is Phase.ERROR


def test_what_cleared_its_environment_ends_with_a_run_whose_processes_all_hang(runs: Runs, stayer: Stayer) -> None:
    run = runs.start(workflow(stayer.step("step", "a daemon without environment", SLEEP)))
    wait_for_step(runs, run)
    for process in family(runs, run):
        process.suspend()
    runs.engine.terminate(run)
    assert stayer.running() == []


def test_a_run_whose_processes_all_hang_can_be_stopped(runs: Runs, stayer: Stayer) -> None:
    run = runs.start(workflow(stayer.step("step", "setsid", SLEEP)))
    wait_for_step(runs, run)
    for process in family(runs, run):
        process.suspend()
    runs.engine.terminate(run)
    assert runs.finish(run).phase is Phase.FAILED
    assert stayer.running() == []


def test_the_end_of_one_step_leaves_the_processes_of_another_alone(runs: Runs, stayer: Stayer, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    wait = f"print('up', flush=True)\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.02)"
    other = Stayer()
    steps = [
        stayer.step("long", "a daemon without environment", wait),
        other.step("short", "a daemon without environment", ""),
    ]
    run = runs.start(workflow(*steps))
    wait_for_step(runs, run, "long")
    runs.until(run, lambda state: state.by_path()["short"].phase.finished)
    assert (len(stayer.running()), other.running()) == (1, [])
    flag.touch()
    assert runs.finish(run).phase is Phase.SUCCEEDED
    assert stayer.running() == []


def test_setting_the_clock_leaves_no_step_running_beside_its_retry(runs: Runs, stayer: Stayer) -> None:
    run = runs.start(workflow(stayer.step("step", "timeout", SLEEP)))
    record = wait_for_step(runs, run) / "process.json"
    written = json.loads(record.read_text())
    record.write_text(json.dumps(written | {"time": written["time"] - 3600}))
    family(runs, run)[0].kill()
    assert runs.finish(run).phase is Phase.ERROR
    assert gone(written["pid"])
    runs.engine.retry(run)
    wait_for_step(runs, run)
    assert len(stayer.running()) == 2  # timeout(1) has the word among its arguments, too


def test_no_record_of_a_process_makes_anybody_end_one_that_is_not_the_runs(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "print('up', flush=True); import time; time.sleep(600)")))
    record = wait_for_step(runs, run) / "process.json"
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    try:
        os.kill(family(runs, run)[0].pid, signal.SIGKILL)
        created = psutil.Process(bystander.pid).create_time()
        words = {"pid": bystander.pid, "time": created, "start": process_start(bystander.pid)}
        record.write_text(json.dumps(words))
        (runs.directory(run) / "runner.pid").write_text(str(bystander.pid))
        assert runs.finish(run).phase is Phase.ERROR
        runs.engine.runs()
        runs.engine.retry(run)
        runs.engine.terminate(run)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize("put_back", [False, True], ids=["removed", "replaced"])
def test_a_run_whose_directory_is_removed_ends(runs: Runs, stayer: Stayer, put_back: bool) -> None:
    run = runs.start(workflow(stayer.step("step", "setsid", SLEEP)))
    wait_for_step(runs, run)
    processes = family(runs, run)
    shutil.rmtree(runs.directory(run))
    if put_back:
        runs.directory(run).mkdir()
    stayer.until_gone()
    assert all(gone(process.pid) for process in processes)
    assert list(runs.engine.root.glob("*/*")) == []


def test_a_step_gets_the_signals_of_a_terminal_as_if_started_there(runs: Runs) -> None:
    program = "from signal import *; print(*(getsignal(number).name for number in (SIGTERM, SIGHUP, SIGCHLD)))"
    state = runs.run(workflow(python_step("step", program)))
    assert runs.log(state) == "SIG_DFL SIG_DFL SIG_DFL\n"
