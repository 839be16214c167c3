"""kfp 1.8.24 itself, in an environment of its own: asked when golden files are written anew."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.environments import environment

KFP = "1.8.24"


def compile_with_kfp(source: Path, target: Path) -> None:
    """Let kfp compile the function ``pipeline`` of a file that is written for this package.

    Args:
        source: The file; its ``kfp_jupyter`` becomes ``kfp``, as a reader of a tutorial would change it back.
        target: Where the Workflow goes.
    """
    # kfp 1.8 imports pkg_resources, which newer setuptools no longer have.
    python = environment(f"kfp-{KFP}", f"kfp=={KFP}", "setuptools<70")
    program = source.read_text().replace("kfp_jupyter", "kfp")
    with_kfp = target.with_suffix(".kfp.py")
    with_kfp.write_text(f"{program}\nimport kfp\nkfp.compiler.Compiler().compile(pipeline, {str(target)!r})\n")
    try:
        done = subprocess.run([python, "-W", "ignore", with_kfp], capture_output=True, text=True, check=False)
    finally:
        with_kfp.unlink()
    if done.returncode:
        raise RuntimeError(f"kfp {KFP} could not compile {source.name}:\n{done.stderr[-3000:]}")
