"""A port of this machine that leads to one of a pod: each connection to it becomes a port-forward of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any

from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.port_forward import PortForward

_BLOCK = 1 << 16


class LocalListener:
    """Listens at a free port of the loopback interface.

    Args:
        connect: Opens a port-forward to the pod.
        first: An open one, for the first connection.

    Attributes:
        address: Host and port.
    """

    def __init__(self, connect: Callable[[], PortForward], first: PortForward) -> None:
        self._connect = connect
        self._ready: PortForward | None = first
        self._lock = threading.Lock()
        self._closed = False
        self._connections: list[socket.socket] = []
        self._forwards: list[PortForward] = [first]
        self._threads: list[threading.Thread] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._start(self._accept)

    def close(self) -> None:
        """End everything, and wait for it."""
        with self._lock:
            self._closed = True
        # Closing alone wouldn't wake the threads that wait for a connection or for data.
        for open_socket in (self._server, *self._connections):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        for forward in self._forwards:
            forward.end()
        for thread in self._threads:
            thread.join()
        for open_socket in (self._server, *self._connections):
            open_socket.close()
        for forward in self._forwards:
            forward.close()

    def _start(self, work: Any, *words: Any) -> None:
        thread = threading.Thread(target=work, args=words, name="kfp-jupyter-forward", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            forward, self._ready = self._ready, None
            try:
                forward = forward or self._connect()
            except EngineError:
                # To the program that has connected, it is a server that hangs up; the program says so.
                near.close()
                continue
            with self._lock:
                if self._closed:
                    near.close()
                    forward.close()
                    return
                self._connections.append(near)
                self._forwards.append(forward)
                self._start(_pass_up, near, forward)
                self._start(_pass_down, near, forward)


def _pass_up(near: socket.socket, forward: PortForward) -> None:
    with contextlib.suppress(OSError):
        while block := near.recv(_BLOCK):
            forward.send(block)
    forward.end()


def _pass_down(near: socket.socket, forward: PortForward) -> None:
    with contextlib.suppress(OSError):
        for block in forward.blocks():
            near.sendall(block)
    with contextlib.suppress(OSError):
        near.shutdown(socket.SHUT_RDWR)
