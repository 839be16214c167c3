"""The pipelines as KFP v1 has them: the same text for kfp 1.8 and for ours."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.compiling.programs import child

FORM = sys.argv[3]
PACKAGE = "kfp" if FORM == "kfp" else "kfp_jupyter"
compiler, components, dsl = (importlib.import_module(f"{PACKAGE}.{name}") for name in ("compiler", "components", "dsl"))


def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


def gather(values: str) -> int:
    """Count some numbers."""
    return len(values.split())


add_op, gather_op = map(components.create_component_from_func, (add, gather))


def chain(count: int) -> Callable[..., Any]:
    """Return a pipeline in which each task takes the output of the one before."""

    def pipeline(x: float = 1) -> None:
        task = add_op(x, 2)
        for _ in range(count - 1):
            task = add_op(task.output, 2)

    return dsl.pipeline(name="chain")(pipeline)  # type: ignore[no-any-return]  # the module is found at run time


def fan(count: int) -> Callable[..., Any]:
    """Return a pipeline in which all tasks take the output of the first, and the last takes all of theirs."""

    def pipeline(x: float = 1) -> None:
        first = add_op(x, 2)
        gather_op(" ".join(str(add_op(first.output, 2).output) for _ in range(count - 2)))

    return dsl.pipeline(name="fan")(pipeline)  # type: ignore[no-any-return]  # the module is found at run time


def compile_into(shape: str, count: int, form: str, file: Path) -> None:
    """Compile a pipeline into a file."""
    pipeline = {"chain": chain, "fan": fan}[shape](count)
    options = {"compact": True} if form == "compact" else {}
    compiler.Compiler(**options).compile(pipeline, str(file))


child.run(compile_into)
