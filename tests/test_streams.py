"""Following something in another thread: order, ends, errors, and being stopped."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.streams import Channel, EndOfStreamError, Stream, as_stream, iterate_in_thread, merge

SOON = 5.0
"""Seconds within which whatever was stopped must have ended, on a machine that is busy."""

lists_of_numbers = st.lists(st.integers(), max_size=600)


class Response:
    """An answer that can be shut."""

    shut = False

    def shutdown(self) -> None:
        self.shut = True


def numbers(items: list[int], error: Exception | None = None) -> Callable[[CancelToken], Iterator[int]]:
    def produce(_: CancelToken) -> Iterator[int]:
        yield from items
        if error:
            raise error

    return produce


def endless(started: threading.Event | None = None) -> Callable[[CancelToken], Iterator[int]]:
    """Yield one number and wait for the end."""

    def produce(token: CancelToken) -> Iterator[int]:
        yield 1
        if started:
            started.set()
        token.wait(60)

    return produce


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "kfp-jupyter-of-test"]


def assert_no_thread_left() -> None:
    end = time.monotonic() + SOON
    while threads() and time.monotonic() < end:
        time.sleep(0.005)
    assert threads() == []


@settings(deadline=None, max_examples=40)
@given(lists_of_numbers)
def test_a_reader_gets_all_in_order(items: list[int]) -> None:
    assert list(iterate_in_thread(numbers(items), name="of-test")) == items
    assert_no_thread_left()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(), min_size=1, max_size=50), st.lists(st.booleans(), max_size=50))
def test_a_slow_reader_of_the_newest_gets_some_in_order_and_the_last(items: list[int], taken: list[bool]) -> None:
    channel: Channel[tuple[int, int]] = Channel(newest_only=True)
    got = []
    for number, item in enumerate(items):
        channel.put((number, item))
        if number < len(taken) and taken[number]:
            got.append(channel.poll())
            assert got[-1] == (number, item)
    channel.end()
    rest = list(channel)

    assert rest == ([] if got[-1:] == [(len(items) - 1, items[-1])] else [(len(items) - 1, items[-1])])


@settings(deadline=None, max_examples=40)
@given(lists_of_numbers)
def test_an_error_comes_once_and_after_all_items(items: list[int]) -> None:
    stream = iterate_in_thread(numbers(items, LookupError("gone")), name="of-test")
    assert [next(stream) for _ in items] == items
    with pytest.raises(LookupError, match="gone"):
        next(stream)
    assert list(stream) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(), max_size=100), st.lists(st.integers(), max_size=100))
def test_merged_streams_keep_their_own_order_and_lose_nothing(left: list[int], right: list[int]) -> None:
    others: Channel[tuple[str, int]] = Channel()
    for item in right:
        others.put(("right", item))

    def produce(_: CancelToken) -> Iterator[tuple[str, int]]:
        for item in left:
            yield "left", item
        deadline = time.monotonic() + SOON
        while others._items and time.monotonic() < deadline:
            time.sleep(0.001)

    found = list(merge(iterate_in_thread(produce), others))

    assert [item for side, item in found if side == "left"] == left
    assert [item for side, item in found if side == "right"] == right


def test_a_stream_that_always_has_something_keeps_no_other_waiting() -> None:
    busy, other = Channel[str](size=None), Channel[str]()
    merged = merge(busy, other)
    for _ in range(100):
        busy.put("busy")
    other.put("other")

    assert "other" in [merged.take(), merged.take()]


def test_a_merged_stream_ends_with_the_first_and_not_with_the_others() -> None:
    main, other = Channel[int](), Channel[int]()
    merged = merge(main, other)
    other.end()
    assert merged.take(0) is None
    main.put(1)
    main.end()
    assert list(merged) == [1]


def test_an_item_of_any_merged_stream_wakes_its_reader() -> None:
    main, other = Channel[int](), Channel[int]()
    threading.Timer(0.05, other.put, (7,)).start()
    began = time.monotonic()
    assert merge(main, other).take(30) == 7
    assert time.monotonic() - began < SOON


def test_a_reader_waits_no_longer_than_it_says() -> None:
    began = time.monotonic()
    assert Channel[int]().take(0.05) is None
    assert 0.05 <= time.monotonic() - began < SOON


def test_who_fills_a_full_channel_waits_for_its_reader() -> None:
    channel = Channel[int](size=2)
    put: list[int] = []

    def fill() -> None:
        for item in range(5):
            channel.put(item)
            put.append(item)
        channel.end()

    thread = threading.Thread(target=fill)
    thread.start()
    time.sleep(0.05)
    assert len(put) <= 2
    assert list(channel) == [0, 1, 2, 3, 4]
    thread.join(SOON)
    assert put == [0, 1, 2, 3, 4]


def test_a_cancelled_channel_frees_the_writer_and_the_reader_at_once() -> None:
    token = CancelToken()
    full, empty = Channel[int](token, size=1), Channel[int](token)
    full.put(0)
    wanted: list[bool] = []
    writer = threading.Thread(target=lambda: wanted.append(full.put(1)))
    found: list[int] = []
    reader = threading.Thread(target=lambda: found.extend(empty))
    writer.start()
    reader.start()
    time.sleep(0.05)
    token.set()
    writer.join(SOON)
    reader.join(SOON)

    assert not writer.is_alive()
    assert not reader.is_alive()
    assert (wanted, found) == ([False], [])


def test_what_was_not_taken_before_the_end_is_dropped() -> None:
    channel = Channel[int]()
    channel.put(1)
    channel.close()
    with pytest.raises(EndOfStreamError):
        channel.poll()


@pytest.mark.parametrize("how", ["token", "close", "let go"])
def test_a_reader_that_stops_ends_the_thread(how: str) -> None:
    stop, started = CancelToken(), threading.Event()
    stream: Stream[int] | None = iterate_in_thread(endless(started), stop, name="of-test")
    assert stream is not None
    assert next(stream) == 1
    assert started.wait(SOON)
    assert threads() == ["kfp-jupyter-of-test"]
    if how == "token":
        stop.set()
        assert list(stream) == []
    elif how == "close":
        stream.close()
    stream = None
    gc.collect()
    assert_no_thread_left()


def test_a_loop_that_is_left_ends_the_thread() -> None:
    for _ in iterate_in_thread(endless(), name="of-test"):
        break
    assert_no_thread_left()


def test_a_stream_that_nobody_reads_has_no_thread() -> None:
    stream = iterate_in_thread(endless(), name="of-test")
    assert threads() == []
    stream.close()


def test_a_generator_is_closed_in_the_thread_that_ran_it() -> None:
    closed_in: list[str] = []

    def items() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed_in.append(threading.current_thread().name)

    stream = iterate_in_thread(lambda _: items(), name="of-test")
    next(stream)
    stream.close()
    assert_no_thread_left()
    assert closed_in == ["kfp-jupyter-of-test"]


def test_what_is_a_stream_already_gets_no_second_thread() -> None:
    channel = Channel[int]()
    assert as_stream(channel) is channel
    assert list(as_stream(iter([1, 2]))) == [1, 2]


def test_what_is_being_read_is_shut_when_the_token_is_set() -> None:
    token, response = CancelToken(), Response()
    with token.reading(response):
        assert not response.shut
        token.set()
    assert response.shut


def test_an_answer_that_comes_after_the_end_is_shut_at_once() -> None:
    token, response = CancelToken(), Response()
    token.set()
    with token.reading(response):
        assert response.shut


def test_what_is_not_read_any_more_is_left_alone() -> None:
    token, response = CancelToken(), Response()
    with token.reading(response):
        pass
    token.set()
    assert not response.shut


def test_a_token_sets_those_below_it_and_not_the_one_above() -> None:
    above = CancelToken()
    below, beside = CancelToken(above), CancelToken(above)
    below.set()
    assert not above.is_set()
    above.set()
    assert beside.is_set()
    assert CancelToken(above).is_set()


def test_a_token_is_set_soon_after_a_plain_event() -> None:
    event = threading.Event()
    token = CancelToken.of(event)
    assert CancelToken.of(token) is token
    told = threading.Event()
    token.subscribe(told.set)
    assert not token.is_set()
    event.set()
    assert told.wait(10)
    assert token.is_set()


def test_the_thread_that_looks_at_an_event_ends_with_its_token() -> None:
    def lookers() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "kfp-jupyter-cancel"]

    before = set(lookers())
    token = CancelToken.of(threading.Event())
    (mine,) = set(lookers()) - before
    del token
    mine.join(10)
    assert not mine.is_alive()
