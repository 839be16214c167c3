"""Outputs that are neither files nor directories are told at the step that wrote them, and not waited for."""

from __future__ import annotations

import pytest

from kfp_jupyter.runs import Phase
from tests.engines.conftest import Runs
from tests.engines.workflows import Workflow, python_step, task, workflow


def flow_of(artifact: str) -> Workflow:
    """A step that makes its output in some way, and one that may be cached and takes it."""
    where = "/tmp/outputs/o/data"
    make = python_step("make", f"import os, socket\nwhere = {where!r}\n{artifact}", files={"o": where})
    take = python_step("take", "", artifacts={"i": "/tmp/inputs/i/data"}, cached=True)
    given = task("take", "make", artifacts={"i": "{{tasks.make.outputs.artifacts.o}}"})
    return workflow(make, take, tasks=[task("make"), given])


SOCKET = "os.chdir(os.path.dirname({0})); socket.socket(socket.AF_UNIX).bind(os.path.basename({0}))"
SPECIAL = {
    "a FIFO": ("os.mkfifo(where)", "is a FIFO, not a file or a directory"),
    "a socket": (SOCKET.format("where"), "is a socket, not a file or a directory"),
    "an endless device": ("os.symlink('/dev/zero', where)", "symbolic link that leads out of the step, to '/dev/zero'"),
    "a link out": ("os.symlink('/etc/hostname', where)", "symbolic link that leads out of the step"),
    "a link to nothing": ("os.symlink('/nowhere', where)", "symbolic link that leads out of the step"),
    "a link up": (
        "os.symlink('../../../../../../../workflow.json', where)",
        "symbolic link that leads out of the step",
    ),
    "a link to itself": ("os.symlink(where, where)", "symbolic link that leads nowhere"),
    "a FIFO inside": ("os.mkdir(where); os.mkfifo(where + '/f')", "'o' holds 'f', which is a FIFO"),
    "a socket inside": ("os.mkdir(where); " + SOCKET.format("where + '/s'"), "'o' holds 's', which is a socket"),
    "a link out inside": (
        "os.makedirs(where + '/d'); os.symlink('/etc', where + '/d/l')",
        "'o' holds 'd/l', which is a",
    ),
    "a directory without end": (
        "os.mkdir(where); os.chdir(where); [(os.mkdir('d'), os.chdir('d')) for _ in range(1500)]",
        "is nested too deep to be copied",
    ),
}


@pytest.mark.parametrize(("artifact", "words"), SPECIAL.values(), ids=SPECIAL)
def test_an_output_of_another_kind_is_told_at_the_step_that_wrote_it(runs: Runs, artifact: str, words: str) -> None:
    run = runs.start(flow_of(artifact))
    make = runs.finish(run).by_path()["make"]
    assert make.phase is Phase.ERROR
    assert words in make.message
    # pytest can't remove what is nested too deep.
    runs.engine.delete(run)


@pytest.mark.parametrize("kind", ["os.mkfifo(where)", "os.symlink('/dev/zero', where)"])
def test_an_output_parameter_of_another_kind_is_told_and_not_waited_for(runs: Runs, kind: str) -> None:
    where = "/tmp/outputs/o/data"
    program = f"import os\nwhere = {where!r}\n{kind}"
    step = runs.run(workflow(python_step("step", program, outputs={"o": where}))).by_path()["step"]
    assert step.phase is Phase.ERROR
    assert step.message.startswith("The output 'o' is a ")


def test_links_inside_the_step_are_outputs_like_any_other(runs: Runs) -> None:
    artifact = "os.mkdir(where); open(where + '/a', 'w').write('x'); os.symlink('a', where + '/b')"
    assert runs.run(flow_of(artifact)).phase is Phase.SUCCEEDED
    assert runs.run(flow_of("open('mine', 'w').write('x'); os.symlink(os.path.abspath('mine'), where)")).phase is (
        Phase.SUCCEEDED
    )
