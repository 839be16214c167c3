"""Which processes belong to a run, regardless of their parents, groups and sessions.

Every process that a run starts has the run's or its node's directory in an environment variable, and hands it on to
what it starts. Neither a clock nor a reused process id can change that; a record in a file alone proves nothing.
Where the system shows no environment of a process (macOS, of its own programs), a node's record decides: process id
and start.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import psutil

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.process_mark import RUN_DIRECTORY_VARIABLE
from kfp_jupyter.engines.local.process_start import process_start
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.json_reader import read_json

_RECORD_LIMIT = 4096


def kill_all(directory: RunDirectory) -> None:
    """End all processes of a run, except the one that asks; return when they have ended, or after a second."""
    kill_marked(str(directory.path), _recorded(directory))


def kill_marked(mark: str, recorded: Mapping[int, str] = MappingProxyType({})) -> None:
    """End all processes that a mark stands for, except the one that asks.

    Args:
        mark: Directory of a run or of a node.
        recorded: Process id to start of those that count where the system shows no environment.
    """
    # Anew until nothing is found: what one of them has just started wasn't there a moment ago.
    for _ in range(10):
        running = [process for process in _belonging(mark, recorded) if not _is_this(process)]
        if not running:
            return
        for process in running:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(running, timeout=0.1)


def _belonging(mark: str, recorded: Mapping[int, str]) -> list[psutil.Process]:
    """Return the processes with a mark, and all that come of them, which may have cleared their environment."""
    found = {process.pid: process for process in _marked(mark, recorded)}
    others = {process.pid: process for process in psutil.process_iter() if process.pid not in found}
    parents = {}
    for pid, process in others.items():
        with contextlib.suppress(psutil.Error):
            parents[pid] = process.ppid()
    while more := [pid for pid, parent in parents.items() if pid not in found and parent in found]:
        found |= {pid: others[pid] for pid in more}
    return list(found.values())


def _marked(mark: str, recorded: Mapping[int, str]) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess):
            try:
                own = process.environ().get(RUN_DIRECTORY_VARIABLE, "")
            except (psutil.AccessDenied, OSError):
                if recorded.get(process.pid, "") == process_start(process.pid) != "":
                    yield process
                continue
            if own == mark or own.startswith(f"{mark}/"):
                yield process


def _is_this(process: psutil.Process) -> bool:
    """Whether it is the process that asks, or has ended and waits for its parent to notice."""
    try:
        return process.pid == psutil.Process().pid or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _recorded(directory: RunDirectory) -> dict[int, str]:
    """Return what the nodes' records say: process id to start."""
    found = {}
    for node in _nodes(directory):
        # A stranger's, or just removed: nothing that could be ended by it.
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, EngineError):
            entry = read_json(safe_paths.read(directory.process_file(node), _RECORD_LIMIT))
            found[int(entry["pid"])] = str(entry["start"])
    return found


def _nodes(directory: RunDirectory) -> list[str]:
    try:
        return [path.name for path in directory.nodes.iterdir()]
    except (OSError, EngineError):
        return []
