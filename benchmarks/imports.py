"""What an import and ``%load_ext`` cost."""

from __future__ import annotations

import sys

from benchmarks.timing import Row, median, user_seconds

_LOAD_EXT = """
import time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = time.process_time()
shell.run_line_magic("load_ext", "kfp_jupyter")
print(time.process_time() - before)
"""


def rows() -> list[Row]:
    """Measure; return the rows."""
    bare = median(lambda: user_seconds([sys.executable, "-c", "pass"]))
    ours = median(lambda: user_seconds([sys.executable, "-c", "import kfp_jupyter"]))
    shell = median(lambda: user_seconds([sys.executable, "-c", _LOAD_EXT.replace('"kfp_jupyter"', '"autoreload"')]))
    loaded = median(lambda: user_seconds([sys.executable, "-c", _LOAD_EXT]))
    return [
        Row("import kfp_jupyter, user", f"{ours - bare:.3f} s", "≤ 0.10 s"),
        Row("%load_ext kfp_jupyter, user", f"{loaded - shell:.3f} s", "≤ 0.30 s"),
    ]
