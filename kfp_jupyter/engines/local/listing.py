"""Which runs there are."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.base import RunList, RunRef, RunSummary
from kfp_jupyter.engines.find_run import find_run as chosen_run
from kfp_jupyter.engines.local import NAME, safe_paths
from kfp_jupyter.engines.local.recovery import close_if_abandoned
from kfp_jupyter.engines.local.runs_folder import close_root
from kfp_jupyter.engines.local.status import UNFINISHED
from kfp_jupyter.engines.local.store import RunDirectory, is_run_id, summary
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.parsing import UnreadableError
from kfp_jupyter.runs import parse_workflow


def list_runs(root: Path, limit: int) -> RunList:
    """Return the newest runs in a folder, newest first, and a sentence for each that can't be listed.

    Of each run only a file of a few words is read.

    Args:
        root: Folder of the runs.
        limit: Maximum number of runs.

    Raises:
        OSError: The folder can't be read.
    """
    names, problems = _names(root)
    newest = heapq.nlargest(limit, ((_submitted(root / name), name) for name in names))
    found = []
    for _, name in newest:
        try:
            listed = _summary(RunDirectory(root / name))
        except EngineError as error:  # noqa: PERF203  (one run's trouble leaves the others in the list)
            problems.append(f"The run {name} can't be listed. {error.message}")
        except OSError as error:
            problems.append(f"The run {name} can't be listed: {error.strerror}.")
        else:
            if listed:
                found.append(listed)
    if names:
        close_root(root)
    return RunList(tuple(found), tuple(problems))


def find_run(root: Path, prefix: str) -> str:
    """Return the id of the run that is meant; see `kfp_jupyter.engines.find_run`.

    Raises:
        RunNotFoundError: There is none, or more than one.
        OSError: The folder can't be read.
    """
    if prefix and (is_link(root, prefix) or (is_run_id(prefix) and RunDirectory(root / prefix).exists)):
        return prefix

    def names() -> Iterator[tuple[str, str]]:
        return ((run.ref.id, run.name) for run in list_runs(root, len(ids)))

    ids = _names(root)[0]
    return chosen_run(prefix, ids, names, f"in {root}")


def is_link(root: Path, name: str) -> bool:
    """Tell whether what has a run's name is a symbolic link to a directory: it can be deleted, and nothing else.

    Args:
        root: Folder of the runs.
        name: Name of the run's directory.
    """
    return is_run_id(name) and (root / name).is_symlink()


def _names(root: Path) -> tuple[list[str], list[str]]:
    """Return the names of the runs in a folder, and a sentence for each directory that is none although it may look so.

    What the engine keeps beside the runs begins with a dot.
    """
    try:
        paths = sorted(root.iterdir())
    except FileNotFoundError:
        return [], []
    names, problems = [], []
    for path in paths:
        if path.name.startswith("."):
            continue
        try:
            if problem := _oddity(path):
                problems.append(problem)
            elif RunDirectory(path).exists:
                names.append(path.name)
        except OSError as error:
            problems.append(f"{path} can't be read: {error.strerror}.")
        except EngineError as error:
            problems.append(error.message)
    return names, problems


def _oddity(path: Path) -> str:
    """Return why a directory with a run's files is no run; empty if it is one, or has no such files."""
    if not path.is_dir() or not (path / "workflow.json").exists():
        return ""
    if path.is_symlink():
        return f"{path} is a symbolic link; runs are read only where they are."
    if not is_run_id(path.name):
        return f"{path} is not listed: {path.name!r} is not a valid run id."
    return ""


def _submitted(path: Path) -> float:
    """The lock file is made when a run is submitted and never written to."""
    try:
        return (path / "runner.lock").lstat().st_mtime
    except OSError:
        return 0.0


def find_summary(root: Path, run_id: str) -> RunSummary:
    """Return what a list tells of one run.

    Args:
        root: Folder of the runs.
        run_id: Id of the run.

    Raises:
        RunNotFoundError: There is no such run any more.
        EngineError: Its state can't be read.
        OSError: The folder can't be read.
    """
    directory = RunDirectory(root / run_id)
    found = _summary(directory) if is_run_id(run_id) and directory.exists else None
    if found is None:
        raise RunNotFoundError(f"The run {run_id!r} was deleted from {root}.")
    return found


def _summary(directory: RunDirectory) -> RunSummary | None:
    """Return what is listed of a run; None if it was deleted meanwhile."""
    try:
        safe_paths.close_to_others(directory.path)
        fields = _read(directory)
        if fields["phase"] in UNFINISHED and not close_if_abandoned(directory):
            fields = _read(directory)
        return _parsed(directory, fields)
    except FileNotFoundError:
        return None


def _read(directory: RunDirectory) -> Mapping[str, Any]:
    """Return the summary; where it isn't there or is odd, it is made anew of the run's state."""
    try:
        fields = directory.read_summary()
        _parsed(directory, fields)
    except (FileNotFoundError, UnreadableError, EngineError):
        return summary(directory.read())
    words: Mapping[str, Any] = fields
    return words


def _parsed(directory: RunDirectory, fields: Mapping[str, Any]) -> RunSummary:
    """Return the summary as a value.

    Raises:
        EngineError: The run's state is one that this version doesn't know.
    """
    try:
        state = parse_workflow({"metadata": {"name": directory.id}, "status": fields})
        return RunSummary(
            RunRef(NAME, directory.id),
            str(fields["pipeline"]),
            state.phase,
            state.started_at,
            state.finished_at,
            stopped=state.stopped,
            name=str(fields.get("name") or ""),
            experiment=str(fields.get("experiment") or ""),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EngineError(f"This version can't read its state: {error}.") from None
