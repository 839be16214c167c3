"""Virtual environments of other packages, made once and kept in the user's cache directory."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
from pathlib import Path

import platformdirs
from packaging.requirements import Requirement

LOCKS = Path(__file__).parent.parent / "locks"
"""What is installed: exact versions with their hashes. `make lock` renews them."""

_PIP = (
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
    "--no-build-isolation",
)


def environment(name: str) -> Path:
    """Return the Python of an environment that holds what a lock file lists, made at first use.

    Args:
        name: The lock file's name, without its ending.
    """
    home = Path(platformdirs.user_cache_dir("kfp-jupyter")) / "environments" / name
    python, ready = home / "bin" / "python", home / "ready"
    # Of what is published as source alone, the wheel is built with locked versions too: they must be there before.
    files = [LOCKS / "sdists.txt", lock_file(name)]
    holds = "\n".join([sys.version, *(file.read_text() for file in files)])
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists() or ready.read_text() != holds:
            subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
            for file in files:
                subprocess.run([python, *_PIP, "--requirement", file], check=True)
            ready.write_text(holds)
    return python


def lock_file(name: str) -> Path:
    """Return a lock file.

    Args:
        name: Its name, without its ending.
    """
    return LOCKS / f"{name}.txt"


def locked_version(name: str, package: str) -> str:
    """Return the version of a package that a lock file lists.

    Args:
        name: The lock file's name, without its ending.
        package: The package.

    Raises:
        LookupError: It lists none.
    """
    found = re.search(rf"^{re.escape(package)}(?:\[.*\])?==(\S+)", lock_file(name).read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"{lock_file(name)} lists no {package}.")
    return found[1]


def asked_for(name: str) -> list[Requirement]:
    """Return what a lock file was made for, without what that needs.

    Args:
        name: The lock file's name, without its ending.
    """
    lines = (LOCKS / f"{name}.in").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]
