"""``kfp-jupyter run``: a pipeline on this machine, followed in the terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kfp_jupyter.engines.local.engine import LocalEngine
from tests.cli.conftest import Desk
from tests.compat.programs import LIMIT, ROOT

SLOW = """
from kfp import dsl
from kfp.components import create_component_from_func

def wait():
    import time
    time.sleep(600)

wait_op = create_component_from_func(wait)

@dsl.pipeline(name="Slow")
def slow():
    wait_op()
"""


def without_times(output: str) -> list[str]:
    """The lines of a run without clock, durations and the run's random name."""
    output = re.sub(r"^\d\d:\d\d:\d\d  ", "", output, flags=re.MULTILINE)
    output = re.sub(r"  \d+\.\d s$", "", output, flags=re.MULTILINE)
    return re.sub(r"(calculation|failing|slow)-[a-z0-9]{5}", r"\1-…", output).splitlines()


def test_a_line_is_written_for_each_step_that_ends(desk: Desk) -> None:
    done = desk.run("run", "calculation.py")
    assert done.returncode == 0, done.stderr
    first, *steps, last = without_times(done.stdout)
    assert first == "Run calculation-…"
    # A step may have ended before anybody saw it run.
    assert [line for line in steps if "Running" not in line] == ["Succeeded  add", "Succeeded  add-2"]
    assert last.startswith("Run calculation-… succeeded after ")


def test_parameters_are_given_by_name(desk: Desk) -> None:
    done = desk.run("run", "calculation.py", "-p", "a=40", "--param", "b=-1")
    assert done.returncode == 0, done.stderr
    engine = LocalEngine()
    [run] = engine.runs()
    nodes = engine.workflow(run.ref)["status"]["nodes"].values()
    assert [n["outputs"]["parameters"][0]["value"] for n in nodes if n["displayName"] == "add"] == ["39.0"]


def test_a_run_is_given_its_name_and_experiment(desk: Desk) -> None:
    assert desk.run("run", "calculation.py", "--name", "First try", "--experiment", "Sums").returncode == 0
    [run] = LocalEngine().runs()
    assert (run.name, run.experiment) == ("First try", "Sums")


def test_steps_of_an_earlier_run_come_from_the_cache(desk: Desk) -> None:
    desk.run("run", "calculation.py")
    assert without_times(desk.run("run", "calculation.py").stdout)[1:3] == ["Cached     add", "Cached     add-2"]
    assert "Succeeded  add" in without_times(desk.run("run", "calculation.py", "--no-cache").stdout)


def test_the_log_of_a_failing_step_is_shown(desk: Desk) -> None:
    done = desk.run("run", "two.py", "--function", "failing")
    assert done.returncode == 1
    lines = without_times(done.stdout)
    assert "    | no number is good enough" in lines
    assert "    | ValueError: 1.0" in lines
    assert lines[-1].startswith("Run failing-… failed after ")


def test_a_compiled_package_runs_too(desk: Desk) -> None:
    desk.run("compile", "calculation.py", "-o", "package.tar.gz")
    done = desk.run("run", "package.tar.gz")
    assert done.returncode == 0, done.stderr


def test_an_unknown_parameter_is_said_in_a_line(desk: Desk) -> None:
    done = desk.run("run", "calculation.py", "-p", "c=1")
    assert done.returncode == 2
    assert done.stderr.startswith("error: The pipeline has no parameter 'c'.")


def test_a_parameter_without_a_value_is_said_in_a_line(desk: Desk) -> None:
    done = desk.run("run", "calculation.py", "-p", "a")
    assert done.returncode == 2
    assert done.stderr == "error: --param 'a' has no value. Write it as NAME=VALUE.\n"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C reach the programs that are started: a shell that has put the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_stops_the_run(desk: Desk) -> None:
    desk.write("slow.py", SLOW)
    with subprocess.Popen(
        [sys.executable, "-m", "kfp_jupyter.cli", "run", "slow.py"],
        cwd=desk.directory,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            for line in process.stdout:
                if "Running    wait" in line:
                    break
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=LIMIT)
        finally:
            process.kill()
    assert process.returncode == 130
    assert without_times(rest) == ["Stopping slow-…"]
    engine = LocalEngine()
    [run] = engine.runs()
    assert run.phase.bad
