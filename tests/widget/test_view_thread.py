"""The thread of a view: states, the clock, calls, and when it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kfp_jupyter.runs import RunState
from kfp_jupyter.streams import as_stream
from kfp_jupyter.widget.view_thread import StateListener, ViewThread, tick_after
from tests.widget.memory_engine import run_state
from tests.widget.views import OwnThreads, until


@pytest.mark.parametrize(("seconds", "tick"), [(0, 1), (59, 1), (60, 2), (599, 2), (600, 5), (90_000, 5)])
def test_the_clock_of_a_long_run_ticks_less_often(seconds: float, tick: float) -> None:
    assert tick_after(seconds) == tick


def test_calls_come_when_they_are_due_and_then_the_thread_ends(own_threads: OwnThreads) -> None:
    called: list[str] = []
    thread = ViewThread(lambda: None, called.append)
    thread.call(lambda: called.append("later"), 0.2)
    thread.call(lambda: called.append("now"))
    until(lambda: not own_threads())
    assert called == ["now", "later"]
    thread.call(lambda: called.append("once more"))
    until(lambda: called[-1] == "once more")


def test_what_is_called_and_fails_is_told_and_ends_nothing() -> None:
    told: list[str] = []
    done = threading.Event()

    def fails() -> None:
        raise LookupError("gone")

    thread = ViewThread(lambda: None, told.append)
    thread.call(fails)
    thread.call(done.set)
    assert done.wait(30)
    assert told == ["The view can't show something of the run: LookupError: gone"]


def test_the_clock_ticks_before_the_first_state_and_until_it_is_stopped(own_threads: OwnThreads) -> None:
    ticks: list[int] = []
    thread = ViewThread(lambda: ticks.append(1), lambda _: None)
    thread.tick = 0.02
    thread.start_clock()
    until(lambda: len(ticks) >= 3)
    thread.stop_clock()
    until(lambda: not own_threads())


def test_states_are_handed_on_to_the_last_one(own_threads: OwnThreads) -> None:
    found, ends = list[RunState](), list[Exception | None]()
    states = [run_state("Running"), run_state("Succeeded"), run_state("Failed")]
    thread = ViewThread(lambda: None, lambda _: None)
    thread.follow(as_stream(iter(states)), StateListener(found.append, ends.append))
    until(lambda: ends and not own_threads())
    assert (found, ends) == (states[:2], [None])


def test_what_ends_the_states_is_handed_on_after_them() -> None:
    def states() -> Iterator[RunState]:
        yield run_state("Running")
        raise LookupError("gone")

    found, ends = list[RunState](), list[Exception | None]()
    thread = ViewThread(lambda: None, lambda _: None)
    thread.follow(as_stream(states()), StateListener(found.append, ends.append))
    until(lambda: ends)
    assert found == [run_state("Running")]
    assert isinstance(ends[0], LookupError)


def test_a_view_that_cannot_draw_a_state_takes_no_more() -> None:
    ends = list[Exception | None]()

    def draw(_: RunState) -> None:
        raise ValueError("no room")

    thread = ViewThread(lambda: None, lambda _: None)
    thread.follow(as_stream(iter([run_state("Running"), run_state("Succeeded")])), StateListener(draw, ends.append))
    until(lambda: ends)
    assert [str(end) for end in ends] == ["no room"]
