"""Events of a watch, and what is between two of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from kfp_jupyter.engines.argo.background import Interrupt, in_background
from kfp_jupyter.engines.argo.watching import LONGEST_PAUSE, Change, Pauses, merged

NEVER = threading.Event()


def event(kind: str, **fields: Any) -> bytes:
    return json.dumps({"type": kind, "object": fields}, separators=(",", ":")).encode()


def test_of_events_that_come_together_the_newest_counts() -> None:
    newest, problem = merged([event("ADDED", n=1), event("MODIFIED", n=2), b""])
    assert (newest, problem) == (Change(event("MODIFIED", n=2)), None)


def test_a_bookmark_is_no_change() -> None:
    assert merged([event("BOOKMARK")]) == (None, None)


def test_a_deletion_ends_it_with_the_last_state() -> None:
    newest, _ = merged([event("MODIFIED", n=1), event("DELETED", n=2)])
    assert newest == Change(event("DELETED", n=2), deleted=True)


def test_a_forgotten_version_is_told_after_what_came_before() -> None:
    newest, problem = merged([event("MODIFIED", n=1), event("ERROR", code=410, message="too old resource version")])
    assert newest == Change(event("MODIFIED", n=1))
    assert problem
    assert problem.status == 410


def test_an_error_says_how_long_to_wait() -> None:
    _, problem = merged([event("ERROR", code=429, details={"retryAfterSeconds": 3})])
    assert problem
    assert problem.retry_after == 3


def test_events_may_be_written_with_blanks() -> None:
    line = b'{ "type": "MODIFIED", "object": {}}'
    assert merged([line]) == (Change(line), None)


def test_pauses_grow_to_a_limit_and_start_anew() -> None:
    pauses = Pauses(lambda: 1.0)
    grown = [pauses.next() for _ in range(12)]
    assert grown == sorted(grown)
    assert (grown[0], grown[-1]) == (0.2, LONGEST_PAUSE)
    pauses.over()
    assert pauses.next() == 0.2


def test_pauses_of_many_watchers_differ() -> None:
    assert Pauses(lambda: 0.0).next() == pytest.approx(0.1)


def test_a_server_that_asks_for_time_gets_it() -> None:
    assert Pauses().next(at_least=7) == 7


def test_a_slow_reader_sees_the_newest_only() -> None:
    made = threading.Event()

    def produce(_: Interrupt) -> Iterator[int]:
        yield 1
        yield from range(2, 100)
        made.set()

    found = in_background(produce, NEVER, newest_only=True)
    first = next(found)
    made.wait(10)
    assert list(found)[-1:] in ([99], [])
    assert first >= 1


def test_what_ended_the_thread_comes_after_what_it_made() -> None:
    def produce(_: Interrupt) -> Iterator[int]:
        yield 1
        raise LookupError("gone")

    found = in_background(produce, NEVER)
    assert next(found) == 1
    with pytest.raises(LookupError, match="gone"):
        next(found)


def test_a_reader_that_stops_ends_the_thread() -> None:
    ended = threading.Event()

    def produce(interrupt: Interrupt) -> Iterator[int]:
        yield 1
        interrupt.wait(60)
        ended.set()

    stop = threading.Event()
    for _ in in_background(produce, stop):
        stop.set()
    assert ended.wait(10)
