"""Kubeflow Pipelines, all of it, in a notebook.

``%load_ext kfp_jupyter`` brings the magics; ``import kfp_jupyter as kfp`` brings KFP v1's ``dsl``,
``components`` and ``compiler``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kfp_jupyter import compiler, components, dsl
from kfp_jupyter._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["__version__", "compiler", "components", "dsl", "load_ipython_extension"]

_AT_FIRST_USE = frozenset({"aws", "azure", "compat", "containers", "gcp", "notebook", "onprem"})
"""Modules that ``kfp_jupyter.NAME`` finds without an import; few need them, and some cost time."""


def __getattr__(name: str) -> Any:
    if name in _AT_FIRST_USE:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_AT_FIRST_USE})


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics: what ``%load_ext kfp_jupyter`` calls.

    Args:
        shell: The shell of the notebook.
    """
    # The compiler is used in scripts too, where IPython and widgets would only cost time.
    from kfp_jupyter.magics import register  # noqa: PLC0415  (lazy, see above)

    register(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "kfp-jupyter"}]
