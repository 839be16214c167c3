"""The pipelines as kfp 2 has them. It reads annotations as they are, so they aren't postponed here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kfp import compiler, dsl  # type: ignore[import-not-found]  # it has an environment of its own

from benchmarks.compiling.programs import child


def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


def gather(values: str) -> int:
    """Count some numbers."""
    return len(values.split())


add_op, gather_op = map(dsl.component, (add, gather))


def chain(count: int) -> Callable[..., Any]:
    """Return a function in which each task takes the output of the one before."""

    def pipeline(x: float = 1.0) -> None:
        task = add_op(a=x, b=2.0)
        for _ in range(count - 1):
            task = add_op(a=task.output, b=2.0)

    return pipeline


def fan(count: int) -> Callable[..., Any]:
    """Return a function in which all tasks take the output of the first, and the last takes all of theirs."""

    def pipeline(x: float = 1.0) -> None:
        first = add_op(a=x, b=2.0)
        gather_op(values=" ".join(str(add_op(a=first.output, b=2.0).output) for _ in range(count - 2)))

    return pipeline


def compile_into(shape: str, count: int, form: str, file: Path) -> None:  # noqa: ARG001  (kfp 2 has one form)
    """Compile a pipeline into a file."""
    # dsl.pipeline calls the function, so it belongs to what is measured.
    pipeline = dsl.pipeline(name=shape)({"chain": chain, "fan": fan}[shape](count))
    compiler.Compiler().compile(pipeline, str(file))


child.run(compile_into)
