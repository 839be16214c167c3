"""What ``%load_ext`` costs; `benchmarks.compiling` has the import alone."""

from __future__ import annotations

import sys

from benchmarks.timing import Row, cpu_seconds, median

_LOAD_EXT = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "kfp_jupyter")
"""


def rows() -> list[Row]:
    """Measure; return the rows."""
    shell = median(lambda: cpu_seconds([sys.executable, "-c", _LOAD_EXT.replace('"kfp_jupyter"', '"autoreload"')]))
    loaded = median(lambda: cpu_seconds([sys.executable, "-c", _LOAD_EXT]))
    return [Row("%load_ext kfp_jupyter, CPU", f"{loaded - shell:.3f} s", "≤ 0.30 s")]
