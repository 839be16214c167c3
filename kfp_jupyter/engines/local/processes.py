"""The processes of a run's steps: started in sessions of their own, stopped with all their children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The run is being stopped: nothing more is started."""


class Processes:
    """All processes a runner has started and not seen the end of. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self.stopping = False

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: IO[bytes],
        record: Path,
        started: Callable[[], None],
    ) -> int:
        """Start a process, wait for its end and end what it left running; return its exit code.

        Args:
            argv: Program and arguments.
            env: The whole environment.
            cwd: Directory to start in.
            log: File that takes both output streams.
            record: File that names the process while it runs, for whoever finds the runner dead.
            started: Called once it runs.

        Raises:
            Stopped: The run is being stopped.
            OSError: It can't be started.
        """
        with self._lock:
            if self.stopping:
                raise Stopped
            process = subprocess.Popen(
                argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
            self._running.add(process)
        try:
            record.write_text(json.dumps({"pid": process.pid, "time": time.time()}))
            started()
            return process.wait()
        finally:
            # Where a container ends with its first process, so does everything else in the session.
            _signal(process.pid, signal.SIGKILL)
            process.wait()
            with self._lock:
                self._running.discard(process)
            record.unlink(missing_ok=True)

    def signal(self, number: int) -> None:
        """Send a signal to every process and its children; nothing can be started any more."""
        with self._lock:
            self.stopping = True
            for process in self._running:
                _signal(process.pid, number)


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
    except PermissionError:
        # macOS answers so for a group of which only zombies are left.
        return
