"""Runs whose steps wait or fail, each for another reason, side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.runs import RunState
from tests.engines.workflows import Template, Workflow, python_step, workflow

SECONDS = 120
"""Before a test gives up."""


def step(name: str, program: str = "pass", **container: Any) -> Template:
    """A template that runs Python text in a container that has something special."""
    made = python_step(name, program)
    made["container"].update(container)
    return made


def mounting(name: str, **volume: Any) -> Template:
    """A template that mounts a volume."""
    made = step(name, volumeMounts=[{"name": "v", "mountPath": "/v"}])
    return made | {"volumes": [{"name": "v", **volume}]}


def from_secret(name: str, secret: str, key: str = "key") -> Template:
    """A template that takes a variable from a secret."""
    return step(name, env=[{"name": "X", "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}])


def all_at_once(*steps: Template, **spec: Any) -> Workflow:
    """A Workflow of steps that don't end each other."""
    made = workflow(*steps)
    made["spec"]["templates"][0]["dag"]["failFast"] = False
    made["spec"].update(spec)
    return made


def told(engine: ArgoEngine, run: RunRef, expected: Mapping[str, str]) -> dict[str, str]:
    """Watch until each step tells what it is expected to; return how the reasons begin, as long as expected.

    Args:
        engine: Where the run is.
        run: The run.
        expected: Path of a step to how its reason begins.
    """
    found: dict[str, str] = {}
    for state in states(engine, run):
        found = beginnings(state, expected)
        if found == expected:
            break
    return found


def states(engine: ArgoEngine, run: RunRef) -> Iterator[RunState]:
    """Yield the states of a run, for a bounded time."""
    stop = CancelToken()
    timer = threading.Timer(SECONDS, stop.set)
    timer.start()
    try:
        yield from engine.watch(run, stop)
    finally:
        timer.cancel()


def last_state(engine: ArgoEngine, run: RunRef) -> RunState:
    """Wait for the end of a run."""
    last = list(states(engine, run))[-1]
    assert last.phase.finished, last
    return last


def beginnings(state: RunState, expected: Mapping[str, str]) -> dict[str, str]:
    """Return how the reasons of some steps begin."""
    nodes = state.by_path()
    return {path: nodes[path].reason[: len(text)] if path in nodes else "no node" for path, text in expected.items()}
