"""The errors of names that KFP v1 doesn't have, or that aren't available yet.

They are errors of this package and also Python's own for a missing name, so that ``except ImportError`` and
``hasattr`` work.
"""

from __future__ import annotations

from kfp_jupyter.compat.module_map import OF_V2
from kfp_jupyter.errors import UsageError, author_position


class MissingModuleError(UsageError, ModuleNotFoundError):
    """A module that can't be imported from ``kfp``."""


class MissingAttributeError(UsageError, AttributeError):
    """A name that ``kfp`` doesn't have."""


def missing_module(name: str) -> MissingModuleError | None:
    """Return the error of an unsupported module; None for any other.

    Args:
        name: Its full name, perhaps below a module that is refused.
    """
    refused = OF_V2.get(".".join(name.split(".")[:2]))
    return MissingModuleError(refused[0], remedy=refused[1], position=author_position()) if refused else None
