"""Runs whose runner has died: their processes are killed and their state is closed."""

from __future__ import annotations

import os

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.run_processes import kill_all
from kfp_jupyter.engines.local.status import RUN_STOPPED, STOPPED, UNFINISHED, end_run
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import EngineError

_WORDS_LIMIT = 16 * 1024 * 1024


def close_if_abandoned(directory: RunDirectory) -> bool:
    """Close an abandoned run, one that is recorded as running without a runner; return whether a runner is alive.

    Args:
        directory: The run's.
    """
    lock = directory.try_lock()
    if lock is None:
        return True
    try:
        if directory.read()["status"]["phase"] in UNFINISHED:
            kill_all(directory)
            if directory.terminate_file.exists():
                end_run(directory, "Failed", RUN_STOPPED, STOPPED)
            else:
                end_run(directory, "Error", f"The process that ran this pipeline has died{_last_words(directory)}.")
    finally:
        os.close(lock)
    return False


def _last_words(directory: RunDirectory) -> str:
    try:
        lines = safe_paths.read(directory.runner_log, _WORDS_LIMIT).decode(errors="replace").split("\n")
    except (OSError, EngineError):
        lines = []
    words = [line.strip() for line in lines if line.strip()]
    return f" ({words[-1][:200]})" if words else ""
