"""What a step gets, and how its end is told."""

from __future__ import annotations

import json

import pytest

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError
from kfp_jupyter.runs import Phase
from tests.engines.conftest import NEVER, Runs, gone, phase
from tests.engines.workflows import command_step, python_step, task, workflow

OUT = "/tmp/outputs/Output/data"
WRITE = "import sys; open(sys.argv[1], 'w').write(sys.argv[2])"
VALUES = [
    "plain",
    "two words",
    'it\'s "quoted" and `quoted`',
    "line\nline\r\n\ttab\n",
    "{{inputs.parameters.value}} {{tasks.say.id}} {{x}} {{",
    "$HOME $(id) ${x} \\ %s !!",
    "žluťoučký 馬 🐎",
    "/tmp/outputs/Output/data",
    "--flag",
    "",
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_arrives_unchanged(runs: Runs, value: str) -> None:
    say = python_step("say", WRITE, OUT, "{{inputs.parameters.value}}", parameters=["value"], outputs={"out": OUT})
    hear = python_step("hear", "import os; open(os.environ['TO'], 'w', newline='').write(os.environ['VALUE'])")
    hear["container"]["env"] = [
        {"name": "TO", "value": "/tmp/outputs/heard/data"},
        {"name": "VALUE", "value": "{{inputs.parameters.value}}"},
    ]
    hear["inputs"] = {"parameters": [{"name": "value"}]}
    hear["outputs"] = {"artifacts": [{"name": "heard", "path": "/tmp/outputs/heard/data"}]}
    state = runs.run(
        workflow(
            say,
            hear,
            tasks=[
                task("say", parameters={"value": "{{inputs.parameters.value}}"}),
                task("hear", parameters={"value": "{{inputs.parameters.value}}"}),
            ],
            value="default",
        ),
        value=value,
    )
    heard = runs.engine.read_artifact(RunRef("local", state.id), state.by_path()["hear"].id, "heard")
    assert heard.decode() == value
    # Argo drops one newline at the end of an output parameter.
    assert state.by_path()["say"].outputs == {"out": value.removesuffix("\n")}


def test_raw_content_of_an_input_file_has_its_tags_replaced(runs: Runs) -> None:
    step = python_step("step", "import sys; print(open(sys.argv[1]).read())", "/tmp/inputs/text/data", parameters=["a"])
    step["inputs"]["artifacts"] = [
        {"name": "text", "path": "/tmp/inputs/text/data", "raw": {"data": "got '{{inputs.parameters.a}}' {{b}}"}}
    ]
    state = runs.run(workflow(step, tasks=[task("step", parameters={"a": "{{inputs.parameters.a}}"})], a='"x"'))
    assert runs.log(state) == "got '\"x\"' {{b}}\n"


def test_a_file_goes_from_step_to_step_and_a_consumer_does_not_change_it(runs: Runs) -> None:
    there = {"data": "/tmp/inputs/data/data"}
    change = "import sys; p = sys.argv[1]; open(p, 'a').write('!'); print(open(p).read())"
    source = {"data": "{{tasks.make.outputs.artifacts.made}}"}
    state = runs.run(
        workflow(
            python_step("make", WRITE, OUT, "made", files={"made": OUT}),
            python_step("change", change, there["data"], artifacts=there),
            tasks=[
                task("make"),
                task("change", "make", artifacts=source),
                task("change", "change", "make", name="again", artifacts=source),
            ],
        )
    )
    assert (runs.log(state, "change"), runs.log(state, "again")) == ("made!\n", "made!\n")


def test_a_directory_is_an_artifact_too(runs: Runs) -> None:
    make = "import os, sys; os.makedirs(sys.argv[1] + '/a/b'); open(sys.argv[1] + '/a/b/c', 'w').write('deep')"
    show = "import sys; print(open(sys.argv[1] + '/a/b/c').read())"
    folder, there = "/tmp/outputs/folder/data", "/tmp/inputs/folder/data"
    state = runs.run(
        workflow(
            python_step("make", make, folder, files={"folder": folder}),
            python_step("show", show, there, artifacts={"folder": there}),
            tasks=[task("make"), task("show", "make", artifacts={"folder": "{{tasks.make.outputs.artifacts.folder}}"})],
        )
    )
    assert runs.log(state, "show") == "deep\n"


def test_a_failing_step_says_its_exit_code(runs: Runs) -> None:
    step = runs.run(workflow(python_step("step", "import sys; print('why'); sys.exit(3)"))).by_path()["step"]
    assert (step.phase, step.message, step.exit_code) == (Phase.FAILED, "The program ended with exit code 3", 3)


def test_a_killed_step_names_the_signal(runs: Runs) -> None:
    step = runs.run(workflow(python_step("step", "import os; os.kill(os.getpid(), 9)"))).by_path()["step"]
    assert (step.phase, step.exit_code) == (Phase.FAILED, 137)
    assert step.message == "Killed by signal 9 (SIGKILL), perhaps out of memory"


def test_a_shell_that_reports_a_signal_is_understood(runs: Runs) -> None:
    state = runs.run(workflow(command_step("step", "sh", "-c", "sh -c 'kill -SEGV $$'; exit $?")))
    assert (
        state.by_path()["step"].message == "The program ended with exit code 139, which a shell returns after SIGSEGV"
    )


def test_a_missing_output_is_named(runs: Runs) -> None:
    step = runs.run(workflow(python_step("step", "", outputs={"step-model": "/tmp/outputs/model/data"}))).steps[0]
    assert step.phase is Phase.ERROR
    assert step.message == "The step has ended without writing its output 'step-model' (/tmp/outputs/model/data)."


def test_an_optional_output_may_be_missing(runs: Runs) -> None:
    step = python_step("step", "", files={"extra": "/tmp/outputs/extra/data"})
    step["outputs"]["artifacts"][0]["optional"] = True
    assert runs.run(workflow(step)).phase is Phase.SUCCEEDED


def test_an_output_that_is_no_text_is_named(runs: Runs) -> None:
    program = "import sys; open(sys.argv[1], 'wb').write(b'ab\\xff')"
    step = runs.run(workflow(python_step("step", program, OUT, outputs={"bytes": OUT}))).steps[0]
    assert "The output 'bytes' is not UTF-8 text: invalid start byte at byte 2." in step.message


def test_an_output_parameter_that_is_too_large_names_size_and_remedy(runs: Runs) -> None:
    program = "import sys; open(sys.argv[1], 'w').write('x' * 10_000_000)"
    step = runs.run(workflow(python_step("step", program, OUT, outputs={"big": OUT}))).steps[0]
    assert step.phase is Phase.ERROR
    assert "The output 'big' has 10,000,000 bytes" in step.message
    assert "InputPath" in step.message


def test_a_ten_megabyte_file_goes_from_step_to_step(runs: Runs) -> None:
    program = "import sys; open(sys.argv[1], 'w').write('x' * 10_000_000)"
    there = "/tmp/inputs/big/data"
    state = runs.run(
        workflow(
            python_step("make", program, OUT, files={"big": OUT}),
            python_step("size", "import os, sys; print(os.path.getsize(sys.argv[1]))", there, artifacts={"big": there}),
            tasks=[task("make"), task("size", "make", artifacts={"big": "{{tasks.make.outputs.artifacts.big}}"})],
        )
    )
    assert runs.log(state, "size") == "10000000\n"


def test_an_argument_that_is_too_large_names_the_input_before_anything_starts(runs: Runs) -> None:
    step = python_step("step", "print('started')", "--x", "{{inputs.parameters.big}}", parameters=["big"])
    flow = workflow(step, tasks=[task("step", parameters={"big": "{{inputs.parameters.big}}"})], big="")
    state = runs.run(flow, big="x" * 200_000)
    assert "The input 'big' has 200,000 bytes" in state.steps[0].message
    assert "InputPath" in state.steps[0].message
    assert runs.log(state) == ""


@pytest.mark.parametrize("value", ["a\0b", "a\ud800b"])
def test_a_character_that_no_program_can_take_names_the_input(runs: Runs, value: str) -> None:
    step = python_step("step", "", "--x", "{{inputs.parameters.odd}}", parameters=["odd"])
    flow = workflow(step, tasks=[task("step", parameters={"odd": "{{inputs.parameters.odd}}"})], odd="")
    assert "The input 'odd' contains a character" in runs.run(flow, odd=value).steps[0].message


def test_bytes_that_are_no_utf8_do_not_harm_the_log(runs: Runs) -> None:
    program = "import sys; sys.stdout.buffer.write('před'.encode() + b'\\xff\\xfe' + 'po\\n'.encode())"
    state = runs.run(workflow(python_step("step", program)))
    assert runs.log(state) == "před\ufffd\ufffdpo\n"


def test_characters_split_between_two_writes_stay_whole(runs: Runs) -> None:
    program = "import os, time\nfor b in 'žluť\\n'.encode(): os.write(1, bytes([b])); time.sleep(0.02)"
    run = runs.start(workflow(python_step("step", program)))
    step = runs.running(run)
    chunks = runs.engine.logs(run, step.id, follow=True, stop=NEVER)
    assert "".join(chunk.text for chunk in chunks) == "žluť\n"


def test_both_output_streams_are_in_the_log_in_order(runs: Runs) -> None:
    program = "import sys\nfor n in range(3): print('out', n); print('err', n, file=sys.stderr)"
    state = runs.run(workflow(python_step("step", program)))
    assert runs.log(state).split("\n")[:4] == ["out 0", "err 0", "out 1", "err 1"]


def test_a_step_without_a_log_says_so(runs: Runs) -> None:
    fails = python_step("fails", "raise SystemExit(1)")
    state = runs.run(workflow(fails, python_step("never", ""), tasks=[task("fails"), task("never", "fails")]))
    ref = RunRef("local", state.id)
    chunks = list(runs.engine.logs(ref, state.by_path()["never"].id, follow=True, stop=NEVER))
    assert [chunk.notice for chunk in chunks] == [True]
    assert "it hasn't run" in chunks[0].text


def test_a_log_that_was_removed_says_so(runs: Runs) -> None:
    state = runs.run(workflow(python_step("step", "print(1)")))
    (runs.directory(state) / "nodes" / state.steps[0].id / "main.log").unlink()
    (chunk,) = runs.engine.logs(RunRef("local", state.id), state.steps[0].id, follow=True, stop=NEVER)
    assert chunk.notice
    assert "no longer available" in chunk.text


def test_following_a_log_ends_when_its_run_is_deleted(runs: Runs) -> None:
    run = runs.start(workflow(python_step("step", "import time; print('x', flush=True); time.sleep(600)")))
    chunks = runs.engine.logs(run, runs.running(run).id, follow=True, stop=NEVER)
    assert next(chunks).text == "x\n"
    runs.engine.terminate(run)
    runs.engine.delete(run)
    assert [chunk.notice for chunk in chunks] == [True]


def test_a_command_of_the_shell_runs_as_written(runs: Runs) -> None:
    state = runs.run(workflow(command_step("step", "sh", "-c", 'echo "$0" "$@"', "a", "b c")))
    assert runs.log(state) == "a b c\n"


def test_a_program_that_is_not_here_is_named(runs: Runs) -> None:
    state = runs.run(workflow(command_step("step", "nosuchprogram", "x")))
    assert "The program 'nosuchprogram' isn't installed on this machine" in state.steps[0].message


def test_a_step_has_its_own_directories_and_no_input(runs: Runs) -> None:
    program = (
        "import json, os, sys, tempfile\nprint(json.dumps([os.getcwd(), tempfile.gettempdir(), sys.stdin.read(),"
        "os.getsid(0) == os.getpid()]))"
    )
    state = runs.run(workflow(python_step("step", program)))
    node = runs.directory(state) / "nodes" / state.steps[0].id
    assert json.loads(runs.log(state)) == [str(node / "work"), str(node / "tmp"), "", True]


def test_what_a_step_leaves_running_ends_with_it(runs: Runs) -> None:
    program = (
        "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)"
    )
    state = runs.run(workflow(python_step("step", program)))
    assert gone(int(runs.log(state)))


def test_braces_of_a_program_are_its_own(runs: Runs) -> None:
    state = runs.run(workflow(python_step("step", "print('{{x}} {{inputs.parameters.no}}', {'a': {'b': 1}})")))
    assert runs.log(state) == "{{x}} {{inputs.parameters.no}} {'a': {'b': 1}}\n"


def test_a_stopped_step_that_ignores_the_polite_signal_is_killed(runs: Runs) -> None:
    program = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True)\nwhile True: time.sleep(9)"
    )
    run = runs.start(
        workflow(python_step("step", program), python_step("next", ""), tasks=[task("step"), task("next", "step")])
    )
    step = runs.running(run)
    next(runs.engine.logs(run, step.id, follow=True, stop=NEVER))
    runs.engine.terminate(run)
    state = runs.finish(run)
    assert (phase(state, "step"), state.phase) == ("Failed", Phase.FAILED)


def test_parameters_over_the_limit_are_refused_with_name_and_size(runs: Runs) -> None:
    with pytest.raises(EngineError, match=r"'big' has 10,000,000 bytes.*InputPath"):
        runs.run(workflow(python_step("step", ""), big=""), big="x" * 10_000_000)


def test_an_unknown_parameter_names_the_nearest(runs: Runs) -> None:
    with pytest.raises(EngineError, match=r"no parameter 'rat'.*Did you mean 'rate'"):
        runs.run(workflow(python_step("step", ""), rate="1", depth="2"), rat="1")


def test_a_parameter_without_value_is_named(runs: Runs) -> None:
    with pytest.raises(EngineError, match="'rate' has no value"):
        runs.run(workflow(python_step("step", ""), rate=None))
