"""Following something in another thread, and being able to stop at any moment.

::

    Stream              an iterator that can be asked for the next item with a time limit
    Channel             a stream that other threads put items into
    iterate_in_thread   an iterator → a stream that a thread of its own fills
    as_stream           the same, where it isn't a stream already
    merge               several streams → one, without a thread

Threads wait for one condition each and are woken, none looks every now and then whether it should stop.
"""

from __future__ import annotations

import abc
import collections
import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from kfp_jupyter.cancel_token import CancelToken

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S")

_SIZE = 256
"""How many items a channel holds for a reader that is slow."""


class EndOfStreamError(Exception):
    """A stream has no more items."""


class Stream(Iterator[T_co], abc.ABC, Generic[T_co]):
    """An iterator that can also be asked for the next item with a time limit. For one reading thread at a time."""

    def __init__(self) -> None:
        self._news = threading.Event()

    @abc.abstractmethod
    def poll(self) -> T_co | None:
        """Return the next item, None where there is none yet.

        Raises:
            EndOfStreamError: There will be none.
        """

    @abc.abstractmethod
    def subscribe(self, listener: Callable[[], None]) -> None:
        """Have something called whenever `poll` may have something new to say.

        Args:
            listener: What to call, in any thread. It must not wait.
        """

    @abc.abstractmethod
    def close(self) -> None:
        """Want no more items; what makes them is told to stop."""

    def due(self) -> float | None:
        """Return after how many seconds `poll` is to be called even if nothing is new; None for never."""
        return None

    def take(self, seconds: float | None = None) -> T_co | None:
        """Wait for the next item; return None where none came in time.

        Args:
            seconds: How long to wait; as long as it takes unless given.

        Raises:
            EndOfStreamError: There will be none.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            self._news.clear()
            item = self.poll()
            left = None if end is None else end - time.monotonic()
            if item is not None or (left is not None and left <= 0):
                return item
            limits = [limit for limit in (left, self.due()) if limit is not None]
            self._news.wait(min(limits, default=None))

    def __next__(self) -> T_co:
        try:
            while (item := self.take()) is None:
                pass
        except EndOfStreamError:
            raise StopIteration from None
        return item


class Channel(Stream[T]):
    """A stream that other threads put items into.

    Args:
        stop: Ends it; what was put and not taken is dropped.
        newest_only: Whether an item that wasn't taken yet is replaced by the next one. Otherwise who puts an item
            waits while the channel is full.
        size: How many items it holds; any number where that is None.
    """

    def __init__(self, stop: CancelToken | None = None, *, newest_only: bool = False, size: int | None = _SIZE) -> None:
        super().__init__()
        self.token = CancelToken(stop)
        """Set when no more items are wanted."""
        self._newest_only, self._size = newest_only, size
        self._room = threading.Condition()
        self._items: collections.deque[T] = collections.deque()
        self._ended = False
        self._error: BaseException | None = None
        self._listeners: list[Callable[[], None]] = [self._news.set]
        self.token.subscribe(self._cancelled)

    def put(self, item: T) -> bool:
        """Hand an item over; return whether more are wanted.

        Args:
            item: The item.
        """
        with self._room:
            if self._newest_only:
                self._items.clear()
            while self._size is not None and len(self._items) >= self._size and not self.token.is_set():
                self._room.wait()
            if self.token.is_set():
                return False
            self._items.append(item)
        self._tell()
        return True

    def end(self, error: BaseException | None = None) -> None:
        """Put nothing more.

        Args:
            error: What the reader gets after the last item.
        """
        with self._room:
            self._ended, self._error = True, error
        self._tell()

    def poll(self) -> T | None:
        """Return the next item, None where there is none yet; raise what the other side has ended with."""
        with self._room:
            if self.token.is_set():
                raise EndOfStreamError
            if self._items:
                self._room.notify()
                return self._items.popleft()
            if not self._ended:
                return None
            error, self._error = self._error, None
        raise error or EndOfStreamError

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Have something called at each item, and at the end."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Want no more items."""
        self.token.set()

    def _cancelled(self) -> None:
        with self._room:
            self._items.clear()
            self._room.notify_all()
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


