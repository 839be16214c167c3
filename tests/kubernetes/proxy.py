"""A proxy on this machine, for CONNECT and for plain HTTP; whatever it is asked for, it leads to one port."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path


class Proxy:
    """A proxy.

    Attributes:
        url: Where it is.
        asked: The first line of each request.
        told: The header ``Proxy-Authorization`` of each; empty where there was none.
        refusal: A status line that it answers with instead; empty for none.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.told: list[str] = []
        self.refusal = ""


@contextlib.contextmanager
def proxying(port: int, certificate: Path | None = None) -> Iterator[Proxy]:
    """Listen.

    Args:
        port: Where it leads, on this machine.
        certificate: What it shows to whoever comes, with its key; None for a proxy of plain HTTP.
    """

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := self.request.recv(1 << 16)):
                    return
                head += piece
            lines = head.partition(b"\r\n\r\n")[0].decode().split("\r\n")
            made.asked.append(lines[0])
            told = [line.partition(": ")[2] for line in lines if line.lower().startswith("proxy-authorization:")]
            made.told.append("".join(told))
            if made.refusal:
                self.request.sendall(
                    f"HTTP/1.1 {made.refusal}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
                )
                return
            with socket.create_connection(("127.0.0.1", port)) as far:
                if lines[0].startswith("CONNECT"):
                    self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    far.sendall(head)
                back = threading.Thread(target=pass_on, args=(far, self.request), daemon=True)
                back.start()
                pass_on(self.request, far)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if certificate is not None:
            scheme, tls = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        made = Proxy(f"{scheme}://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()


def pass_on(near: socket.socket, far: socket.socket) -> None:
    """Hand on what comes, to its end."""
    with contextlib.suppress(OSError):
        while piece := near.recv(1 << 16):
            far.sendall(piece)
    with contextlib.suppress(OSError):
        far.shutdown(socket.SHUT_WR)
