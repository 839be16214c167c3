"""People see the end of a log, as the terminal would show it."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import LogChunk, RunRef
from kfp_jupyter.widget.log import LogFollower, LogTail, end_of_log
from kfp_jupyter.widget.log_box import BLOCK_LINES, LogBox
from kfp_jupyter.widget.view_thread import ViewThread
from tests.widget.memory_engine import MemoryEngine, node, run_state, workflow
from tests.widget.views import until

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
    assert shown(tail) == "7 earlier lines left out\n7\n8\n9"


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


def text_of(box: LogBox) -> str:
    """What the box shows, as a person reads it."""
    inside = box.children[0]
    shown = [html.unescape(re.sub("<[^>]*>", "", widget.value)).strip("\n") for widget in inside.children]
    return "\n".join(text for text in shown if text)


def shown(tail: LogTail, *, live: bool = True) -> str:
    box = LogBox()
    box.show(tail.lines(), tail.left_out, live=live)
    return text_of(box)


def test_an_empty_log_says_so() -> None:
    assert shown(LogTail()) == "Nothing written yet."
    assert shown(LogTail(), live=False) == "The step wrote nothing."


lines_of_a_log = st.lists(st.text(alphabet="ab", max_size=3) | st.just("x" * 5000), max_size=60)


@settings(deadline=None, max_examples=50)
@given(st.lists(lines_of_a_log, max_size=8), st.integers(1, 90))
def test_a_log_that_was_appended_to_shows_its_end(updates: list[list[str]], kept: int) -> None:
    tail, box = LogTail(max_lines=kept), LogBox()
    for number, lines in enumerate(updates):
        tail.add("".join(f"{number} {line}\n" for line in lines))
        box.show(tail.lines(), tail.left_out, live=True)
    text = text_of(box)
    end = "\n".join(tail.lines())

    assert text.endswith(end)
    before = text[: len(text) - len(end)].rstrip("\n")
    # Lines that were dropped stay while others of their block are shown.
    assert before.count("\n") <= BLOCK_LINES
    first = re.match(r"(\d+) earlier line", text)
    if tail.lines():
        note = 1 if first else 0
        assert text.count("\n") + 1 - note + int(first[1] if first else 0) == len(tail.lines()) + tail.left_out


def test_lines_that_stand_there_are_not_sent_again() -> None:
    box, tail = LogBox(), LogTail()
    tail.add("".join(f"line {number}\n" for number in range(300)))
    box.show(tail.lines(), 0, live=True)
    sent: list[str] = []
    for widget in box.children[0].children:
        widget.observe(lambda change: sent.append(change["new"]), "value")
    tail.add("the newest line\n")
    box.show(tail.lines(), 0, live=True)

    assert len(sent) <= 1
    assert "the newest line" in text_of(box)
    assert sum(map(len, sent)) < 1000


def test_a_progress_bar_changes_the_last_lines_alone() -> None:
    box, tail = LogBox(), LogTail()
    tail.add("".join(f"line {number}\n" for number in range(60)))
    for percent in range(3):
        tail.add(f"\r{percent} %")
        box.show(tail.lines(), 0, live=True)

    assert text_of(box).endswith("line 59\n2 %")
    assert text_of(box).count("%") == 1


def test_a_key_that_comes_in_pieces_is_hidden_in_all_that_stands_there() -> None:
    box, tail = LogBox(), LogTail()
    lines = ["-----BEGIN PRIVATE KEY-----", *(f"MIIEvQIBADANBgkqhkiG9w0BAQEF{n:04}" for n in range(40))]
    for line in lines:
        tail.add(f"{line}\n")
        box.show(tail.lines(), tail.left_out, live=True)

    assert "MIIE" not in text_of(box)


def test_a_long_log_leaves_no_row_of_empty_blocks() -> None:
    box, tail = LogBox(), LogTail()
    for number in range(10_000):
        tail.add(f"line {number}\n")
        if number % 10 == 0:
            box.show(tail.lines(), tail.left_out, live=True)

    assert len(box.children[0].children) < 100


def test_a_log_is_followed_to_the_end_of_the_step() -> None:
    engine = MemoryEngine()
    ref = engine.add(workflow({"a": []}), run_state("Running", node("a", "Running")))
    seen: list[tuple[list[str], bool]] = []
    view = ViewThread(lambda: None, lambda _: None)

    def show(lines: list[str], _: int, more: bool) -> None:
        seen.append((lines, more))

    engine.log(STEP, "one\n")
    follower = LogFollower(engine, ref, STEP, CancelToken(), show, view.call)
    thread = threading.Thread(target=follower.read)
    thread.start()
    until(lambda: seen)
    engine.log(STEP, "two\n")
    engine.report(run_state("Succeeded", node("a", "Succeeded")))
    thread.join(30)
    until(lambda: seen[-1] == (["one", "two"], False))


def test_a_log_that_breaks_says_why() -> None:
    class Broken(MemoryEngine):
        def logs(
            self, run: RunRef, node_id: str, *, follow: bool, stop: threading.Event, container: str = "main"
        ) -> Iterator[LogChunk]:
            raise OSError("no space left")

    engine = Broken()
    ref = engine.add(workflow({"a": []}), run_state("Running"))
    seen: list[list[str]] = []
    at_once = lambda job, _: job()  # noqa: E731

    LogFollower(engine, ref, STEP, CancelToken(), lambda lines, *_: seen.append(lines), at_once).read()

    assert seen[-1] == ["The log can't be read: OSError: no space left"]


def test_the_end_of_a_log_comes_with_the_engines_notice() -> None:
    engine = MemoryEngine()
    ref = engine.add(workflow({"a": []}), run_state("Failed", node("a", "Failed")))
    engine.log(STEP, "1\n2\n")
    engine.log(STEP, "the rest is gone", notice=True)

    assert end_of_log(engine, ref, STEP, CancelToken()) == "1\n2\nthe rest is gone"
