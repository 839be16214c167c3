"""A view on an engine that does what the test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine
from tests.widget.views import PIPELINE, MakeView, OwnThreads


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def make_view(engine: MemoryEngine) -> Iterator[MakeView]:
    """A function that makes a view; all are closed at the end."""
    views: list[RunView] = []

    def make(compile_pipeline: Callable[[], Any] = lambda: PIPELINE, **more: Any) -> RunView:
        views.append(RunView(compile_pipeline, {"local": lambda: engine}, **more))
        return views[-1]

    yield make
    for view in views:
        view.close()


@pytest.fixture
def view(make_view: MakeView) -> RunView:
    return make_view()


@pytest.fixture
def own_threads() -> OwnThreads:
    """A function that names the package's threads that the test has started and that haven't ended."""
    earlier = set(threading.enumerate())

    def names() -> list[str]:
        started = set(threading.enumerate()) - earlier
        return [thread.name for thread in started if thread.name.startswith("kfp-jupyter")]

    return names
