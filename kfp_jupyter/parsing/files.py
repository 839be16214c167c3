"""A file → its bytes. Devices, pipes and sockets are refused, because reading one may never end."""

from __future__ import annotations

import os
import stat
from typing import IO

from kfp_jupyter.parsing.limits import Limits, UnreadableError


def open_file(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open a regular file for reading; links are followed.

    Args:
        path: The file.

    Raises:
        UnreadableError: It is a device, a pipe or a socket.
        OSError: It can't be opened.
    """
    # Without O_NONBLOCK, opening a pipe waits for its writer.
    file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))  # noqa: SIM115
    mode = os.fstat(file.fileno()).st_mode
    if stat.S_ISREG(mode):
        return file
    file.close()
    raise UnreadableError(f"it is {_KINDS.get(stat.S_IFMT(mode), 'a device')}, not a regular file")


def read_file(path: str | os.PathLike[str], limits: Limits) -> bytes:
    """Return the content of a regular file.

    Args:
        path: The file.
        limits: The largest size.

    Raises:
        UnreadableError: It is larger, or not a regular file.
        OSError: It can't be read.
    """
    with open_file(path) as file:
        data = file.read(limits.size + 1)
    if len(data) > limits.size:
        raise UnreadableError(f"it is larger than {limits.size:,} bytes")
    return data


_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
