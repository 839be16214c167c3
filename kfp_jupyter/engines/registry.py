"""Engines by name."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.base import Engine
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.errors import UsageError

ENGINES: Mapping[str, Callable[..., Engine]] = {"local": LocalEngine, "argo": ArgoEngine}
"""Name of each engine, and what makes one."""


def get_engine(name: str, **options: Any) -> Engine:
    """Return an engine.

    Args:
        name: What it is called, ``local`` for instance.
        **options: What the engine's class takes.

    Raises:
        UsageError: There is no engine of that name, or it takes no such option.
    """
    make = ENGINES.get(name)
    if make is None:
        nearest = difflib.get_close_matches(name, ENGINES, 1, 0)[0]
        raise UsageError(f"There is no engine {name!r}.", remedy=f"Did you mean {nearest!r}?")
    known = list(inspect.signature(make).parameters)
    for option in options:
        if option not in known:
            raise UsageError(f"The engine {name!r} has no option {option!r}.", remedy=f"It has {', '.join(known)}.")
    return make(**options)
