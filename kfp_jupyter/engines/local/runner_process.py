"""Where the process of a run begins: ``python -c … PACKAGE RUN_DIR LOCK``, as launch.py writes it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from kfp_jupyter.engines.local.supervisors import Supervisors


def main(arguments: list[str]) -> None:
    """Run the run in a directory.

    Args:
        arguments: The run directory, and the descriptor that holds its lock.
    """
    directory, descriptor = Path(arguments[0]), int(arguments[1])
    # Whoever asked for the run may have blocked signals; without SIGCHLD, no end of a step is noticed.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # No step may inherit the lock: it has to be free when this process and its supervisors are gone.
    os.set_inheritable(descriptor, False)
    # Before all else, while there are no threads, and the process is small: forking copies what it has.
    supervisors = Supervisors.start()
    from kfp_jupyter.engines.local.runner import run_to_end  # noqa: PLC0415 - see above
    from kfp_jupyter.engines.local.store import RunDirectory  # noqa: PLC0415 - see above

    run_to_end(RunDirectory(directory), supervisors)
    sys.exit(0)
