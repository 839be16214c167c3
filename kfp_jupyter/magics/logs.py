"""``%kfp logs``: a step's log under the cell."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Sequence

from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.errors import UsageError
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import NodeState, RunState

USAGE = "logs RUN STEP [container=NAME] [follow=true]"

_SOME = 12
"""Names that a message lists at most."""

_REMEDY = f"Write %kfp {USAGE}."


def logs(session: Session, words: list[str]) -> None:
    """Print a step's log; with ``follow=true`` until the step is over or the kernel is interrupted.

    Args:
        session: The notebook's.
        words: What stands behind ``%kfp logs``.

    Raises:
        UsageError: The words can't be understood, or there is no such step.
        EngineError: The log can't be read, or there is no such run or container.
    """
    names = [word for word in words if "=" not in word]
    options = dict(word.removeprefix("--").split("=", 1) for word in words if "=" in word)
    container, follow = options.pop("container", "main"), options.pop("follow", "false")
    if len(names) != 2 or options or follow.lower() not in ("true", "false"):
        raise UsageError("%kfp logs takes the id of a run and the name of one of its steps.", remedy=_REMEDY)
    engine, follows = session.engine(), follow.lower() == "true"
    run = engine.get(names[0])
    step = awaited_step(engine, run, names[1], follow=follows)
    stop = threading.Event()
    try:
        for chunk in engine.logs(run, step.id, follow=follows, stop=stop, container=container):
            print(chunk.text, end="", flush=True)  # noqa: T201  (what a person asked for)
    finally:
        # An interrupt of the kernel ends up here too.
        stop.set()


def awaited_step(engine: Engine, run: RunRef, name: str, *, follow: bool) -> NodeState:
    """Return a step of a run as it is now; with `follow` one that isn't there yet is waited for.

    Raises:
        UsageError: There is no such step, or more than one.
    """
    stop = threading.Event()
    try:
        for state in engine.watch(run, stop):
            if not follow or state.phase.finished or _called(state, name):
                return find_step(state, name)
    finally:
        stop.set()
    raise UsageError(f"The run {run.id} has no step {name!r}.")


def find_step(state: RunState, name: str) -> NodeState:
    """Return the step of a run that is called so: by its task's name, its path within the run, or its id.

    Raises:
        UsageError: There is none, or more than one.
    """
    found = _called(state, name)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} steps of the run {state.id} are called {name!r}.",
            remedy=f"Give the path of one: {', '.join(node.path for node in found[:_SOME])}.",
        )
    raise UsageError(f"The run {state.id} has no step {name!r}.", remedy=_nearest(name, _steps(state)))


def _steps(state: RunState) -> list[NodeState]:
    return [node for node in state.nodes.values() if node.path]


def _called(state: RunState, name: str) -> list[NodeState]:
    for word in (_id, _path, _task):
        found = [node for node in _steps(state) if word(node) == name]
        if found:
            return found
    return []


def _nearest(name: str, nodes: Sequence[NodeState]) -> str:
    if not nodes:
        return "It has none yet."
    names = [word(node) for word in (_task, _path) for node in nodes]
    near = difflib.get_close_matches(name, names, 1, 0.5)
    if near:
        return f"Did you mean {near[0]!r}?"
    tasks = list(dict.fromkeys(map(_task, nodes)))
    return f"It has {', '.join(tasks[:_SOME])}{', …' * (len(tasks) > _SOME)}."


def _id(node: NodeState) -> str:
    return node.id


def _path(node: NodeState) -> str:
    return node.path


def _task(node: NodeState) -> str:
    return node.display_name
