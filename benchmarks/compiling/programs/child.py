"""The end of a measurement that happens in the contender's process; needs nothing but Python."""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def run(compile_into: Callable[[str, int, str, Path], None]) -> None:
    """Measure one compilation, as the command line says, and print the figures as a line of JSON.

    Args:
        compile_into: Compiles the pipeline of a shape and a number of tasks, in a form, into a file.
    """
    shape, count, form, file = sys.argv[1:]
    # Of user time alone the kernel has only a guess: none at all where a short process was never seen in its own code.
    before = time.process_time()
    compile_into(shape, int(count), form, Path(file))
    seconds = time.process_time() - before
    print("\n" + json.dumps({"seconds": seconds, "peak": _peak(), "written": Path(file).stat().st_size}))


def _peak() -> int:
    """Return the most memory that this process has had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux's ru_maxrss begins with what the starting process had; this begins with the program.
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
