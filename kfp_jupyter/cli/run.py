"""``kfp-jupyter run``: a pipeline on this machine, followed in the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.cli.pipeline_file import pipeline_in
from kfp_jupyter.cli.report_errors import INTERRUPTED, say, say_notes
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.package import read_package
from kfp_jupyter.engines.base import Engine, RunRef, Workflow
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.naming import parameter_name
from kfp_jupyter.printable import one_line
from kfp_jupyter.redaction import redact_log
from kfp_jupyter.runs import NodeState, Phase, RunState
from kfp_jupyter.widget.style import elapsed, node_appearance, run_appearance
from kfp_jupyter.widget.text import duration

FAILED = 1
"""Exit code of a run that didn't succeed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", help="the Python file with the pipeline, or a compiled package")
    parser.add_argument(
        "-p", "--param", action="append", default=[], metavar="NAME=VALUE", help="a parameter's value; may be repeated"
    )
    parser.add_argument("--function", metavar="NAME", help="the pipeline's function, if the file has several pipelines")
    parser.add_argument("--name", help="name of the run")
    parser.add_argument("--experiment", metavar="NAME", help="the experiment that the run belongs to")
    parser.add_argument("--no-cache", action="store_true", help="run every step, even if the cache has its outputs")
    parser.add_argument("--parallelism", type=int, metavar="N", help="how many steps may run at the same time")


def run(options: argparse.Namespace) -> int:
    """Run a pipeline with the command's options and follow it to its end; Ctrl-C stops it.

    Raises:
        KfpJupyterError: Something in the file is wrong, or the run can't be started.
    """
    arguments = _arguments(options.param)
    engine = LocalEngine(cache=not options.no_cache, parallelism=options.parallelism)
    workflow = _workflow(options.file, options.function)
    ref = engine.submit(workflow, arguments=arguments, run_name=options.name, experiment=options.experiment)
    try:
        return follow(engine, ref)
    except KeyboardInterrupt:
        say(f"Stopping {ref.id}")
        engine.terminate(ref)
        return INTERRUPTED


def follow(engine: Engine, ref: RunRef) -> int:
    """Print a line for each change of a step, and the log of a step that failed; return the exit code.

    Args:
        engine: The engine of the run.
        ref: The run.
    """
    say(f"Run {ref.id}")
    stop = CancelToken()
    seen: dict[str, tuple[Phase, str]] = {}
    state: RunState | None = None
    for state in engine.watch(ref, stop):
        for node in _changed(state.nodes.values(), seen):
            say(_line(node))
            if node.phase.bad and node.is_step:
                _show_log(engine, ref, node, stop)
    if state is None:
        raise EngineError(f"The run {ref.id} has no state.")
    worked = duration(state.seconds(datetime.now(timezone.utc)))
    say(f"Run {ref.id} {run_appearance(state).word.lower()} after {worked}{_because(state.message)}")
    return 0 if state.phase is Phase.SUCCEEDED else FAILED


def _changed(nodes: Iterable[NodeState], seen: dict[str, tuple[Phase, str]]) -> Iterable[NodeState]:
    """Yield the steps whose status has changed; a waiting step only once its reason is known."""
    for node in nodes:
        if not node.is_step and node.phase not in (Phase.SKIPPED, Phase.OMITTED):
            continue
        now = (node.phase, node.message)
        if seen.get(node.id) != now:
            seen[node.id] = now
            if node.phase is not Phase.PENDING or node.message:
                yield node


def _line(node: NodeState) -> str:
    clock = (node.finished_at or node.started_at or datetime.now(timezone.utc)).astimezone()
    worked = elapsed(node, datetime.now(timezone.utc)) if node.phase.finished and not node.cached else ""
    word = node_appearance(node).word
    return f"{clock:%H:%M:%S}  {word:<9}  {node.path}{worked and f'  {worked}'}{_because(node.message)}"


def _because(message: str) -> str:
    return f": {one_line(message, 200)}" if message else ""


def _show_log(engine: Engine, ref: RunRef, node: NodeState, stop: CancelToken) -> None:
    text = "".join(chunk.text for chunk in engine.logs(ref, node.id, follow=False, stop=stop))
    for line in redact_log(text).splitlines():
        say(f"    | {line}")


def _workflow(file: str, function: str | None) -> Workflow:
    if not file.endswith(".py"):
        return read_package(file)
    with pipeline_in(file, function) as pipeline:
        compiled = Compiler().compiled(pipeline)
    say_notes(compiled.notes)
    return compiled.workflow


def _arguments(given: Iterable[str]) -> Mapping[str, str]:
    values = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError(f"--param {text!r} has no value.", remedy="Write it as NAME=VALUE.")
        values[parameter_name(name)] = value
    return values
