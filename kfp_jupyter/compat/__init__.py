"""Unmodified programs of KFP v1 run here: after `enable`, ``import kfp`` finds this package.

``python -m kfp_jupyter.compat script.py`` runs a script in this way.
"""

from __future__ import annotations

import importlib
import sys

from kfp_jupyter.compat import server_api
from kfp_jupyter.compat.finder import FACADE, KfpFinder, real_name
from kfp_jupyter.compat.module_map import GATHERED
from kfp_jupyter.errors import UsageError

__all__ = ["disable", "enable", "enabled"]


def enable() -> None:
    """Make ``import kfp`` and imports below it find this package, in this process and from now on.

    An installed kfp isn't changed, and is not imported. A second call does nothing.

    Raises:
        UsageError: The SDK kfp is already imported.
    """
    if enabled():
        return
    loaded = sorted(name for name in sys.modules if name.partition(".")[0] == "kfp")
    if loaded:
        module = sys.modules[loaded[0]]
        version = getattr(module, "__version__", "")
        place = getattr(module, "__file__", None)
        raise UsageError(
            f"The SDK {' '.join(filter(None, ('kfp', version)))} is already imported"
            f"{f' (from {place})' if place else ''}, so this package can't take its name.",
            remedy="Restart the kernel or the program, and call kfp_jupyter.compat.enable() before kfp is imported.",
        )
    sys.meta_path.insert(0, KfpFinder())
    importlib.invalidate_caches()


def enabled() -> bool:
    """Whether ``import kfp`` finds this package."""
    return any(isinstance(finder, KfpFinder) for finder in sys.meta_path)


def disable() -> None:
    """Undo `enable`; what has been imported from ``kfp`` stays usable. Nothing happens when it isn't enabled."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, KfpFinder)]
    for name in [name for name, module in sys.modules.items() if isinstance(module, server_api.StandIn)]:
        del sys.modules[name]
    if getattr(sys.modules.get("kfp"), "__file__", None) != str(FACADE):
        return
    for name in [name for name in sys.modules if name.partition(".")[0] == "kfp"]:
        parent, _, leaf = name.rpartition(".")
        own = real_name(parent) if parent else None
        # The import system has made it an attribute of our package, whose module by that name it may not be.
        if own in sys.modules and (name in GATHERED or real_name(name) != f"{own}.{leaf}"):
            vars(sys.modules[own]).pop(leaf, None)
        del sys.modules[name]