class _ThreadStream(Stream[T]):
    """A channel and the thread that fills it; it begins with the first look, and ends when nobody holds the stream."""

    def __init__(self, produce: Callable[[CancelToken], Iterator[T]], channel: Channel[T], name: str) -> None:
        super().__init__()
        self._produce: Callable[[CancelToken], Iterator[T]] | None = produce
        self._channel, self._name = channel, name
        channel.subscribe(self._news.set)

    def poll(self) -> T | None:
        if self._produce is not None:
            produce, self._produce = self._produce, None
            start_thread(_fill(produce, self._channel), self._name)
        return self._channel.poll()

    def subscribe(self, listener: Callable[[], None]) -> None:
        self._channel.subscribe(listener)

    def close(self) -> None:
        self._channel.close()

    def __del__(self) -> None:
        self._channel.close()


class _Merged(Stream[Any]):
    """The items of several streams."""

    def __init__(self, main: Stream[Any], others: tuple[Stream[Any], ...]) -> None:
        super().__init__()
        self._main, self._others = main, others
        self._streams = collections.deque((main, *others))
        self.subscribe(self._news.set)

    def poll(self) -> Any:
        # Each has its turn: one that always has something must not keep the others waiting.
        for _ in range(len(self._streams)):
            stream = self._streams[0]
            self._streams.rotate(-1)
            try:
                item = stream.poll()
            except EndOfStreamError:
                if stream is self._main:
                    raise
                self._streams.remove(stream)
                continue
            if item is not None:
                return item
        return None

    def due(self) -> float | None:
        return min((seconds for stream in self._streams if (seconds := stream.due()) is not None), default=None)

    def subscribe(self, listener: Callable[[], None]) -> None:
        for stream in (self._main, *self._others):
            stream.subscribe(listener)

    def close(self) -> None:
        for stream in (self._main, *self._others):
            stream.close()


def iterate_in_thread(
    produce: Callable[[CancelToken], Iterator[T]],
    stop: CancelToken | None = None,
    *,
    newest_only: bool = False,
    name: str = "reader",
) -> Stream[T]:
    """Return what a function yields in a thread of its own, until it ends, `stop` is set or the stream is let go.

    Args:
        produce: The function; it should end when its token is set. What it raises, the reader gets after the items.
        stop: Ends it all.
        newest_only: Whether an item that wasn't taken yet is replaced by the next.
        name: What the thread is called in lists of threads, behind ``kfp-jupyter-``.

    Example:
        ::

            for state in iterate_in_thread(lambda token: poll_states(run, token), stop, newest_only=True):
                draw(state)
    """
    return _ThreadStream(produce, Channel(stop, newest_only=newest_only), name)


def as_stream(
    items: Iterator[T], stop: CancelToken | None = None, *, newest_only: bool = False, name: str = "reader"
) -> Stream[T]:
    """Return an iterator as a stream; one that isn't a stream yet is iterated in a thread.

    Args:
        items: The iterator; it should end when `stop` is set.
        stop: Ends it all.
        newest_only: Whether an item that wasn't taken yet is replaced by the next.
        name: What the thread is called in lists of threads, behind ``kfp-jupyter-``.
    """
    if isinstance(items, Stream):
        return items
    return iterate_in_thread(lambda _: items, stop, newest_only=newest_only, name=name)


def merge(main: Stream[S], *others: Stream[T]) -> Stream[S | T]:
    """Return the items of several streams as they come, those of each in order; it ends with the first stream.

    Args:
        main: The stream that it ends with, however that ends.
        others: The other ones; what ends them, other than an error, ends nothing else.
    """
    return _Merged(main, others)


def start_thread(target: Callable[[], None], name: str, context: contextvars.Context | None = None) -> threading.Thread:
    """Run `target` in a daemon thread, in a copy of a context.

    In the context the notebook's kernel keeps which cell a message belongs to.

    Args:
        target: What to run.
        name: What it is called in lists of threads, behind ``kfp-jupyter-``.
        context: Whose copy; the caller's own unless given.
    """
    copy = context.copy() if context else contextvars.copy_context()
    thread = threading.Thread(target=copy.run, args=(target,), name=f"kfp-jupyter-{name}", daemon=True)
    thread.start()
    return thread


def _fill(produce: Callable[[CancelToken], Iterator[T]], channel: Channel[T]) -> Callable[[], None]:
    def work() -> None:
        error: BaseException | None = None
        try:
            for item in produce(channel.token):
                if not channel.put(item):
                    break
        except BaseException as raised:  # noqa: BLE001  it is raised again where the items are taken
            error = raised
        channel.end(error)

    return work
