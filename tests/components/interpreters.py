"""The Pythons of this machine, for programs that run where an image has another than the notebook."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

OLDEST = (3, 6)


@cache
def interpreters() -> dict[str, str]:
    """Return the interpreters from Python 3.6 on, by version: the running one, and what PATH and pyenv have."""
    found = {f"{sys.version_info[0]}.{sys.version_info[1]}": sys.executable}
    for path in _paths():
        version = _version(path)
        if version is not None:
            found.setdefault(version, path)
    return dict(sorted(found.items(), key=lambda item: _numbers(item[0])))


def _paths() -> Iterator[str]:
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(home.glob("versions/3.*/bin/python3")))
    for minor in range(OLDEST[1], 30):
        path = shutil.which(f"python3.{minor}")
        if path:
            yield path


def _version(path: str) -> str | None:
    """Return the version of an interpreter; None where it is too old, or a shim that starts none."""
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"Python (3\.\d+)", done.stdout)
    return match[1] if match and not done.returncode and _numbers(match[1]) >= OLDEST else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@cache
def with_pip() -> dict[str, str]:
    """Return those of the interpreters that have pip."""
    return {version: path for version, path in interpreters().items() if _has_pip(path)}


def _has_pip(path: str) -> bool:
    return not subprocess.run([path, "-m", "pip", "--version"], capture_output=True, check=False).returncode
