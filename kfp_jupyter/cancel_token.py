"""Telling other threads to stop, and ending what they read from a server."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

_LOOK_SECONDS = 0.2
"""How often an event that isn't a token is looked at."""


class CancelToken(threading.Event):
    """An event that tells threads to stop; when it is set, it also ends the answer of a server that is being read.

    Args:
        parent: Another token; setting that sets this one too.

    Example:
        ::

            stop = CancelToken()
            threading.Thread(target=follow, args=(engine, run, stop)).start()
            stop.set()
    """

    def __init__(self, parent: CancelToken | None = None) -> None:
        super().__init__()
        # Reentrant: a signal's handler may set a token while its thread does so.
        self._lock = threading.RLock()
        self._callbacks: dict[object, Callable[[], None]] = {}
        self._children: weakref.WeakSet[CancelToken] = weakref.WeakSet()
        if parent is not None:
            parent._adopt(self)

    @classmethod
    def of(cls, event: threading.Event) -> CancelToken:
        """Return a token that is set soon after an event is: the event itself where it is a token already.

        Args:
            event: The event. It can't wake anybody when it is set, so a thread looks at it for as long as the token is
                used.
        """
        if isinstance(event, cls):
            return event
        token = cls()
        arguments = (event, weakref.ref(token))
        threading.Thread(target=_set_with, args=arguments, name="kfp-jupyter-cancel", daemon=True).start()
        return token

    def set(self) -> None:
        """Tell all threads to stop."""
        super().set()
        with self._lock:
            for callback in list(self._callbacks.values()):
                callback()
            for child in list(self._children):
                child.set()

    def subscribe(self, callback: Callable[[], None]) -> object:
        """Have the token call something when it is set, at once where it is set already; return a key of that.

        Args:
            callback: What to call, perhaps twice, in the thread that sets the token. It must not wait.
        """
        key = object()
        with self._lock:
            self._callbacks[key] = callback
            if self.is_set():
                callback()
        return key

    def unsubscribe(self, key: object) -> None:
        """Have it not called any more; it isn't being called either when this returns.

        Args:
            key: What `subscribe` has returned.
        """
        with self._lock:
            del self._callbacks[key]

    @contextlib.contextmanager
    def reading(self, response: Any) -> Iterator[None]:
        """Shut the connection of a server's answer when the token is set, so that who reads it sees its end.

        Args:
            response: The answer, of urllib3.
        """

        def shut() -> None:
            # What is shut already is what is wanted. urllib3 before 2.3 can't do it (HTTPResponse.shutdown is new
            # there): then the thread reads on until the time-out, and nobody waits for it.
            with contextlib.suppress(OSError, ValueError, AttributeError, RuntimeError):
                response.shutdown()

        key = self.subscribe(shut)
        try:
            yield
        finally:
            self.unsubscribe(key)

    def _adopt(self, child: CancelToken) -> None:
        with self._lock:
            self._children.add(child)
            if self.is_set():
                child.set()


def _set_with(event: threading.Event, token: weakref.ref[CancelToken]) -> None:
    """Set a token with an event, until it is set or nothing uses it any more."""
    while not event.wait(_LOOK_SECONDS):
        used = token()
        if used is None or used.is_set():
            return
        del used
    used = token()
    if used is not None:
        used.set()
