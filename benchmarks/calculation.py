"""The classic tutorial's pipeline (add, divmod, add) on the local engine, beside kfp 2's local runner."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks import peers
from benchmarks.timing import Row, median, wall
from kfp_jupyter import components, dsl
from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.engines.local.engine import LocalEngine


def add(a: float, b: float) -> float:
    """Add."""
    return a + b


class Divided(NamedTuple):
    """What `my_divmod` returns."""

    quotient: float
    remainder: float


def my_divmod(a: float, b: float) -> Divided:
    """Divide."""
    return divmod(a, b)  # type: ignore[return-value]


add_op, divmod_op = map(components.create_component_from_func, (add, my_divmod))


@dsl.pipeline(name="calculation")
def pipeline(a: float = 7, b: float = 8, c: float = 17) -> None:
    """Add, divide, add."""
    divided = divmod_op(add_op(a, 4).output, b)
    add_op(divided.outputs["quotient"], c)


def rows() -> list[Row]:
    """Measure; return the rows."""
    with tempfile.TemporaryDirectory() as folder:
        engine = LocalEngine(Path(folder), cache=False)
        workflow = Compiler().workflow(pipeline)
        steps: list[float] = []

        def run() -> None:
            *_, state = engine.watch(engine.submit(workflow), CancelToken())
            steps.extend(step.seconds(step.finished_at) or 0 for step in state.steps if step.finished_at)

        whole = median(lambda: wall(run))
        step = statistics.median(steps)
    # The interpreter itself before any shim of a version manager, as the engine has it.
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    bare = median(lambda: wall(lambda: subprocess.run(_bare_command(), check=True, env=env)))
    kfp2 = _kfp2_seconds()
    return [
        Row("one step on the local engine", f"{step * 1000:.0f} ms", f"≤ 1.5 × {bare * 1000:.0f} ms (started bare)"),
        Row("three-step calculation, submit to end", f"{whole:.2f} s", "≤ 1 s"),
        Row(f"the same with kfp {peers.KFP2}, kfp.local without venvs", f"{kfp2:.2f} s"),
    ]


def _bare_command() -> list[str]:
    """Return the command of the first step, as its container would be started."""
    template = next(t for t in Compiler().workflow(pipeline)["spec"]["templates"] if t["name"] == "add")
    container = template["container"]
    values = {"{{inputs.parameters.a}}": "7", "/tmp/outputs/Output/data": tempfile.mkdtemp() + "/data"}
    return [values.get(word, word) for word in (*container["command"], *container["args"])]


_KFP2 = """
import logging, sys, time
from typing import NamedTuple
from kfp import dsl, local

@dsl.component
def add(a: float, b: float) -> float:
    return a + b

@dsl.component
def my_divmod(a: float, b: float) -> NamedTuple("Outputs", quotient=float, remainder=float):
    return divmod(a, b)

@dsl.pipeline
def pipeline(a: float = 7.0, b: float = 8.0, c: float = 17.0):
    divided = my_divmod(a=add(a=a, b=4.0).output, b=b)
    add(a=divided.outputs["quotient"], b=c)

local.init(runner=local.SubprocessRunner(use_venv=False), raise_on_error=True)
logging.disable(logging.CRITICAL)
times = []
for _ in range(4):
    start = time.perf_counter()
    pipeline()
    times.append(time.perf_counter() - start)
print("SECONDS", sorted(times[1:])[1])
"""


def _kfp2_seconds() -> float:
    python = peers.kfp2()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "pipeline.py"
        script.write_text(_KFP2)
        done = subprocess.run([python, script], cwd=folder, check=True, capture_output=True, text=True)
    return float(done.stdout.split("SECONDS")[1])
