"""A port of a pod that sends back what it gets, as the Kubernetes API forwards it through a web socket."""

from __future__ import annotations

import base64
import hashlib
import struct
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase

_ACCEPTED = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CLOSING = 8


def forward(handler: BaseHTTPRequestHandler) -> None:
    """Answer a request for a web socket, and send back what comes until it ends."""
    key = hashlib.sha1(f"{handler.headers['Sec-WebSocket-Key']}{_ACCEPTED}".encode(), usedforsecurity=False)
    handler.send_response_only(101)
    handler.send_header("Upgrade", "websocket")
    handler.send_header("Connection", "Upgrade")
    handler.send_header("Sec-WebSocket-Accept", base64.b64encode(key.digest()).decode())
    handler.send_header("Sec-WebSocket-Protocol", handler.headers["Sec-WebSocket-Protocol"])
    handler.end_headers()
    for channel in (0, 1):
        handler.wfile.write(_frame(bytes([channel]) + struct.pack("<H", 80)))
    while (message := _message(handler.rfile)) is not None:
        handler.wfile.write(_frame(message))
    handler.close_connection = True


def _frame(content: bytes) -> bytes:
    """A binary message as servers send it: unmasked."""
    return bytes([0x82, 127]) + struct.pack(">Q", len(content)) + content


def _message(stream: BufferedIOBase) -> bytes | None:
    """What a client has sent; None for the end."""
    head = stream.read(2)
    if len(head) < 2 or head[0] & 15 == _CLOSING:
        return None
    length = head[1] & 127
    if length >= 126:
        length = int.from_bytes(stream.read(2 if length == 126 else 8), "big")
    mask, masked = stream.read(4), stream.read(length)
    repeated = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(masked, "big") ^ int.from_bytes(repeated, "big")).to_bytes(length, "big")
