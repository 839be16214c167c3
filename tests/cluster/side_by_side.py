"""Many runs on the cluster at once, for tests that each look at one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest

from tests.cluster.locks import turn
from tests.cluster.places import HOME

AT_ONCE = 10
"""Runs under way: more wait for each other's pods on two cores, and deadlines of a second pass meanwhile."""

Key = TypeVar("Key")
Result = TypeVar("Result")


def side_by_side(call: Callable[[Key], Result], keys: Iterable[Key]) -> dict[Key, Future[Result]]:
    """Call a function with each key, several at once, and wait for all; each test takes its result, or its error.

    No test that wants the whole cluster runs meanwhile.

    Args:
        call: Makes a run and waits for its end.
        keys: What it is called with.
    """
    with turn(HOME, exclusive=False), ThreadPoolExecutor(AT_ONCE) as pool:
        return {key: pool.submit(call, key) for key in keys}


def parameters(session: pytest.Session, test: str, name: str) -> list[object]:
    """Return what a parametrized test of this session is called with, as far as it was chosen to run.

    Args:
        session: The session.
        test: The test's name.
        name: The parameter's.
    """
    chosen = [item for item in session.items if isinstance(item, pytest.Function) and item.originalname == test]
    return [item.callspec.params[name] for item in chosen]
