"""The processes of a run's steps: started through supervisors, stopped with all that they have started."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.process_start import process_start
from kfp_jupyter.engines.local.supervisors import SupervisedProcess, Supervisors


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The run is being stopped: nothing more is started."""


class Processes:
    """All processes a runner has started and not seen the end of. Thread-safe.

    Args:
        supervisors: Who starts and ends them.
    """

    def __init__(self, supervisors: Supervisors) -> None:
        self._supervisors = supervisors
        self._lock = threading.Lock()
        self._running: set[SupervisedProcess] = set()
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
        """Start a process, wait for its end and that of all it has started; return its exit code.

        Args:
            argv: Program and arguments.
            env: The whole environment.
            cwd: Directory to start in.
            log: File that takes both output streams.
            record: File in the node's directory that names the process while it runs, for recovery if the runner is
                found
                dead.
            started: Called once it runs.

        Raises:
            Stopped: The run is being stopped.
            OSError: It can't be started.
            EngineError: It was ended from outside together with its supervisor, or can't have this environment.
        """
        with self._lock:
            if self.stopping:
                raise Stopped
            process = self._supervisors.start_process(argv, env, cwd, log, record.parent)
            self._running.add(process)
        try:
            words = {"pid": process.pid, "time": time.time(), "start": process_start(process.pid)}
            safe_paths.replace(record, json.dumps(words).encode())
            started()
            return process.wait()
        finally:
            with self._lock:
                self._running.discard(process)
            process.close()
            record.unlink(missing_ok=True)

    def signal(self, number: int) -> None:
        """Send a signal to every process and its group, SIGKILL to all it has started; no more can be started."""
        with self._lock:
            self.stopping = True
            if number == signal.SIGKILL:
                self._supervisors.wake()
            for process in self._running:
                process.signal(number)
