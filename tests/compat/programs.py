"""Python in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import kfp_jupyter

ROOT = Path(kfp_jupyter.__file__).parents[1]

LIMIT = 120
"""Seconds after which a process hangs."""


def run_python(
    program: str = "", *arguments: str, cwd: Path | None = None, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program, or what the arguments say.

    Args:
        program: Its text; empty for none.
        *arguments: What stands behind ``python``.
        cwd: Where it runs.
        path: A directory on its ``sys.path``.
    """
    return subprocess.run(
        [sys.executable, *(("-c", program) if program else ()), *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, (path, ROOT)))), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
