"""``%kfp logs`` in a real shell, with a real run on the local engine."""

from __future__ import annotations

import contextlib
import io
import shlex
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from kfp_jupyter.engines.base import LogChunk
from kfp_jupyter.errors import UsageError
from kfp_jupyter.magics.arguments import with_options
from kfp_jupyter.magics.log_output import print_log
from kfp_jupyter.magics.logs import OPTIONS, find_step
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
    assert notebook.fails(f"%kfp logs {run} ad").endswith("'ad'. Did you mean 'add'? It has add, add-2.")
    assert "no container 'wait'. It has main." in notebook.fails(f"%kfp logs {run} add container=wait")


@pytest.mark.parametrize(
    "words",
    ["", "run", "run step more", "run step tail=0", "run step follow=perhaps", "run step tail=3 file=x"],
)
def test_words_that_make_no_sense_are_answered_with_how_it_is_typed(notebook: Notebook, words: str) -> None:
    assert "%kfp logs RUN STEP [container=NAME] [follow=true] [tail=LINES] [file=PATH]" in notebook.fails(
        f"%kfp logs {words}"
    )


def test_a_step_is_found_by_its_task_or_by_its_path() -> None:
    run = state("train", "loop.fit", "loop.score")
    assert find_step(run, "fit").path == find_step(run, "loop.fit").path == "loop.fit"


def test_steps_of_the_same_name_are_told_apart_by_their_paths() -> None:
    with pytest.raises(
        UsageError, match=r"2 steps of the run run are called 'fit'\. Use the path of one: a\.fit, b\.fit"
    ):
        find_step(state("a.fit", "b.fit"), "fit")


def test_a_path_that_holds_what_looks_like_an_option_names_its_step_as_the_message_proposes_it() -> None:
    items = ("lr=0.1", "it's 2", "a b", "--follow", "container=x")
    run = state(*(f"loop({index}:{item}).say" for index, item in enumerate(items)))
    with pytest.raises(UsageError) as error:
        find_step(run, "say")
    proposed = error.value.remedy.removeprefix("Use the path of one: ").removesuffix(".").split(", ")
    assert len(proposed) == len(items)
    for words, node in zip(proposed, run.steps, strict=True):
        names, given = with_options("%kfp logs", shlex.split(f"run {words} container=wait"), OPTIONS)
        assert (find_step(run, names[1]), given["container"]) == (node, "wait")


@pytest.mark.parametrize("item", ['{"a":1}', "$HOME", "two\nlines"])
def test_a_path_that_a_line_magic_would_read_otherwise_is_proposed_by_its_id(item: str) -> None:
    nodes = {
        key: NodeState(key, f"run.loop({index}:{item}).say", "say", "Pod", "", Phase.RUNNING)
        for index, key in enumerate(("run-1", "run-2"))
    }
    with pytest.raises(UsageError, match=r"Use the path of one: run-1, run-2\."):
        find_step(RunState("run", "run", Phase.RUNNING, nodes=nodes), "say")


def test_the_one_step_of_a_run_without_a_dag_goes_by_the_names_of_run_and_template() -> None:
    root = NodeState("single", "single", "single", "Pod", "hello", Phase.FAILED, run="single")
    run = RunState("single", "single", Phase.FAILED, nodes={"single": root})
    assert find_step(run, "single") is find_step(run, "hello") is root
    with pytest.raises(UsageError, match=r"Did you mean 'single'\?"):
        find_step(run, "singel")


def test_a_single_step_that_was_tried_twice_is_found_whole_and_by_attempt() -> None:
    whole = NodeState("again", "again", "again", "Retry", "hello", Phase.FAILED, run="again", children=("0", "1"))
    tries = {
        str(number): NodeState(
            str(number), f"again({number})", f"again({number})", "Pod", "hello", Phase.FAILED, run="again"
        )
        for number in range(2)
    }
    run = RunState("again", "again", Phase.FAILED, nodes={"again": whole, **tries})
    assert find_step(run, "again") is whole
    assert find_step(run, "again(1)") is tries["1"]


def test_a_log_is_printed_by_its_end_or_as_many_lines_as_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pieces = [LogChunk(f"line {number}\n") for number in range(5_000)]
    print_log(iter(pieces), None, follow=False)
    first, *shown = capsys.readouterr().out.splitlines()
    assert first == "[3,000 earlier lines not printed: tail=LINES prints more of them, file=PATH writes the whole log]"
    assert (len(shown), shown[-1]) == (2_000, "line 4999")
    print_log(iter(pieces), 3, follow=False)
    assert capsys.readouterr().out.splitlines()[1:] == ["line 4997", "line 4998", "line 4999"]
    print_log(iter(pieces[:100]), None, follow=False)
    assert capsys.readouterr().out == "".join(chunk.text for chunk in pieces[:100])


def test_a_log_of_50_mb_takes_little_memory_and_room(capsys: pytest.CaptureFixture[str]) -> None:
    def log(end: str) -> Iterator[LogChunk]:
        for _ in range(800):
            yield LogChunk("x" * 65_535 + end)

    for end in ("\n", "x"):
        for follow in (False, True):
            tracemalloc.start()
            print_log(log(end), None, follow=follow)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            printed = capsys.readouterr().out
            assert peak < 8_000_000
            assert len(printed) < 700_000
            assert "file=PATH writes the whole log" in printed


def test_what_is_followed_is_printed_as_it_comes() -> None:
    printed: list[str] = []
    screen = io.StringIO()

    def live() -> Iterator[LogChunk]:
        for word in ("one\n", "two\n"):
            yield LogChunk(word)
            printed.append(screen.getvalue())

    with contextlib.redirect_stdout(screen):
        print_log(live(), None, follow=True)
    assert printed == ["one\n", "one\ntwo\n"]


def test_a_whole_log_is_written_to_a_file(notebook: Notebook, tmp_path: Path) -> None:
    run = submitted(notebook)
    notebook.run(f"%kfp logs {run} add follow=true")
    ran = notebook.run(f"%kfp logs {run} add file={tmp_path}/add.log")
    assert ran.printed == f"The log is in {tmp_path}/add.log: 7 bytes.\n"
    assert (tmp_path / "add.log").read_text() == "adding\n"
    assert "can't be written to" in notebook.fails(f"%kfp logs {run} add file={tmp_path}/none/add.log")


def test_a_run_without_steps_says_so() -> None:
    with pytest.raises(UsageError, match=r"has no step 'fit'\. It has none yet"):
        find_step(state(), "fit")
