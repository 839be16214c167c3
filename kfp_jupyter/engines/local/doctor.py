"""What the local engine has to run with, and what is missing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.capabilities import Finding, Severity
from kfp_jupyter.engines.local.environments import Interpreter, interpreter
from kfp_jupyter.engines.local.installers import uv_fits
from kfp_jupyter.errors import EngineError

LITTLE = 1024**3
"""A warning is given below this many bytes of free disk space: an environment with a few packages takes so much."""


def examine(runs: Path, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield one finding after the other, never an error; see `SupportsDiagnostics.examine`.

    Args:
        runs: Where runs are kept.
        settings: What steps run with: ``python``, ``layers``, ``parallelism``.
    """
    try:
        python = interpreter(str(settings["python"]))
    except EngineError as error:
        yield Finding.error("Python", error.message, error.remedy)
        return
    yield Finding.ok("Python", f"{python.version} ({python.executable})")
    yield _directory("runs", runs, "KFP_JUPYTER_RUNS", vital=True)
    yield _directory("package cache", Path(str(settings["layers"])), "KFP_JUPYTER_CACHE", vital=False)
    yield _installer(python)
    yield _processors(int(settings["parallelism"]))


def _directory(subject: str, path: Path, variable: str, *, vital: bool) -> Finding:
    """Return whether files can be written in a directory, or in the one it will be made in."""
    there = next(parent for parent in (path, *path.parents) if parent.exists())
    remedy = f"Set {variable} to a directory that you may write to."
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"kfp_jupyter")
            file.flush()
        free = shutil.disk_usage(there).free
    except OSError as error:
        text = f"{there} can't be written to: {error.strerror or error}"
        return Finding(subject, Severity.ERROR if vital else Severity.WARNING, text, remedy)
    room = f"{free / 1024**3:.1f} GiB free"
    if free < LITTLE:
        return Finding(
            subject,
            Severity.WARNING,
            f"{path}: only {room}",
            f"Free space there, or set {variable} to another directory.",
        )
    return Finding.ok(subject, f"{path}, {room}")


def _installer(python: Interpreter) -> Finding:
    uv = shutil.which("uv", path=os.pathsep.join((python.scripts, os.environ.get("PATH", os.defpath))))
    if uv and uv_fits(os.environ):
        return Finding.ok("packages", f"steps install packages with uv ({uv})")
    if any(Path(site, "pip").is_dir() for site in python.sites):
        return Finding.ok("packages", "steps install packages with pip; uv would be faster")
    return Finding(
        "packages",
        Severity.WARNING,
        "there is neither uv nor pip: steps with packages_to_install won't run",
        "Run: python -m ensurepip, or install uv.",
    )


def _processors(parallelism: int) -> Finding:
    cores = os.cpu_count() or 1
    return Finding.ok("processors", f"{cores}; up to {parallelism} steps of a run at once")
