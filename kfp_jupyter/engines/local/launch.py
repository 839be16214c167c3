"""Starts the runner of a run as a detached process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.bootstrap import code, package_directory
from kfp_jupyter.engines.local.environments import without_server
from kfp_jupyter.engines.local.process_mark import RUN_DIRECTORY_VARIABLE
from kfp_jupyter.engines.local.store import RunDirectory


def launch(directory: RunDirectory, lock: int) -> None:
    """Start a runner.

    Args:
        directory: The run's.
        lock: Descriptor that holds the run's lock; the runner inherits it, so the lock is never free in between.

    Raises:
        OSError: It can't be started.
    """
    program = code("from kfp_jupyter.engines.local.runner_process import main; main(sys.argv[1:])")
    with safe_paths.append(directory.runner_log) as log:
        process = subprocess.Popen(
            [sys.executable, "-c", program, package_directory(), str(directory.path), str(lock)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=directory.path,
            env=without_server(os.environ) | {RUN_DIRECTORY_VARIABLE: str(directory.path)},
            pass_fds=[lock],
            start_new_session=True,
        )
    try:
        safe_paths.replace(directory.runner_pid, str(process.pid).encode())
    except BaseException:
        # The caller gets the error.
        process.kill()
        process.wait()
        raise
    # Somebody has to take its exit code, or it stays in the process table while the caller lives.
    threading.Thread(target=process.wait, name=f"run {directory.id}", daemon=True).start()
