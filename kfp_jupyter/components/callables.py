"""Callables and the functions behind them: partials, bound methods, callable objects, decorated functions."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any


def plain_function(thing: Callable[..., Any]) -> types.FunctionType | None:
    """Return the function that an author wrote with def or lambda and that a call ends in; None if there is none.

    Args:
        thing: A function, decorated or not, a partial, a method, a callable object or a class.
    """
    seen: set[int] = set()
    inner: Any = thing
    while inner is not None and id(inner) not in seen:
        seen.add(id(inner))
        inner = inspect.unwrap(inner)
        if isinstance(inner, types.FunctionType):
            return inner
        inner = _inside(inner)
    return None


def called(thing: Callable[..., Any]) -> str:
    """Return the name of what is called; a partial has that of its function, a callable object that of its class."""
    name = getattr(thing, "__name__", None)
    if isinstance(name, str):
        return name
    return called(thing.func) if isinstance(thing, functools.partial) else type(thing).__name__


def _inside(thing: Any) -> Any:
    if isinstance(thing, functools.partial):
        return thing.func
    if isinstance(thing, (types.MethodType, staticmethod, classmethod)):
        return thing.__func__
    return inspect.getattr_static(thing, "__init__") if isinstance(thing, type) else method_of_call(thing)


def method_of_call(thing: object) -> types.FunctionType | None:
    """Return the function that calling an object runs; None if it was not made by def or lambda."""
    method = inspect.getattr_static(type(thing), "__call__", None)
    return method if isinstance(method, types.FunctionType) else None
