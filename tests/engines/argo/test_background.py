"""Threads that wait on the network, and how they are ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kfp_jupyter.engines.argo.background import Interrupt, in_background

NEVER = threading.Event()


class Response:
    """An answer that can be shut."""

    shut = False

    def shutdown(self) -> None:
        self.shut = True


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


def test_a_reader_that_loses_interest_ends_the_thread() -> None:
    ended = threading.Event()

    def produce(interrupt: Interrupt) -> Iterator[int]:
        yield 1
        interrupt.wait(60)
        ended.set()

    for _ in in_background(produce, NEVER):
        break
    assert ended.wait(10)


def test_what_is_being_read_is_shut_at_the_end() -> None:
    interrupt, response = Interrupt(), Response()
    with interrupt.reading(response):
        assert not response.shut
        interrupt.end()
    assert response.shut


def test_an_answer_that_comes_after_the_end_is_shut_at_once() -> None:
    interrupt, response = Interrupt(), Response()
    interrupt.end()
    with interrupt.reading(response):
        assert response.shut
