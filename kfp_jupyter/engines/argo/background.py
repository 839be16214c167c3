"""A thread that waits on the network, so that whoever follows something can be told to stop at any moment."""

from __future__ import annotations

import collections
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_LOOK = 0.2
"""Seconds between two looks at whether to stop: nobody can wait for two things at once."""

_ROOM = 256
"""How many pieces may wait for a reader that is slow."""


class Interrupt:
    """Ends what a thread waits for: pauses, and the answer that it reads."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._response: Any = None

    @property
    def set(self) -> bool:
        """Whether it is over."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Pause; return whether it is over."""
        return self._event.wait(seconds)

    @contextlib.contextmanager
    def reading(self, response: Any) -> Iterator[None]:
        """Note what is read inside."""
        with self._lock:
            self._response = response
            if self._event.is_set():
                # It was ended while the answer was on its way.
                self._shut()
        try:
            yield
        finally:
            with self._lock:
                self._response = None

    def end(self) -> None:
        """End it."""
        self._event.set()
        with self._lock:
            self._shut()

    def _shut(self) -> None:
        if self._response is not None:
            # What is shut down already is what is wanted; older urllib3 has no such method and reads on until its
            # time-out, in a thread that nobody waits for.
            with contextlib.suppress(OSError, ValueError, AttributeError, RuntimeError):
                self._response.shutdown()


class _Box(Generic[T]):
    """What the thread has made and nobody has taken yet."""

    def __init__(self, newest_only: bool) -> None:
        self._newest_only = newest_only
        self._changed = threading.Condition()
        self._items: collections.deque[T] = collections.deque()
        self._over = False
        self._error: BaseException | None = None

    def put(self, item: T, interrupt: Interrupt) -> None:
        with self._changed:
            while len(self._items) >= _ROOM and not interrupt.set:
                self._changed.wait(_LOOK)
            if self._newest_only:
                self._items.clear()
            self._items.append(item)
            self._changed.notify_all()

    def close(self, error: BaseException | None) -> None:
        with self._changed:
            self._over, self._error = True, error
            self._changed.notify_all()

    def take(self, seconds: float) -> tuple[list[T], bool]:
        """Return the items, in order, and whether there will be no more; raise what ended the thread after them."""
        with self._changed:
            if not self._items and not self._over:
                self._changed.wait(seconds)
            items = list(self._items)
            self._items.clear()
            self._changed.notify_all()
            if not items and self._error is not None:
                raise self._error
            return items, self._over and not items


def in_background(
    produce: Callable[[Interrupt], Iterator[T]], stop: threading.Event, *, newest_only: bool = False
) -> Iterator[T]:
    """Yield what a function yields in a thread of its own, until it ends or `stop` is set.

    Args:
        produce: The function; it should end when its `Interrupt` is set.
        stop: Ends it all.
        newest_only: Whether an item that wasn't taken yet is replaced by the next.
    """
    interrupt, box = Interrupt(), _Box[T](newest_only)

    def work() -> None:
        error: BaseException | None = None
        try:
            for item in produce(interrupt):
                if interrupt.set:
                    break
                box.put(item, interrupt)
        except BaseException as raised:  # noqa: BLE001  it is raised again where the items are taken
            error = raised
        box.close(error)

    threading.Thread(target=work, name="kfp-jupyter-argo", daemon=True).start()
    try:
        while not stop.is_set():
            items, over = box.take(_LOOK)
            for item in items:
                yield item
                if stop.is_set():
                    return
            if over:
                return
    finally:
        interrupt.end()
