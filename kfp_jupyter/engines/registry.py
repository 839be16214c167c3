"""Engines by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.base import Capability, Engine
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.engines.options import OptionType
from kfp_jupyter.errors import UsageError
from kfp_jupyter.naming import closest

ENGINES: dict[str, type[Engine]] = {engine.name: engine for engine in (LocalEngine, ArgoEngine)}
"""Name of each engine and its class; a further engine is one more entry."""


def engines_that_can(capability: Capability) -> list[str]:
    """Return the names of the engines that declare a capability."""
    return [name for name, engine in ENGINES.items() if capability in engine.capabilities]


def options_of(name: str) -> dict[str, tuple[str, ...]]:
    """Return the options of an engine, each with the values that it may have where these are few.

    Args:
        name: What the engine is called; an unknown one has none.
    """
    options = ENGINES[name].options if name in ENGINES else ()
    return {option.name: ("true", "false") if option.type is OptionType.FLAG else () for option in options}


def get_engine(name: str, **options: Any) -> Engine:
    """Return an engine.

    Args:
        name: What it is called, ``local`` for instance.
        **options: What the engine's class takes.

    Raises:
        UsageError: There is no engine of that name, or it takes no such option.
    """
    engine = _class(name)
    known = [option.name for option in engine.options]
    for option in options:
        _check_option(name, option, known)
    return engine(**options)


def read_options(name: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Return an engine's options as its class takes them, each read by its own type.

    Args:
        name: What the engine is called.
        words: Option to what was typed for it.

    Raises:
        UsageError: There is no engine of that name, it takes no such option, or the text isn't of the option's type.
    """
    known = {option.name: option for option in _class(name).options}
    for option in words:
        _check_option(name, option, list(known))
    return {option: known[option].read(name, text) for option, text in words.items()}


def _class(name: str) -> type[Engine]:
    if name not in ENGINES:
        nearest = closest(name, ENGINES)
        remedy = f"Did you mean {nearest!r}?" if nearest else f"There are {', '.join(ENGINES)}."
        raise UsageError(f"There is no engine {name!r}.", remedy=remedy)
    return ENGINES[name]


def _check_option(name: str, option: str, known: Sequence[str]) -> None:
    if option not in known:
        nearest = closest(option, known)
        remedy = f"Did you mean {nearest}=?" if nearest else f"It has {', '.join(known)}."
        raise UsageError(f"The engine {name!r} has no option {option!r}.", remedy=remedy)
