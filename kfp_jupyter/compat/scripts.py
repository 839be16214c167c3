"""Runs a script or module as ``python`` would, with `enable` called before."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, TracebackType

from kfp_jupyter.compat import enable
from kfp_jupyter.errors import PACKAGE_DIR, UsageError

_LAUNCHING = (PACKAGE_DIR, "<frozen ", runpy.__file__, contextlib.__file__)


def read_script(path: str) -> bytes:
    """Return the text of a script.

    Raises:
        UsageError: It can't be read.
    """
    try:
        with io.open_code(str(Path(path).absolute())) as file:
            return file.read()
    except OSError as error:
        raise UsageError(f"The script {path!r} can't be read: {error.strerror}.") from None


def run_script(path: str, source: bytes, arguments: Sequence[str] = ()) -> None:
    """Run a script as ``__main__``.

    Args:
        path: Where it is.
        source: Its text.
        arguments: What follows the path in ``sys.argv``.
    """
    enable()
    start_tracebacks_at_the_author()
    sys.argv[:] = [path, *arguments]
    if not (getattr(sys.flags, "safe_path", False) or sys.flags.isolated):
        sys.path[0] = str(Path(os.path.realpath(path)).parent)
    main = ModuleType("__main__")
    main.__file__ = str(Path(path).absolute())
    vars(main)["__builtins__"] = builtins
    sys.modules["__main__"] = main
    exec(compile(source, main.__file__, "exec", dont_inherit=True), vars(main))  # noqa: S102  (it is what was asked for)


def run_module(name: str, arguments: Sequence[str] = ()) -> None:
    """Run a module as ``__main__``, as ``python -m`` does.

    Args:
        name: Its full name; of a package, ``__main__`` in it.
        arguments: What follows in ``sys.argv``.
    """
    enable()
    start_tracebacks_at_the_author()
    sys.argv[:] = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def start_tracebacks_at_the_author() -> None:
    """Make tracebacks begin at the author's code: the frames that launched it are left out."""
    shown = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        trace = of_the_author(trace)
        shown(kind, error.with_traceback(trace), trace)

    sys.excepthook = show


def of_the_author(trace: TracebackType | None) -> TracebackType | None:
    """Return what follows the first frames of this package; None when it is nothing."""
    start = trace
    while start is not None and not _file(start).startswith(PACKAGE_DIR):
        start = start.tb_next
    if start is None:
        return trace
    while start is not None and _file(start).startswith(_LAUNCHING):
        start = start.tb_next
    return start


def _file(trace: TracebackType) -> str:
    return trace.tb_frame.f_code.co_filename
