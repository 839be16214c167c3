"""A Python that drops docstrings (``python -OO``, or PYTHONOPTIMIZE=2 in the kernel's environment)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from IPython.core.interactiveshell import InteractiveShell
from kfp_jupyter.magics.session import Session

shell = InteractiveShell.instance()
CELLS = (
    "%load_ext kfp_jupyter",
    "%%component\\ndef add(a: float) -> float:\\n    'Adds.'\\n    return a + 1",
    "%%component name=Script outputs='x: int'\\n'''Makes one.'''\\nx = 1",
    "%%component name=Shell lang=sh\\necho 1",
    "%%pipeline\\ndef p(a: float = 1):\\n    'Adds twice.'\\n    add(add(a).output)\\n    script()\\n    shell()",
    "%kfp submit p",
    "%%component?",
    "%kfp help",
    "import kfp_jupyter; kfp_jupyter.compat.enable(); import kfp",
)
for cell in CELLS:
    result = shell.run_cell(cell, store_history=True)
    assert result.success, cell
print("ended:", Session.of(shell).pipelines["p"].view.wait(120).phase.value)
"""


@pytest.mark.parametrize("flags", [["-OO"], ["-O"]])
def test_the_extension_loads_and_a_pipeline_runs(tmp_path: Path, flags: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *flags, "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "PYTHONOPTIMIZE": str(len(flags[0]) - 1), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert "ended: Succeeded" in done.stdout, done.stdout + done.stderr
    assert "packages=" in done.stdout
    assert "%kfp submit PIPELINE" in done.stdout
    assert "Error" not in done.stdout + done.stderr
