"""Stopping and starting single programs of the running cluster."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from tests.cluster.places import CONTROL
from tests.cluster.shell import ClusterError


def order(verb: str, program: str) -> None:
    """Tell the cluster's supervisor to ``stop``, ``start``, ``kill``, ``freeze`` or ``thaw`` a program.

    A program that is killed comes back by itself after a second.

    Raises:
        ClusterError: There is no such program or verb.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(30)
        connection.connect(str(CONTROL))
        connection.sendall(f"{verb} {program}\n".encode())
        with connection.makefile() as answers:
            if error := answers.readline().strip():
                raise ClusterError(f"{verb} {program}: {error}")


@contextlib.contextmanager
def stopped(program: str) -> Iterator[None]:
    """Do without a program for a while."""
    order("stop", program)
    try:
        yield
    finally:
        order("start", program)


@contextlib.contextmanager
def frozen(program: str) -> Iterator[None]:
    """Let a program answer nothing for a while, with its connections open."""
    order("freeze", program)
    try:
        yield
    finally:
        order("thaw", program)
