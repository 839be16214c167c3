"""Running a command whose own words are the error."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path


class ClusterError(RuntimeError):
    """The cluster, or a part of it, couldn't be built, started or reached."""


def run(
    *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: str | None = None
) -> str:
    """Run a command; return what it printed.

    Raises:
        ClusterError: It ended with another exit code than 0, or isn't there.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=cwd, env=env, input=stdin, text=True, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise ClusterError(f"{words[0]} isn't installed.") from error
    if done.returncode:
        said = (done.stdout[-2000:] + done.stderr[-4000:]).strip()
        raise ClusterError(f"`{' '.join(words)}` ended with exit code {done.returncode}:\n{said}")
    return done.stdout
