"""Which runs there are."""

from __future__ import annotations

import heapq
import json
from pathlib import Path

from kfp_jupyter.engines.base import RunList, RunRef, RunSummary
from kfp_jupyter.engines.local.orphans import settle
from kfp_jupyter.engines.local.status import UNFINISHED
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import RunNotFoundError
from kfp_jupyter.runs import Phase
from kfp_jupyter.runs.workflow import parse_time


def list_runs(root: Path, limit: int) -> RunList:
    """Return the newest runs in a folder, newest first; of each only a file of a few words is read."""
    newest = heapq.nlargest(limit, ((_submitted(root / name), name) for name in _names(root)))
    found = []
    for _, name in newest:
        summary = _summary(RunDirectory(root / name))
        if summary:
            found.append(summary)
    return RunList(tuple(found))


def find_run(root: Path, prefix: str) -> str:
    """Return the id of the run that has this id, or the only one that starts so.

    Raises:
        RunNotFoundError: There is none, or more than one.
    """
    names = [name for name in _names(root) if name.startswith(prefix)] if prefix else []
    if prefix in names:
        return prefix
    if not names:
        raise RunNotFoundError(f"There is no run {prefix!r} in {root}.")
    if len(names) > 1:
        some = ", ".join(sorted(names)[:5])
        raise RunNotFoundError(f"{len(names)} runs start with {prefix!r}: {some}.", remedy="Give more letters.")
    return names[0]


def _names(root: Path) -> list[str]:
    try:
        paths = list(root.iterdir())
    except FileNotFoundError:
        return []
    return [path.name for path in paths if RunDirectory(path).exists]


def _submitted(path: Path) -> float:
    """The lock file is made when a run is submitted and never written to."""
    try:
        return (path / "runner.lock").stat().st_mtime
    except OSError:
        return 0.0


def _summary(directory: RunDirectory) -> RunSummary | None:
    try:
        fields = json.loads(directory.summary_file.read_bytes())
        if fields["phase"] in UNFINISHED and not settle(directory):
            fields = json.loads(directory.summary_file.read_bytes())
    except (OSError, ValueError):
        # Deleted meanwhile.
        return None
    return RunSummary(
        RunRef("local", directory.id),
        fields["pipeline"],
        Phase(fields["phase"] or "Pending"),
        parse_time(fields["startedAt"]),
        parse_time(fields["finishedAt"]),
    )
