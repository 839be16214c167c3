"""A SOCKS5 proxy on this machine (RFC 1928 and 1929); whatever it is asked for, it leads to one port."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import socketserver
import threading
from collections.abc import Iterator
from io import BufferedIOBase

from tests.kubernetes.proxy import pass_on

_NO_LOGIN, _PASSWORD, _NONE_WILL_DO = 0, 2, 255


class SocksProxy:
    """A proxy.

    Attributes:
        port: Where it is.
        connections: How many have come.
        asked: The host and port that each wants, a name in quotes: it is for the proxy to resolve.
        account: User and password that it wants; None for whoever comes.
        refusal: The number that it answers questions with instead; 0 for none.
        greeting: What it says to all, whatever they say; empty for what a proxy says.
        silent: Whether it says nothing at all.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.connections = 0
        self.asked: list[str] = []
        self.account: tuple[str, str] | None = None
        self.refusal = 0
        self.greeting = b""
        self.silent = threading.Event()

    def url(self, account: str = "", scheme: str = "socks5") -> str:
        """Its address, with an account such as ``user:password@``."""
        return f"{scheme}://{account}127.0.0.1:{self.port}"


@contextlib.contextmanager
def socks_proxying(port: int) -> Iterator[SocksProxy]:
    """Listen.

    Args:
        port: Where it leads, on this machine.
    """

    class Handler(socketserver.StreamRequestHandler):
        rbufsize = 0

        def handle(self) -> None:
            made.connections += 1
            if made.greeting:
                self.wfile.write(made.greeting)
                return
            if made.silent.is_set():
                self.rfile.read(-1)
                return
            if not self._let_in():
                return
            made.asked.append(_target(self.rfile))
            self.wfile.write(bytes([5, made.refusal, 0, 1, 0, 0, 0, 0, 0, 0]))
            if made.refusal:
                return
            with socket.create_connection(("127.0.0.1", port)) as far:
                back = threading.Thread(target=pass_on, args=(far, self.request), daemon=True)
                back.start()
                pass_on(self.request, far)
                back.join()

        def _let_in(self) -> bool:
            _, count = self.rfile.read(2)
            offered = self.rfile.read(count)
            wanted = _PASSWORD if made.account else _NO_LOGIN
            if wanted not in offered:
                self.wfile.write(bytes([5, _NONE_WILL_DO]))
                return False
            self.wfile.write(bytes([5, wanted]))
            if made.account is None:
                return True
            self.rfile.read(1)
            told = tuple(self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
            self.wfile.write(bytes([1, told != made.account]))
            return told == made.account

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        made = SocksProxy(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()


def _target(asking: BufferedIOBase) -> str:
    kind = asking.read(4)[3]
    if kind == 3:
        host = repr(asking.read(asking.read(1)[0]).decode())
    else:
        host = str(ipaddress.ip_address(asking.read(4 if kind == 1 else 16)))
    return f"{host} {int.from_bytes(asking.read(2), 'big')}"
