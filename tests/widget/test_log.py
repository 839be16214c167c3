"""People see the end of a log, as the terminal would show it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.engines.base import LogChunk, RunRef
from kfp_jupyter.streams import CancelToken
from kfp_jupyter.widget.log import LogTail, end_of_log, follow_log, log_html
from tests.widget.memory_engine import MemoryEngine, node, run_state, workflow

STEP = "demo-a"


@given(st.text(alphabet="ab\r\n\x1b[3m"), st.integers(1, 5))
def test_pieces_make_the_same_tail_as_the_whole(text: str, size: int) -> None:
    whole, pieces = LogTail(), LogTail()
    whole.add(text)
    for start in range(0, len(text), size):
        pieces.add(text[start : start + size])

    assert pieces.text() == whole.text()


def test_only_the_last_lines_are_kept_and_the_rest_is_counted() -> None:
    tail = LogTail(max_lines=3)
    tail.add("".join(f"{i}\n" for i in range(10)))

    assert tail.text() == "7\n8\n9"
    assert tail.left_out == 7
    assert "7 earlier lines left out" in log_html(tail, live=True)


def test_a_line_of_megabytes_is_cut() -> None:
    tail = LogTail()
    tail.add("x" * 5_000_000)
    tail.add("y\n")

    assert len(tail.text()) <= 8 * 1024
    assert tail.text().endswith("y")


def test_a_progress_bar_is_its_last_state() -> None:
    tail = LogTail()
    for percent in range(100):
        tail.add(f"\r{percent} %")

    assert tail.text() == "99 %"


def test_an_empty_log_says_so() -> None:
    assert "Nothing written yet" in log_html(LogTail(), live=True)
    assert "wrote nothing" in log_html(LogTail(), live=False)


def test_a_log_is_followed_to_the_end_of_the_step() -> None:
    engine = MemoryEngine()
    ref = engine.add(workflow({"a": []}), run_state("Running", node("a", "Running")))
    shown: list[tuple[str, bool]] = []
    first = threading.Event()

    def show(tail: LogTail, more: bool) -> None:
        shown.append((tail.text(), more))
        first.set()

    engine.log(STEP, "one\n")
    thread = threading.Thread(target=follow_log, args=(engine, ref, STEP, CancelToken(), show))
    thread.start()
    assert first.wait(30)
    engine.log(STEP, "two\n")
    engine.report(run_state("Succeeded", node("a", "Succeeded")))
    thread.join(30)

    assert shown[-1] == ("one\ntwo", False)


def test_a_log_that_breaks_says_why() -> None:
    class Broken(MemoryEngine):
        def logs(
            self, run: RunRef, node_id: str, *, follow: bool, stop: CancelToken, container: str = "main"
        ) -> Iterator[LogChunk]:
            raise OSError("no space left")

    engine = Broken()
    ref = engine.add(workflow({"a": []}), run_state("Running"))
    shown: list[str] = []

    follow_log(engine, ref, STEP, CancelToken(), lambda tail, _: shown.append(tail.text()))

    assert shown[-1] == "The log can't be read: OSError: no space left"


def test_the_end_of_a_log_comes_with_the_engines_notice() -> None:
    engine = MemoryEngine()
    ref = engine.add(workflow({"a": []}), run_state("Failed", node("a", "Failed")))
    engine.log(STEP, "1\n2\n")
    engine.log(STEP, "the rest is gone", notice=True)

    assert end_of_log(engine, ref, STEP, CancelToken()) == "1\n2\nthe rest is gone"
