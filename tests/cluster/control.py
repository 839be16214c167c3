"""Stopping and starting single programs of the running cluster."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
from collections.abc import Iterator

import psutil

from tests.cluster.places import CONTROL, STATE
from tests.cluster.shell import ClusterError, run
from tests.cluster.world.control_plane import ETCD

# Any key does: what counts is the version that comes with the answer.
COMPACT = """
import json, sys, urllib.request

def ask(path, **body):
    with urllib.request.urlopen(f"{sys.argv[1]}/v3/kv/{path}", json.dumps(body).encode(), 30) as answer:
        return json.load(answer)

ask("compaction", revision=ask("range", key="AA==")["header"]["revision"], physical=True)
"""


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


def compact() -> None:
    """Let etcd forget all versions but the newest, as it does by itself every five minutes."""
    first = psutil.Process(json.loads(STATE.read_text())["processes"][0][0])
    (etcd,) = (process for process in first.children(recursive=True) if _is_etcd(process))
    run("nsenter", f"--target={etcd.pid}", "--net", sys.executable, "-c", COMPACT, ETCD)


def _is_etcd(process: psutil.Process) -> bool:
    # Processes of pods may end meanwhile.
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.name() == "etcd"
    return False
