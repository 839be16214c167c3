"""Runs whose runner has died: their steps are ended and their state is closed."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import psutil

from kfp_jupyter.engines.local.status import RUN_STOPPED, STOPPED, UNFINISHED, end_run
from kfp_jupyter.engines.local.store import RunDirectory

# The clock at which a process was started is known to the kernel in other units than to us.
_TOLERANCE = 3.0


def settle(directory: RunDirectory) -> bool:
    """Close a run that says it goes on although nobody runs it; return whether a runner is alive.

    Args:
        directory: The run's.
    """
    lock = directory.try_lock()
    if lock is None:
        return True
    try:
        if directory.read()["status"]["phase"] in UNFINISHED:
            kill_steps(directory)
            if directory.terminate_file.exists():
                end_run(directory, "Failed", RUN_STOPPED, STOPPED)
            else:
                end_run(directory, "Error", f"The process that ran this pipeline has died{_last_words(directory)}.")
    finally:
        os.close(lock)
    return False


def kill_steps(directory: RunDirectory) -> None:
    """End the steps' processes that a dead runner has left running."""
    for record in (directory.path / "nodes").glob("*/process.json"):
        _kill_recorded(record)
        record.unlink(missing_ok=True)


def kill_runner(directory: RunDirectory) -> None:
    """End a runner that answers no more."""
    try:
        process = psutil.Process(int(directory.runner_pid.read_text()))
        # The number may belong to another process by now; only a runner has the directory among its arguments.
        if str(directory.path) in process.cmdline():
            process.kill()
            process.wait(timeout=1)
    except (OSError, ValueError, psutil.Error):
        # Gone already, or never started.
        return


def _kill_recorded(record: Path) -> None:
    try:
        entry = json.loads(record.read_bytes())
        process = psutil.Process(entry["pid"])
        if abs(process.create_time() - entry["time"]) < _TOLERANCE and os.getpgid(entry["pid"]) == entry["pid"]:
            os.killpg(entry["pid"], signal.SIGKILL)
    except (OSError, ValueError, psutil.Error):
        # Ended by itself.
        return


def _last_words(directory: RunDirectory) -> str:
    try:
        lines = directory.runner_log.read_text(errors="replace").split("\n")
    except OSError:
        lines = []
    words = [line.strip() for line in lines if line.strip()]
    return f" ({words[-1][:200]})" if words else ""
