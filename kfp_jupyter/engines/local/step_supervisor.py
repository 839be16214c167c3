"""The process between the runner and one step; it ends everything that the step has started.

As in a container, nothing of a step keeps running once its first process has ended, once it is stopped, or once its
runner is gone, whatever process group or session its processes have created (timeout(1), setsid, ``set -m``,
daemons). On Linux the supervisor is a child subreaper (PR_SET_CHILD_SUBREAPER, `prctl(2)`): the kernel makes it the
parent of every orphan of the step, so that none escapes. Elsewhere it kills the step's process group and every process
that carries the step's mark in its environment.

Out of reach: what another service starts for a step (a container engine, a user's systemd, at, cron).

Runner and supervisor exchange lines of JSON. First the runner sends what to start, later ``{"signal": 15}``; the
supervisor sends ``{"pid": …}`` or ``{"error": …}``, and finally ``{"code": …}``. A closed socket means that the runner
is gone.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE = 5.0


class StepSupervisor:
    """Starts one step's process and ends all that comes of it.

    Args:
        channel: To the runner.
        log: Descriptor of the file that takes both output streams.
    """

    def __init__(self, channel: socket.socket, log: int) -> None:
        self._channel = channel
        self._log = log
        self._received = b""
        self._process: subprocess.Popen[bytes]

    def run(self) -> None:
        """See the step through."""
        adopt_orphans()
        woken = wake_on_children()
        messages = self._receive()
        if messages is None:
            return
        request = messages[0]
        try:
            self._process = subprocess.Popen(
                [_bytes(word) for word in request["argv"]],
                env={_bytes(name): _bytes(value) for name, value in request["env"].items()},
                cwd=_bytes(request["cwd"]), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            file = None if error.filename is None else os.fsdecode(error.filename)
            self._answer({"error": [error.errno, error.strerror, file]})
            return
        except ValueError as error:
            self._answer({"error": [None, str(error), None]})
            return
        self._answer({"pid": self._process.pid})
        code = self._wait(woken)
        self._end_rest(request["mark"])
        self._answer({"code": code})
        # What is left after all that can't be ended now (a dead disk).
        while reap():
            kill_children()
            time.sleep(1)

    def _wait(self, woken: int) -> int:
        """Wait for the end of the first process, doing what the runner says meanwhile; return its exit code."""
        while True:
            # Asked for by number: all else that has ended is an orphan of the step.
            for pid, code in ended():
                if pid == self._process.pid:
                    return code
            ready, _, _ = select.select([self._channel.fileno(), woken], [], [])
            if woken in ready:
                os.read(woken, 4096)
            if self._channel.fileno() in ready:
                messages = self._receive()
                if messages is None:
                    self._signal(signal.SIGKILL)
                    self._channel.close()
                    return -signal.SIGKILL
                for message in messages:
                    self._signal(int(message["signal"]))

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # macOS denies it for a group of which only zombies are left.
            os.killpg(self._process.pid, number)

    def _end_rest(self, mark: str) -> None:
        """End all that the first process, which has ended, has started."""
        limit, pause = time.monotonic() + _PATIENCE, 0.001
        while reap() and time.monotonic() < limit:
            kill_children()
            time.sleep(pause)
            pause = min(2 * pause, 0.1)
        if sys.platform != "linux":
            self._signal(signal.SIGKILL)
            # Lazy, because heavy, and needed on few systems.
            from kfp_jupyter.engines.local.run_processes import kill_marked  # noqa: PLC0415 - see above

            kill_marked(mark)

    def _answer(self, message: dict[str, Any]) -> None:
        # The runner is gone.
        with contextlib.suppress(OSError):
            self._channel.sendall(json.dumps(message).encode() + b"\n")

    def _receive(self) -> list[dict[str, Any]] | None:
        """Return the messages that have come, at least one; None when there will be none any more."""
        while b"\n" not in self._received:
            try:
                block = self._channel.recv(1 << 16)
            except OSError:
                block = b""
            if not block:
                return None
            self._received += block
        *lines, self._received = self._received.split(b"\n")
        return [json.loads(line) for line in lines]


def _bytes(text: str) -> bytes:
    """Return a word of a command line as the system takes it; what the user's locale lacks goes as UTF-8."""
    try:
        return os.fsencode(text)
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def adopt_orphans() -> None:
    """Become the parent of all descendants whose own parents end; only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def wake_on_children() -> int:
    """Return a descriptor that can be read when a child has ended. Signals that mean an end are not heard."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        # No SIG_IGN: that would be handed on to the step.
        signal.signal(number, lambda *_: None)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    return woken


def ended() -> Iterator[tuple[int, int]]:
    """Yield process id and exit code of each child that has ended."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            yield pid, os.waitstatus_to_exitcode(status)


def reap() -> bool:
    """Take the exit codes of children that have ended; return whether any are left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return False
    return True


def kill_children(spared: frozenset[int] = frozenset()) -> bool:
    """Kill all descendants; return whether there were any.

    Args:
        spared: Children that are left alone, with their descendants.
    """
    # Lazy, because heavy: most steps leave nothing running.
    import psutil  # noqa: PLC0415 - see above

    children = [child for child in psutil.Process().children() if child.pid not in spared]
    for child in children:
        with contextlib.suppress(psutil.Error):
            for process in (*child.children(recursive=True), child):
                process.kill()
    return bool(children)
