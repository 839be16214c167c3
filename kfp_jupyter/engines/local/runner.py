"""The process that sees one run through.

It is independent of the process that started it (launch.py, runner_process.py) and holds the run's lock while it lives.
Everything it knows is in the run directory, so it can start where an earlier one left off.
"""

from __future__ import annotations

import dataclasses
import queue
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kfp_jupyter.engines.local.cache import Cache
from kfp_jupyter.engines.local.disk_errors import disk_error
from kfp_jupyter.engines.local.environments import interpreter
from kfp_jupyter.engines.local.packages import PackageStore
from kfp_jupyter.engines.local.processes import Processes
from kfp_jupyter.engines.local.removal import remove
from kfp_jupyter.engines.local.scheduler import Scheduler
from kfp_jupyter.engines.local.staging import Job
from kfp_jupyter.engines.local.status import RUN_STOPPED, STOPPED, Status, close_nodes, end_run
from kfp_jupyter.engines.local.step import Outcome, StepRunner
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.engines.local.supervisors import Supervisors
from kfp_jupyter.engines.local.workflow_variables import count_steps
from kfp_jupyter.errors import EngineError
from kfp_jupyter.redaction import redact

_POLL = 0.05
_GRACE = 1.0
_GIVE_UP = 1.7


class Runner:
    """One run, from its first step to its last state.

    Args:
        directory: The run's.
        supervisors: Who starts and ends its steps' processes.
    """

    def __init__(self, directory: RunDirectory, supervisors: Supervisors) -> None:
        self._directory = directory
        self._identity = _identity(directory.path)
        self._workflow = directory.read()
        settings = directory.read_settings()
        self._status = Status(directory, self._workflow, count_steps(self._workflow))
        self._scheduler = Scheduler(directory, self._workflow, self._status)
        self._processes = Processes(supervisors)
        remove(directory.layers)
        packages = PackageStore(
            Path(settings["layers"]), interpreter(settings["python"]), self._processes, directory.layers
        )
        self._cache = Cache(directory.path.parent) if settings["cache"] else None
        self._steps = StepRunner(directory, self._processes, packages, self._cache)
        self._parallelism = min(settings["parallelism"], self._workflow["spec"].get("parallelism") or sys.maxsize)
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._jobs: deque[Job] = deque()
        self._threads: dict[str, threading.Thread] = {}
        self._cleaning: list[threading.Thread] = []
        self._stop_asked = 0.0
        self._disk_full = False
        self._removed = False

    def run(self) -> None:
        """Run all there is to run and write the last state."""
        self._workflow["status"]["phase"] = "Running"
        try:
            self._directory.write_summary(self._workflow)
            self._loop()
            if self._still_there():
                self._close()
        except OSError as error:
            if self._still_there():
                self._fail(disk_error("to record the state of the run", self._directory.path, error))
        for thread in (*self._threads.values(), *self._cleaning):
            thread.join(timeout=_GIVE_UP)

    def _loop(self) -> None:
        while not self._scheduler.finished and self._still_there():
            if not self._stop_asked:
                self._jobs.extend(self._scheduler.ready())
            self._start_threads()
            if self._scheduler.finished or (self._stop_asked and not self._threads):
                return
            current = self._status.write()
            self._wait(None if current else 0.01)
            if self._stop_asked and time.monotonic() - self._stop_asked > _GIVE_UP:
                return

    def _start_threads(self) -> None:
        while self._jobs and len(self._threads) < self._parallelism and not self._stop_asked:
            job = self._jobs.popleft()
            self._scheduler.begin(job.node_id)
            # Daemons: a step that can't be ended (a dead disk) must not keep the runner alive.
            thread = threading.Thread(target=self._run_step, args=(job,), daemon=True)
            self._threads[job.node_id] = thread
            thread.start()

    def _run_step(self, job: Job) -> None:
        def report(phase: str, message: str) -> None:
            self._events.put(partial(self._scheduler.report, job.node_id, phase, redact(message)))

        try:
            outcome = self._steps.run(job, report)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run has to go on and say so
            sys.stderr.write(redact(traceback.format_exc()))
            outcome = Outcome("Error", f"The local engine failed: {error!r}.")
        outcome = dataclasses.replace(outcome, message=redact(outcome.message))
        self._events.put(partial(self._done, job, outcome))
        self._steps.clean(job)

    def _done(self, job: Job, outcome: Outcome) -> None:
        self._cleaning = [thread for thread in self._cleaning if thread.is_alive()]
        self._cleaning.append(self._threads.pop(job.node_id))
        self._scheduler.done(job.node_id, outcome)
        if outcome.phase != "Succeeded":
            self._disk_full = self._disk_full or outcome.disk_full
        elif self._cache and outcome.cache_key and not outcome.cached:
            self._cache.store(outcome.cache_key, self._directory.id, job.node_id, outcome.outputs)

    def _wait(self, timeout: float | None) -> None:
        """Handle what has happened, or check after a while whether the run is to be stopped."""
        try:
            self._events.get(timeout=timeout or _POLL)()
            while True:
                self._events.get_nowait()()
        except queue.Empty:
            pass
        if not self._stop_asked and self._directory.terminate_file.exists():
            self._stop_asked = time.monotonic()
            self._processes.signal(signal.SIGTERM)
        elif self._stop_asked and time.monotonic() - self._stop_asked > _GRACE:
            self._processes.signal(signal.SIGKILL)

    def _still_there(self) -> bool:
        """Whether the run directory is; where it was removed or replaced, all that runs is ended."""
        if not self._removed and _identity(self._directory.path) != self._identity:
            self._removed = True
            self._processes.signal(signal.SIGKILL)
        return not self._removed

    def _close(self) -> None:
        if self._stop_asked and not self._scheduler.finished:
            self._end("Failed", RUN_STOPPED, STOPPED)
        elif self._disk_full:
            self._fail(f"There is no space left in {self._directory.path}.")
        else:
            self._directory.release_reserve()
            self._status.close(self._scheduler.root["phase"])

    def _fail(self, message: str) -> None:
        """End the run for a reason of its own."""
        self._processes.signal(signal.SIGKILL)
        self._end("Error", message, message)

    def _end(self, phase: str, message: str, node_message: str) -> None:
        self._directory.release_reserve()
        close_nodes(self._workflow["status"], phase, node_message)
        self._status.close(phase, message)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a directory from another of its name; None if there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def run_to_end(directory: RunDirectory, supervisors: Supervisors) -> None:
    """Run what a run directory holds; whatever happens is in its state.

    Args:
        directory: The run's, whose lock this process holds.
        supervisors: Who starts and ends its steps' processes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whoever asks the process itself to end gets what Stop does.
    signal.signal(signal.SIGTERM, lambda *_: directory.ask_to_stop())
    try:
        Runner(directory, supervisors).run()
    except OSError as error:
        if directory.exists:
            end_run(directory, "Error", disk_error("to record the state of the run", directory.path, error))
    except EngineError as error:
        end_run(directory, "Error", error.format_message())
