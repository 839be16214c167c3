"""A way to a server that can be cut, hung and slowed: network faults on demand, for one test alone."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator

BLOCK = 1 << 16

# Closing sends a reset and not an orderly end, as a broken network does sooner or later.
ABORT = struct.pack("ii", 1, 0)


class Relay:
    """Passes connections on to a server.

    Args:
        host: The server's host.
        port: The server's port.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._passing = threading.Event()
        self._passing.set()
        self._delay = 0.0
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self.port = 0
        self._listen()

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """Break all connections and refuse new ones meanwhile."""
        self.close()
        try:
            yield
        finally:
            self._listen()

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """Pass nothing on meanwhile, and close nothing."""
        self._passing.clear()
        try:
            yield
        finally:
            self._passing.set()

    @contextlib.contextmanager
    def slowed(self, seconds: float) -> Iterator[None]:
        """Hold up everything that is sent meanwhile, in each direction."""
        self._delay = seconds
        try:
            yield
        finally:
            self._delay = 0.0

    def break_connections(self) -> None:
        """Break all connections; new ones are welcome."""
        with self._lock:
            broken, self._connections = self._connections, set()
        for connection in broken:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def close(self) -> None:
        """Refuse and break everything."""
        # Closing alone wouldn't wake the thread that waits for connections.
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.break_connections()

    def _listen(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                near, _ = server.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._connections |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(BLOCK):
                self._passing.wait()
                time.sleep(self._delay)
                sink.sendall(block)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
