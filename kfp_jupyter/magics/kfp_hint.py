"""A note below a cell that failed because the SDK ``kfp`` isn't there, or isn't KFP v1's."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from IPython.display import display

from kfp_jupyter.dsl.notes import Note
from kfp_jupyter.errors import PACKAGE_DIR, KfpJupyterError
from kfp_jupyter.widget.notes import notes_bundle

_ENABLE = "`import kfp_jupyter; kfp_jupyter.compat.enable()`"


def show(result: Any) -> None:
    """Show the note if a cell needs it; IPython's ``post_run_cell`` event.

    Args:
        result: IPython's ``ExecutionResult``.
    """
    error = result.error_in_exec
    if isinstance(error, KfpJupyterError):
        error = error.__cause__
    if not isinstance(error, KfpJupyterError) and _about_kfp(error) and not _is_ours(sys.modules.get("kfp")):
        display(notes_bundle([Note(_hint(), None)]), raw=True)


def _about_kfp(error: BaseException | None) -> bool:
    """Whether a module or a name of ``kfp`` is what an error misses."""
    if isinstance(error, ImportError):
        name = error.name
    elif isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        name = error.obj.__name__
    else:
        return False
    return (name or "").partition(".")[0] == "kfp"


def _is_ours(kfp: ModuleType | None) -> bool:
    return str(getattr(kfp, "__file__", None)).startswith(PACKAGE_DIR)


def _hint() -> str:
    installed = sys.modules.get("kfp")
    if installed is None:
        return f"Code for KFP v1 runs here without the SDK kfp: run {_ENABLE} in a cell, then this one again."
    version = getattr(installed, "__version__", "")
    return (
        f"The SDK {f'kfp {version}'.strip()} is imported. To run code for KFP v1 with this package instead, "
        f"restart the kernel and run {_ENABLE} before kfp is imported."
    )
