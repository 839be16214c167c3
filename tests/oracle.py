"""kfp 1.8.24 itself, in an environment of its own: asked when golden files are written anew."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import platformdirs

KFP = "1.8.24"
_HOME = Path(platformdirs.user_cache_dir("kfp-jupyter")) / "oracle"


def compile_with_kfp(source: Path, target: Path) -> None:
    """Let kfp compile the function ``pipeline`` of a file that is written for this package.

    Args:
        source: The file; its ``kfp_jupyter`` becomes ``kfp``, as a reader of a tutorial would change it back.
        target: Where the Workflow goes.
    """
    python = _environment()
    program = source.read_text().replace("kfp_jupyter", "kfp")
    with_kfp = target.with_suffix(".kfp.py")
    with_kfp.write_text(f"{program}\nimport kfp\nkfp.compiler.Compiler().compile(pipeline, {str(target)!r})\n")
    try:
        done = subprocess.run([python, "-W", "ignore", with_kfp], capture_output=True, text=True, check=False)
    finally:
        with_kfp.unlink()
    if done.returncode:
        raise RuntimeError(f"kfp {KFP} could not compile {source.name}:\n{done.stderr[-3000:]}")


def _environment() -> Path:
    """Return the Python of an environment with kfp, made at first use."""
    python = _HOME / "bin" / "python"
    _HOME.parent.mkdir(parents=True, exist_ok=True)
    with _HOME.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (_HOME / "ready").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", _HOME], check=True)
            # kfp 1.8 imports pkg_resources, which newer setuptools no longer have.
            subprocess.run([python, "-m", "pip", "install", "-q", f"kfp=={KFP}", "setuptools<70"], check=True)
            (_HOME / "ready").touch()
    return python
