"""``%kfp logs``: a step's log under the cell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.errors import UsageError
from kfp_jupyter.magics.arguments import Option, flag, text, whole_number, with_options
from kfp_jupyter.magics.log_output import print_log, write_log
from kfp_jupyter.magics.session import Session
from kfp_jupyter.naming import closest
from kfp_jupyter.runs import NodeState, RunState
from kfp_jupyter.workflow.dialect import MAIN_CONTAINER

USAGE = "logs RUN STEP [container=NAME] [follow=true] [tail=LINES] [file=PATH]"

OPTIONS = (
    Option("container", text, MAIN_CONTAINER, "which of the step's containers"),
    Option("follow", flag, False, "whether to follow the log until the step ends"),
    Option("tail", whole_number, None, "how many of the last lines are printed"),
    Option("file", text, "", "file to write the whole log to, instead of printing its end"),
)

_SOME = 12
"""Names that a message lists at most."""

_REMEDY = f"Write %kfp {USAGE}."

_NOT_TYPED = re.compile(r"[{}$\x00-\x1f\x7f]")
"""What a line magic would take for a variable of the notebook, and what can't be typed in a line."""


def logs(session: Session, words: list[str]) -> None:
    """Print the end of a step's log, or write all of it to a file; with ``follow=true`` until the step is over.

    Args:
        session: The notebook's.
        words: What stands behind ``%kfp logs``.

    Raises:
        UsageError: The words can't be understood, there is no such step, or the file can't be written.
        EngineError: The log can't be read, or there is no such run or container.
    """
    try:
        names, given = with_options("%kfp logs", words, OPTIONS)
    except UsageError as error:
        raise UsageError(error.message, remedy=error.remedy or _REMEDY) from None
    if len(names) != 2 or (given["file"] and given["tail"]):
        raise UsageError(
            "%kfp logs takes the id of a run and the name of one of its steps, and at most one of tail= and file=.",
            remedy=_REMEDY,
        )
    engine, follow = session.engine(), bool(given["follow"])
    run = engine.get(names[0])
    step = awaited_step(engine, run, names[1], follow=follow)
    stop = CancelToken()
    try:
        chunks = engine.logs(run, step.id, follow=follow, stop=stop, container=given["container"])
        if given["file"]:
            write_log(chunks, given["file"])
        else:
            print_log(chunks, given["tail"], follow=follow)
    finally:
        # An interrupt of the kernel ends up here too.
        stop.set()


def awaited_step(engine: Engine, run: RunRef, name: str, *, follow: bool) -> NodeState:
    """Return a step of a run as it is now; with `follow` one that isn't there yet is waited for.

    Args:
        engine: Where the run is.
        run: The run.
        name: Name or path of the step.
        follow: Whether to wait until the step exists.

    Raises:
        UsageError: There is no such step, or more than one.
    """
    stop = CancelToken()
    try:
        for state in engine.watch(run, stop):
            if not follow or state.phase.finished or _called(state, name):
                return find_step(state, name)
    finally:
        stop.set()
    raise UsageError(f"The run {run.id} has no step {name!r}.")


def find_step(state: RunState, name: str) -> NodeState:
    """Return the step of a run that is called so: by its task's name, its path within the run, or its id.

    A run of one step and nothing around it has no task: its step goes by the run's name and by its template's.

    Args:
        state: State of the run.
        name: Name or path of the step.

    Raises:
        UsageError: There is none, or more than one.
    """
    found = _called(state, name)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} steps of the run {state.id} are called {name!r}.",
            remedy=f"Use the path of one: {', '.join(map(_typed, found[:_SOME]))}.",
        )
    raise UsageError(f"The run {state.id} has no step {name!r}.", remedy=_nearest(name, _steps(state)))


def typed_names(state: RunState) -> list[str]:
    """Return for each step of a run what is to be typed for it: its name, or its path where others have that name."""
    nodes = _steps(state)
    names = [_task(node) for node in nodes]
    return [
        shlex.quote(name) if names.count(name) == 1 and not _NOT_TYPED.search(name) else _typed(node)
        for name, node in zip(names, nodes, strict=True)
    ]


def _steps(state: RunState) -> list[NodeState]:
    return [node for node in state.nodes.values() if node.path or not node.is_group]


def _called(state: RunState, name: str) -> list[NodeState]:
    for word in (_id, _path, _task, _template_of_root):
        found = [node for node in _steps(state) if word(node) == name]
        if found:
            return found
    return []


def _nearest(name: str, nodes: Sequence[NodeState]) -> str:
    if not nodes:
        return "It has none yet."
    names = {word(node): node for word in (_path, _task) for node in nodes if word(node)}
    near = closest(name, names)
    tasks = list(dict.fromkeys(map(_task, nodes)))
    listed = f"It has {', '.join(tasks[:_SOME])}{', …' * (len(tasks) > _SOME)}."
    return f"Did you mean {_quoted(near, names[near])}? {listed}" if near else listed


def _typed(node: NodeState) -> str:
    """Return what is to be typed for a step: its path, or its id where a line magic would read the path otherwise."""
    name = node.path or node.display_name
    return node.id if _NOT_TYPED.search(name) else shlex.quote(name)


def _quoted(name: str, node: NodeState) -> str:
    if _NOT_TYPED.search(name):
        return node.id
    return repr(name) if shlex.quote(name) == name else shlex.quote(name)


def _id(node: NodeState) -> str:
    return node.id


def _path(node: NodeState) -> str:
    return node.path


def _task(node: NodeState) -> str:
    return node.display_name


def _template_of_root(node: NodeState) -> str:
    return node.template if not node.path else ""
