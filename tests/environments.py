"""Virtual environments of other packages, made once and kept in the user's cache directory."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import platformdirs


def environment(name: str, *requirements: str) -> Path:
    """Return the Python of an environment that holds some requirements, made at first use.

    Args:
        name: The environment's name in the cache.
        *requirements: What pip installs into it.
    """
    home = Path(platformdirs.user_cache_dir("kfp-jupyter")) / "environments" / name
    python, ready = home / "bin" / "python", home / "ready"
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists() or ready.read_text() != repr(requirements):
            subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *requirements], check=True)
            ready.write_text(repr(requirements))
    return python
