"""The process that forks supervisors and holds the run's lock while one of them is running; see `supervisors`."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import time

from kfp_jupyter.engines.local.forking import WAKE, in_child
from kfp_jupyter.engines.local.step_supervisor import (
    StepSupervisor,
    adopt_orphans,
    ended,
    kill_children,
    wake_on_children,
)

_PATIENCE = 5.0


class ForkServer:
    """Forks a supervisor for each request; ends what a supervisor that was killed has left.

    Args:
        channel: To the runner.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._supervisors: set[int] = set()

    def run(self) -> None:
        """Fork what is asked for until the runner is gone, then wait for the supervisors' ends."""
        # A collection would copy every page that a supervisor shares with this process.
        gc.disable()
        adopt_orphans()
        woken = wake_on_children()
        while True:
            ready, _, _ = select.select([self._channel.fileno(), woken], [], [])
            if woken in ready:
                os.read(woken, 4096)
                self._reap()
            if self._channel.fileno() in ready:
                data, descriptors, _, _ = socket.recv_fds(self._channel, 1, 2)
                if not data:
                    break
                if data == WAKE:
                    self._wake()
                else:
                    self._fork(*descriptors)
        # The runner has ended or was killed: supervisors end their steps by themselves.
        self._wake()
        limit = time.monotonic() + _PATIENCE
        while self._supervisors and time.monotonic() < limit:
            self._reap()
            time.sleep(0.002)

    def _fork(self, channel: int, log: int) -> None:
        pid = os.fork()
        if pid == 0:
            self._channel.close()
            in_child(lambda: StepSupervisor(socket.socket(fileno=channel), log).run())
        self._supervisors.add(pid)
        os.close(channel)
        os.close(log)

    def _wake(self) -> None:
        """Let supervisors go on that were stopped (SIGSTOP): they are children of this process, until it reaps them."""
        for pid in self._supervisors:
            os.kill(pid, signal.SIGCONT)

    def _reap(self) -> None:
        orphaned = False
        for pid, code in ended():
            orphaned |= pid in self._supervisors and code != 0
            self._supervisors.discard(pid)
        # A supervisor was killed: what it kept is this process's now.
        limit = time.monotonic() + _PATIENCE
        while orphaned and kill_children(frozenset(self._supervisors)) and time.monotonic() < limit:
            time.sleep(0.005)
            self._supervisors -= {pid for pid, _ in ended()}
